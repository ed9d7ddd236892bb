"""Numbers: what is rounded in SQL, or not at all, comes out as the reference rounds it."""

import math
from random import Random

import pytest

from screening.interpreters.sql import decide_all
from screening.interpreters.sql.circuit import Circuit
from screening.interpreters.sql.comparisons import rounded, threshold
from screening.interpreters.sql.layers import Layers
from screening.interpreters.sql.quantities import Quantity
from screening.interpreters.sql.running import connect
from tests.spec.document import ruleset
from tests.sql_results import expected, found


def halfway() -> list[float]:
    """Numbers that lie, or nearly lie, half way between two that have 6 decimals."""
    random = Random(5)
    ties = [random.randrange(-(10**9), 10**9) * 2 + 1 for _ in range(3_000)]
    exact = [place / 128 for place in range(-301, 301, 2)]
    near = [tie / 2e6 for tie in ties]
    return [*exact, *near, *(math.nextafter(number, math.inf) for number in near), *(number / 7 for number in near)]


def test_rounding_in_sql_is_the_reference_s_rounding():
    circuit = Circuit()
    number = Quantity(circuit.TRUE, circuit.FALSE, circuit.column("x"), largest=1e15)
    gate = rounded(circuit, number)
    layers = Layers(circuit, [gate, circuit.column("x")])
    numbers = [*halfway(), 0.0, -0.0, 1e15, -1e15, 1e-300, 0.1 + 0.2]
    with connect() as connection:
        connection.execute('CREATE TABLE "numbers" AS SELECT UNNEST(?::DOUBLE[]) AS "x"', [numbers])
        text = layers.sql('"numbers"', f'SELECT "x", {layers.written(gate)} FROM {{source}}')
        for number, millionths in connection.execute(text).fetchall():
            assert millionths / 1e6 == round(number, 6), number


@pytest.mark.parametrize("number", [0.0, 35.0, 0.3, 0.333333, 0.3333333, -0.5, 1e-6, 1e-7, 120.0, 1e9, 1e15, -1e15])
@pytest.mark.parametrize("sign", [">=", ">"])
def test_a_threshold_is_the_smallest_double_that_rounds_so(number, sign):
    def holds(value: float) -> bool:
        value, wanted = round(value, 6), round(number, 6)
        return value >= wanted if sign == ">=" else value > wanted

    found = threshold(number, sign)
    assert holds(found)
    assert not holds(math.nextafter(found, -math.inf))


BMI = ruleset("""
definitions:
- {id: bmi, title: t, is: weight_kg / ((height_cm / 100) * (height_cm / 100))}
rules:
- {id: FROM, title: t, when: bmi >= 35}
- {id: ABOVE, title: t, when: bmi > 35}
- {id: SAME, title: t, when: 'bmi in { 35 }'}
- {id: BESIDE, title: t, when: bmi >= age}
""")


def test_a_bmi_at_the_edge():
    weights = [
        round(35 * height * height / 10_000 + change, 1) for height in range(140, 210) for change in (-0.1, 0, 0.1)
    ]
    cases = [
        {"weight_kg": weight, "height_cm": height, "age": 35}
        for height, weight in zip((height for height in range(140, 210) for _ in range(3)), weights, strict=True)
    ]
    made, rows = decide_all(BMI, cases)
    for case, row in zip(cases, rows, strict=True):
        assert found(made, row) == expected(BMI, case), case
    assert len({tuple(found(made, row)["verdicts"].values()) for row in rows}) == 3


HARD = ruleset("""
rules:
- {id: QUOTIENT, title: t, when: 1 / (pain - 0.1 - 0.2) > 100}
- {id: QUOTIENTS, title: t, when: free / balance > balance / free}
- {id: HALF_WAY, title: t, when: free / 2 = balance / 4}
- {id: LARGE, title: t, when: free * free * free * free * free * free * free * free * free * free > balance}
- {id: ZERO, title: t, when: (free / 0) is null and not (free * 0 = 1) and 1 / 2 = 0.5}
- {id: COALESCED, title: t, when: 'Coalesce(c_pain, free / balance, 3) = Coalesce(age, c_age, 3)'}
""")


def test_numbers_that_are_hard_to_reckon_with():
    numbers = [0, -0.0, 0.3, 1, 1.000001, 2.000001, 3, 1e15, -1e15, 0.000001, "dont_know"]
    cases = [
        {"pain": 0.3, "free": free, "balance": balance, "age": 1}
        for free in numbers
        for balance in (0, 1, 4, -2.5, None)
    ]
    made, rows = decide_all(HARD, cases)
    for case, row in zip(cases, rows, strict=True):
        assert found(made, row) == expected(HARD, case), case
