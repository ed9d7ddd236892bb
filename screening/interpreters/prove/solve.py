"""Asks z3 whether a formula can be true, and for what answers. The only module that loads z3; import it lazily.

Products and quotients of answers are first taken as unknown numbers; only if that is not enough are they spelt out.
"""

import threading
import time
from collections.abc import Sequence
from fractions import Fraction
from itertools import product
from math import prod
from typing import Any

import z3  # type: ignore[import-untyped]

from screening.interpreters.prove.encode import Encoding
from screening.interpreters.prove.formula import TRUE, Said, Sum
from screening.interpreters.prove.linear import Linear
from screening.interpreters.prove.search import Model, Undecided

_NONLINEAR_S = 1.0
_MOST_SPLITS = 20_000


_kept = threading.local()


def _context() -> Any:
    """A context for this thread: making one takes longer than most proofs, and threads must not share one."""
    if not hasattr(_kept, "context"):
        _kept.context = z3.Context()
    return _kept.context


class Solver:
    """Asks about the formulas of one encoding; what was translated once is kept."""

    def __init__(self, encoding: Encoding) -> None:
        self.encoding = encoding
        self.context = _context()
        self._terms: dict[int, Any] = {TRUE: z3.BoolVal(True, self.context)}
        self._variables: dict[str, Any] = {}
        self._limited: dict[str, list[Any]] = {}

    def find(
        self, formula: int, given: Sequence[int], deadline: float, changes: Sequence[int] = (), most: int = 0
    ) -> Model | None:
        """As the protocol Solve says."""
        solver = z3.SimpleSolver(ctx=self.context)
        variables = self._with_operands(self.encoding.variables_of(formula))
        limits = (limit for name in variables for limit in self._limits(name))
        for term in (*map(self._term, (formula, *given)), *limits):
            z3.Z3_solver_assert(self.context.ref(), solver.solver, term.as_ast())
        if changes:
            solver.add(z3.AtMost(*map(self._term, changes), most))
        found = self._checked(solver, deadline)
        spelt_out = [term for name in variables for term in self._spelt_out(name)]
        if found and spelt_out:
            solver.add(*spelt_out)
            found = self._nonlinear(solver, variables, deadline)
        return self._model(solver.model(), formula, variables) if found else None

    def truths(self, formulas: Sequence[int], given: Sequence[int], deadline: float) -> dict[int, bool | None]:
        """Each formula's value where all that is given is true; None where that leaves it open. Raises Undecided."""
        solver = z3.SimpleSolver(ctx=self.context)
        names = [name for each in (*formulas, *given) for name in self.encoding.variables_of(each)]
        variables = self._with_operands(names)
        solver.add(*map(self._term, given), *(term for name in variables for term in self._limits(name)))
        solver.add(*(term for name in variables for term in self._spelt_out(name)))
        if not self._checked(solver, deadline):
            raise Undecided("what is given is impossible")
        model = solver.model()
        values = {each: z3.is_true(model.eval(self._term(each), model_completion=True)) for each in formulas}
        return {each: None if self._open(solver, each, value, deadline) else value for each, value in values.items()}

    def _open(self, solver: Any, formula: int, value: bool, deadline: float) -> bool:
        """Whether a formula that has this value in one model has the other in another."""
        if not self.encoding.is_approximate(formula):
            return False
        solver.push()
        solver.add(self._term(-formula if value else formula))
        other = self._checked(solver, deadline)
        solver.pop()
        return other

    def _checked(self, solver: Any, deadline: float) -> bool:
        left = deadline - time.monotonic()
        if left <= 0:
            raise Undecided("the time was up")
        solver.set("timeout", max(1, int(left * 1000)))
        result = solver.check()
        if result == z3.unknown:
            raise Undecided(str(solver.reason_unknown()))
        return bool(result == z3.sat)

    def _nonlinear(self, solver: Any, variables: Sequence[str], deadline: float) -> bool:
        """As z3 finds it; or else one by one for each number that makes the products and quotients linear."""
        try:
            return self._checked(solver, min(deadline, time.monotonic() + _NONLINEAR_S))
        except Undecided:
            splits = self._splits(variables)
        for numbers in product(*splits.values()):
            solver.push()
            solver.add(*(self._variable(name) == number for name, number in zip(splits, numbers, strict=True)))
            if self._checked(solver, deadline):
                return True
            solver.pop()
        return False

    def _splits(self, variables: Sequence[str]) -> dict[str, range]:
        """Every value of the answers that stand in a divisor, or on the right of a product."""
        nonlinear = [self.encoding.arithmetic.nonlinear.get(name) for name in variables]
        right = [name for each in nonlinear if each for name, _ in each.right.terms]
        whole = [name for name in self._with_operands(right) if self.encoding.sums.variables[name].whole]
        ends = {name: self.encoding.sums.variables[name] for name in whole}
        spans = {name: (int(each.low or 0), int(each.high or 0) + 1) for name, each in ends.items()}
        if prod(stop - start for start, stop in spans.values()) > _MOST_SPLITS:
            raise Undecided("the arithmetic is too hard")
        return {name: range(*span) for name, span in spans.items()}

    def _model(self, model: Any, formula: int, variables: Sequence[str]) -> Model:
        """What was said, and the numbers."""
        said = (leaf for leaf in self.encoding.formulas.leaves(formula) if isinstance(leaf, Said))
        values = {leaf: model[self._term(self.encoding.formulas.leaf(leaf)).decl()] for leaf in said}
        whole = [name for name in variables if self.encoding.sums.variables[name].whole]
        numbers = {name: model.eval(self._variables[name], model_completion=True) for name in whole}
        return Model(
            frozenset(leaf for leaf, value in values.items() if value is not None and z3.is_true(value)),
            {name: int(number.as_long()) for name, number in numbers.items()},
        )

    # -- formulas as z3 terms

    def _term(self, formula: int) -> Any:
        if formula not in self._terms:
            parts = self.encoding.formulas.parts(formula)
            if formula < 0:
                self._terms[formula] = self._made(z3.Z3_mk_not(self.context.ref(), self._term(-formula).as_ast()))
            elif parts is None:
                self._terms[formula] = self._leaf(self.encoding.formulas.leaf_of(formula))
            else:
                array = (z3.Ast * len(parts))(*(self._term(part).as_ast() for part in parts))
                self._terms[formula] = self._made(z3.Z3_mk_and(self.context.ref(), len(parts), array))
        return self._terms[formula]

    def _made(self, term: Any) -> Any:
        # z3.And and z3.Not would look at every part again, which takes longer than the proofs
        return z3.BoolRef(term, self.context)

    def _leaf(self, leaf: Any) -> Any:
        if not isinstance(leaf, Sum):
            name = f"{leaf.question} {leaf.said}" if isinstance(leaf, Said) else leaf.name
            return z3.Bool(name, self.context)
        if all(self.encoding.sums.variables[name].whole for name, _ in leaf.terms):
            return z3.Sum([times * self._variable(name) for name, times in leaf.terms]) >= int(leaf.bound)
        linear = Linear(tuple((name, Fraction(times)) for name, times in leaf.terms))
        return self._sum(linear) >= self._fraction(Fraction(leaf.bound))

    def _variable(self, name: str) -> Any:
        if name not in self._variables:
            whole = self.encoding.sums.variables[name].whole
            self._variables[name] = (z3.Int if whole else z3.Real)(name, self.context)
        return self._variables[name]

    def _fraction(self, number: Fraction) -> Any:
        return z3.Q(number.numerator, number.denominator, self.context)

    def _limits(self, name: str) -> list[Any]:
        if name not in self._limited:
            variable, term = self.encoding.sums.variables[name], self._sum(Linear(((name, Fraction(1)),)))
            low = [] if variable.low is None else [term >= self._fraction(variable.low)]
            high = [] if variable.high is None else [term <= self._fraction(variable.high)]
            self._limited[name] = low + high
        return self._limited[name]

    # -- products and quotients

    def _with_operands(self, names: list[str]) -> list[str]:
        """The variables, and those their products and quotients are made of."""
        found, waiting = dict.fromkeys(names), list(names)
        while waiting:
            nonlinear = self.encoding.arithmetic.nonlinear.get(waiting.pop())
            operands = (
                [name for side in (nonlinear.left, nonlinear.right) for name, _ in side.terms] if nonlinear else []
            )
            waiting += [name for name in operands if name not in found]
            found |= dict.fromkeys(operands)
        return list(found)

    def _spelt_out(self, name: str) -> list[Any]:
        """What a product or quotient is."""
        nonlinear = self.encoding.arithmetic.nonlinear.get(name)
        if nonlinear is None:
            return []
        variable, left, right = self._variable(name), self._sum(nonlinear.left), self._sum(nonlinear.right)
        if nonlinear.sign == "*":
            return [variable == left * right]
        return [z3.Implies(right != 0, variable * right == left)]

    def _sum(self, linear: Linear) -> Any:
        total = self._fraction(linear.constant)
        for name, factor in linear.terms:
            variable = self._variable(name)
            whole = self.encoding.sums.variables[name].whole
            total = total + self._fraction(factor) * (z3.ToReal(variable) if whole else variable)
        return total
