"""Comparisons of numbers, as if both were rounded to 6 decimals (language.md section 4).

Against a fixed number nothing is rounded in SQL: the smallest double that rounds to it is found beforehand, with the
reference's own rounding. Decimals as they are stored are compared as whole numbers.
"""

import math
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from screening.interpreters.sql.circuit import Circuit, Gate
from screening.interpreters.sql.quantities import Quantity, both, double, literal
from screening.interpreters.sql.rails import Rails
from screening.rules import operations
from screening.rules.truth import TRUE

_MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "!=": "!="}


def comparison(circuit: Circuit, left: Quantity, sign: str, right: Quantity) -> Rails:
    """A test of two quantities."""
    known, unknown = both(circuit, left, right)
    true = circuit.all_of([known, _holds(circuit, left, sign, right)])
    return Rails(true, circuit.any_of([true, unknown]))


def _holds(circuit: Circuit, left: Quantity, sign: str, right: Quantity) -> Gate:
    if left.fixed is not None and right.fixed is not None:
        return circuit.TRUE if _compare(left.fixed, sign, right.fixed) else circuit.FALSE
    if left.fixed is not None:
        return _beyond(circuit, right, _MIRRORED[sign], left.fixed)
    if right.fixed is not None:
        return _beyond(circuit, left, sign, right.fixed)
    sign = "<>" if sign == "!=" else sign
    if left.scale is not None and left.scale == right.scale:
        return circuit.gate(f"{{}} {sign} {{}}", left.value, right.value)
    form = rounded if not (left.decimal and right.decimal) else _as_it_is
    return circuit.gate(f"{{}} {sign} {{}}", form(circuit, left), form(circuit, right))


def _as_it_is(circuit: Circuit, quantity: Quantity) -> Gate:
    return double(circuit, quantity).value


def _compare(left: float, sign: str, right: float) -> bool:
    test = operations.number_test("left", sign, "right")
    return test({"left": left, "right": right}) is TRUE


def _beyond(circuit: Circuit, quantity: Quantity, sign: str, number: float) -> Gate:
    """A quantity against a fixed number."""
    if sign in ("!=", "<", "<="):
        opposite = {"!=": "=", "<": ">=", "<=": ">"}[sign]
        return circuit.negated(_beyond(circuit, quantity, opposite, number))
    if quantity.scale is not None:
        return _beyond_whole(circuit, quantity.value, sign, Decimal(repr(round(number, 6))).scaleb(quantity.scale))
    at_least, beyond = threshold(number, ">="), threshold(number, ">")
    from_there = circuit.gate(f"{{}} >= {literal(at_least)}", quantity.value)
    above = circuit.gate(f"{{}} >= {literal(beyond)}", quantity.value)
    return {">=": from_there, ">": above, "=": circuit.all_of([from_there, circuit.negated(above)])}[sign]


def _beyond_whole(circuit: Circuit, value: Gate, sign: str, number: Decimal) -> Gate:
    up, down = (int(number.to_integral_value(way)) for way in (ROUND_CEILING, ROUND_FLOOR))
    if sign == "=":
        return circuit.gate(f"{{}} = {up}", value) if up == down else circuit.FALSE
    return circuit.gate(f"{{}} >= {up}" if sign == ">=" else f"{{}} > {down}", value)


def threshold(number: float, sign: str) -> float:
    """The smallest double that, rounded, is at least (`>=`) or above (`>`) the number."""
    # a step or two from here, which is why the number is rounded first
    smallest = round(number, operations.PLACES) + (-5e-7 if sign == ">=" else 5e-7)
    while not _compare(smallest, sign, number):
        smallest = math.nextafter(smallest, math.inf)
    while _compare(below := math.nextafter(smallest, -math.inf), sign, number):
        smallest = below
    return smallest


def rounded(circuit: Circuit, quantity: Quantity) -> Gate:
    """The value in millionths, rounded half to even as the reference does: by what it is, not by what it looks like.

    Adding and taking away 1.5 · 2^52 rounds a double to a whole number. The product with a million is itself rounded
    (to `shown`); where that is just half way, what it lost (`lost`, by Dekker's splitting) says on which side it lies.
    """
    value = double(circuit, quantity).value
    shown = circuit.gate("{} * 1e6", value)
    whole = circuit.gate("({} + 6755399441055744e0) - 6755399441055744e0", shown)
    if not quantity.decimal:
        spread = circuit.gate("{} * 134217729e0", value)
        high = circuit.gate("{} - ({} - {})", spread, spread, value)
        lost = circuit.gate("({} * 1e6 - {}) + ({} - {}) * 1e6", high, shown, value, high)
        half = circuit.gate("{} - {}", shown, whole)
        whole = circuit.gate(
            "CASE WHEN {} = 5e-1 AND {} > 0e0 THEN {} + 1e0 WHEN {} = -5e-1 AND {} < 0e0 THEN {} - 1e0 ELSE {} END",
            *(half, lost, whole, half, lost, whole, whole),
        )
    if quantity.largest < 2.0**51 / 1e6:
        return whole
    return circuit.gate("CASE WHEN ABS({}) < 2251799813685248e0 THEN {} ELSE {} END", shown, whole, shown)
