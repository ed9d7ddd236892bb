"""Numbers as gates: where they are known, and arithmetic in double precision as the reference does it."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from screening.interpreters.sql.circuit import Circuit, Gate
from screening.rules import operations
from screening.rules.truth import Missing

HUGE = 1e150
"""A factor beyond this is unknown, one nearer to zero than its inverse is zero: PostgreSQL raises an error there."""


@dataclass(frozen=True)
class Quantity:
    """A number. Neither known nor unknown is absent; then `value` is any number, but one that can be reckoned with."""

    known: Gate
    unknown: Gate
    value: Gate
    scale: int | None = None
    """the value is a whole number of 10^-scale; None: a double"""
    decimal: bool = False
    """the value has at most 6 decimals, so that rounding leaves it as it is"""
    fixed: float | None = None
    """the value where it is the same for every case"""
    largest: float = math.inf
    smallest: float = 0.0
    """what the value's size cannot be beyond, and cannot be under unless it is zero"""


def literal(number: float) -> str:
    """A number as SQL that is read as just this double by every database."""
    text = repr(float(number))
    text = text if "e" in text else f"{text}e0"
    return f"({text})" if text.startswith("-") else text


def fixed(circuit: Circuit, number: float) -> Quantity:
    size = abs(number)
    return Quantity(
        circuit.TRUE,
        circuit.FALSE,
        circuit.gate(literal(number)),
        decimal=round(number, operations.PLACES) == number,
        fixed=number,
        largest=size,
        smallest=size or 1.0,
    )


def double(circuit: Circuit, quantity: Quantity) -> Quantity:
    """The quantity with its value as a double."""
    if quantity.scale is None:
        return quantity
    value = circuit.gate("CAST({} AS DOUBLE)", quantity.value)
    if quantity.scale:
        value = circuit.gate(f"{{}} / 1e{quantity.scale}", value)
    return replace(quantity, value=value, scale=None)


def nothing(circuit: Circuit) -> Quantity:
    """A quantity that is absent for every case."""
    return replace(fixed(circuit, 1.0), known=circuit.FALSE, fixed=None)


def count(circuit: Circuit, gates: Sequence[Gate]) -> Quantity:
    """How many gates are true."""
    value = circuit.gate(" + ".join(["CAST({} AS INTEGER)"] * len(gates)) or "0", *gates)
    size = float(len(gates) or 1)
    return Quantity(circuit.TRUE, circuit.FALSE, value, scale=0, decimal=True, largest=size, smallest=1.0)


def of_cases(circuit: Circuit, cases: Sequence[tuple[float, Gate]]) -> Quantity:
    """The number that belongs to the first gate that is true; zero where none is."""
    value = circuit.gate("0e0")
    for number, gate in reversed(cases):
        value = either(circuit, gate, circuit.gate(literal(number)), value)
    sizes = [abs(number) for number, _ in cases if number] or [1.0]
    return Quantity(circuit.TRUE, circuit.FALSE, value, largest=max(sizes), smallest=min(sizes))


def negative(circuit: Circuit, quantity: Quantity) -> Quantity:
    if quantity.fixed is not None:
        return fixed(circuit, -quantity.fixed)
    return replace(quantity, value=circuit.gate("-{}", quantity.value))


def first_known(circuit: Circuit, parts: Sequence[Quantity]) -> Quantity:
    """`Coalesce`"""
    scale = parts[0].scale if len({part.scale for part in parts}) == 1 else None
    parts = parts if scale is not None else [double(circuit, part) for part in parts]
    known = circuit.any_of(part.known for part in parts)
    value = parts[-1].value
    for part in reversed(parts[:-1]):
        value = value if part.known == circuit.FALSE else either(circuit, part.known, part.value, value)
    return Quantity(
        known,
        circuit.all_of([circuit.negated(known), circuit.any_of(part.unknown for part in parts)]),
        value,
        scale,
        decimal=all(part.decimal for part in parts),
        largest=max(part.largest for part in parts),
        smallest=min(part.smallest for part in parts),
    )


def either(circuit: Circuit, condition: Gate, yes: Gate, no: Gate) -> Gate:
    """One of two values."""
    return circuit.gate("CASE WHEN {} THEN {} ELSE {} END", condition, yes, no)


def arithmetic(circuit: Circuit, left: Quantity, sign: str, right: Quantity) -> Quantity:
    """Two quantities combined; unknown where that has no finite result."""
    if left.fixed is not None and right.fixed is not None:
        return _folded(circuit, left.fixed, sign, right.fixed)
    left, right = (_tame(circuit, double(circuit, part), sign) for part in (left, right))
    known, unknown = both(circuit, left, right)
    divisor = right.value
    if sign == "/" and not right.fixed:
        nonzero = circuit.gate("{} <> 0e0", divisor)
        unknown = circuit.any_of([unknown, circuit.all_of([known, circuit.negated(nonzero)])])
        known = circuit.all_of([known, nonzero])
        divisor = either(circuit, nonzero, divisor, circuit.gate("1e0"))
    largest, smallest = _sizes(left, sign, right)
    value = circuit.gate(f"{{}} {sign} {{}}", left.value, divisor)
    return Quantity(known, unknown, value, largest=largest, smallest=smallest)


def both(circuit: Circuit, left: Quantity, right: Quantity) -> tuple[Gate, Gate]:
    """Whether both are known; and whether none is absent and one is unknown."""
    known = circuit.all_of([left.known, right.known])
    there = [circuit.any_of([part.known, part.unknown]) for part in (left, right)]
    return known, circuit.all_of([*there, circuit.negated(known)])


def _folded(circuit: Circuit, left: float, sign: str, right: float) -> Quantity:
    result = operations.arithmetic("left", sign, "right")({"left": left, "right": right})
    if not isinstance(result, Missing):
        return fixed(circuit, result)
    return Quantity(circuit.FALSE, circuit.TRUE, circuit.gate("1e0"), largest=1.0, smallest=1.0)


def _sizes(left: Quantity, sign: str, right: Quantity) -> tuple[float, float]:
    """The largest and smallest size of a result. The smallest of a sum is one last bit of its smallest part."""
    if sign == "*":
        return left.largest * right.largest, left.smallest * right.smallest
    if sign == "/":
        # where nothing better is known the divisor may be the 1 that stands for a zero
        divisors = [size for size in (right.smallest, right.largest, 1.0) if size]
        return left.largest / min(divisors), left.smallest / max(divisors)
    return left.largest + right.largest, min(left.smallest, right.smallest) * 2.0**-53


def _tame(circuit: Circuit, quantity: Quantity, sign: str) -> Quantity:
    """The quantity as a factor or term that cannot overflow; unknown where it is beyond what anybody measures."""
    if quantity.largest <= HUGE and quantity.smallest >= 1 / HUGE or (sign in "+-" and quantity.largest <= HUGE**2):
        return quantity
    bearable = circuit.gate(f"ABS({{}}) <= {literal(HUGE)}", quantity.value)
    factor = circuit.gate(f"ABS({{}}) BETWEEN {literal(1 / HUGE)} AND {literal(HUGE)}", quantity.value)
    value = either(circuit, factor, quantity.value, circuit.gate("0e0"))
    lost = circuit.all_of([quantity.known, circuit.negated(bearable)])
    return replace(
        quantity,
        known=circuit.all_of([quantity.known, bearable]),
        unknown=circuit.any_of([quantity.unknown, lost]),
        value=value,
        largest=HUGE,
        smallest=1 / HUGE,
    )
