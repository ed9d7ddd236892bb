"""Turns plain data into a model, or says everything that does not have the model's shape, each with its place."""

from collections.abc import Iterator, Sequence
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError

from screening.rules.parts import PATTERNS
from screening.rules.problems import DocumentError, Problem, Suggestions
from screening.rules.ruleset import RuleSet

Model = TypeVar("Model", bound=BaseModel)


def read_shape(model: type[Model], data: Any) -> Model:
    """A document's plain data as a model. Raises DocumentError for what does not have its shape."""
    try:
        return model.model_validate(data)
    except ValidationError as error:
        suggest = Suggestions()
        raise DocumentError([_shape_problem(data, item, suggest) for item in error.errors()]) from None


def _shape_problem(data: Any, error: Any, suggest: Suggestions) -> Problem:
    place, value = _place(data, error["loc"])
    kind, field = error["type"], str(error["loc"][-1]) if error["loc"] else ""
    if kind == "extra_forbidden":
        return Problem(place, f"There is no field `{field}` here.", suggestion=suggest(field, _FIELDS))
    if kind == "missing":
        return Problem(place, "This field is missing.")
    if kind == "string_type" and isinstance(value, bool | int | float):
        read_as = "true or false" if isinstance(value, bool) else "a number"
        return Problem(place, f"This is read as {read_as}, not as a text.", suggestion="put it in quotes, like 'yes'")
    if kind == "string_pattern_mismatch":
        return Problem(place, PATTERNS.get(error["ctx"]["pattern"], f"{error['msg']}."))
    return Problem(place, f"{error['msg']}.")


def _place(data: Any, location: Sequence[str | int]) -> tuple[str, Any]:
    """A path of ids rather than numbers, and what stands there."""
    parts: list[str] = []
    for step in location:
        try:
            data = data[step]
        except (KeyError, IndexError, TypeError):
            data = None
        named = data.get("id", data.get("value")) if isinstance(data, dict) and isinstance(step, int) else None
        parts.append(str(named if isinstance(named, str) else step))
    return "/".join(parts), data


def _field_names(model: type[BaseModel]) -> Iterator[str]:
    for name, field in model.model_fields.items():
        yield field.alias or name
        for argument in (field.annotation, *get_args(field.annotation)):
            if isinstance(argument, type) and issubclass(argument, BaseModel):
                yield from _field_names(argument)


_FIELDS = sorted(set(_field_names(RuleSet)))
