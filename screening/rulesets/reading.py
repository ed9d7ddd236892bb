"""From bytes to plain data and back. A hostile document is refused in bounded time and memory, with what is wrong."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

import yaml

from screening.rules.check import read_ruleset
from screening.rules.problems import DocumentError, Problem
from screening.rules.ruleset import RuleSet
from screening.rules.shape import read_shape
from screening.rules.vignettes import Vignettes

MAX_BYTES = 1_000_000
MAX_DEPTH = 50
MAX_ITEMS = 2_000
"""in one list or mapping"""

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _PlainLoader(_Loader):  # type: ignore[misc]
    """Reads dates as the texts they are written as."""


_PlainLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in _Loader.yaml_implicit_resolvers.items()
}


class _PlainDumper(yaml.SafeDumper):
    """Writes a part that stands in two places twice: aliases are refused when read."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def shipped(ruleset_id: str) -> Path:
    """Where a shipped rule set's document is; its vignettes lie beside it as ID.vignettes.yaml."""
    return Path(__file__).parent / f"{ruleset_id}.yaml"


def load(path: Path | str) -> RuleSet:
    """The checked rule set in a file. Raises DocumentError, or OSError."""
    return read_ruleset(read_document(Path(path).read_bytes()))


def load_vignettes(path: Path | str) -> Vignettes:
    """The vignettes in a file. Raises DocumentError, or OSError."""
    return read_shape(Vignettes, read_document(Path(path).read_bytes()))


def read_document(source: bytes | str) -> dict[str, Any]:
    """Plain data from YAML or JSON. Raises DocumentError for anything but one mapping of reasonable size and depth."""
    data = read_plain(source)
    if not isinstance(data, dict):
        _refuse("A rule document is a mapping with fields such as `format` and `id`.")
    return data


def read_plain(source: bytes | str) -> Any:
    """Plain data of any kind from YAML or JSON: a part of a document. Raises DocumentError for what is hostile."""
    text = _text(source)
    return _json(text) if text.lstrip()[:1] == "{" else _yaml(text)


def to_yaml(document: dict[str, Any]) -> str:
    """A document as YAML that reads back as the same data."""
    return yaml.dump(document, Dumper=_PlainDumper, sort_keys=False, allow_unicode=True, width=120)


def _refuse(message: str, suggestion: str | None = None) -> NoReturn:
    raise DocumentError([Problem("", message, suggestion=suggestion)])


def _text(source: bytes | str) -> str:
    if len(source) > MAX_BYTES:
        _refuse(f"The document is larger than {MAX_BYTES:,} bytes.")
    if isinstance(source, str):
        return source.removeprefix("\ufeff")
    try:
        return source.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        _refuse(f"The document is not UTF-8 text (byte {error.start + 1}).")


def _json(text: str) -> Any:
    try:
        data = json.loads(text, object_pairs_hook=_without_duplicates, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        if "\n" in text or "'" in text:
            return _yaml(text)  # YAML's flow style also begins with a brace
        _refuse(f"This is not JSON: {error.msg} in line {error.lineno}, column {error.colno}.")
    except RecursionError:
        _refuse(f"The document is nested deeper than {MAX_DEPTH}.")
    except ValueError as error:
        if isinstance(error, DocumentError):
            raise
        _refuse("The document has a number that is too long.")
    _refuse_size(data)
    return data


def _without_duplicates(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    data = dict(pairs)
    if len(data) != len(pairs):
        keys = [key for key, _ in pairs]
        _refuse(f"The key `{next(key for key in keys if keys.count(key) > 1)}` is there twice.")
    return data


def _refuse_constant(word: str) -> NoReturn:
    _refuse(f"`{word}` is not a number that can be used.")


def _refuse_size(data: Any) -> None:
    level = [data]
    for _ in range(MAX_DEPTH + 1):
        inside = [item for item in level if isinstance(item, dict | list)]
        if any(len(item) > MAX_ITEMS for item in inside):
            _refuse(f"A list has more than {MAX_ITEMS:,} entries.")
        level = [part for item in inside for part in (item.values() if isinstance(item, dict) else item)]
        if not level:
            return
    _refuse(f"The document is nested deeper than {MAX_DEPTH}.")


def _yaml(text: str) -> Any:
    try:
        _walk(text)
        return yaml.load(text, Loader=_PlainLoader)  # noqa: S506 - a safe loader with fewer types
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else "?"
        _refuse(f"This is not YAML: {error.problem or error.context} (line {line}).")
    except yaml.YAMLError as error:
        _refuse(f"This is not YAML: {str(error).splitlines()[0]}.")
    except (ValueError, RecursionError, OverflowError) as error:
        if isinstance(error, DocumentError):
            raise
        _refuse("The document has a value that cannot be read.")


def _walk(text: str) -> None:
    """Refuse, event by event and before anything is built, what a rule document never needs."""
    open_parts: list[dict[str, Any]] = []
    documents = 0
    for event in yaml.parse(text, Loader=_Loader):
        line = event.start_mark.line + 1
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            _refuse(f"Anchors and aliases (& and *) are not used in rule documents (line {line}).")
        if getattr(event, "tag", None) and event.tag != "!":
            _refuse(f"Tags such as `{event.tag}` are not used in rule documents (line {line}).")
        if isinstance(event, yaml.DocumentStartEvent):
            documents += 1
        if documents > 1:
            _refuse(f"A second document begins in line {line}; there must be one.")
        if isinstance(event, yaml.CollectionStartEvent):
            _count(open_parts, None, line)
            open_parts.append({"mapping": isinstance(event, yaml.MappingStartEvent), "keys": set(), "count": 0})
            if len(open_parts) > MAX_DEPTH:
                _refuse(f"The document is nested deeper than {MAX_DEPTH} (line {line}).")
        elif isinstance(event, yaml.CollectionEndEvent):
            open_parts.pop()
        elif isinstance(event, yaml.ScalarEvent):
            _count(open_parts, event.value, line)


def _count(open_parts: list[dict[str, Any]], key: str | None, line: int) -> None:
    if not open_parts:
        return
    part = open_parts[-1]
    part["count"] += 1
    if part["count"] > MAX_ITEMS * (2 if part["mapping"] else 1):
        _refuse(f"A list has more than {MAX_ITEMS:,} entries (line {line}).")
    if not part["mapping"] or part["count"] % 2 == 0:
        return
    if key is None:
        _refuse(f"A key must be a plain word (line {line}).")
    if key == "<<":
        _refuse(f"Merge keys (<<) are not used in rule documents (line {line}).")
    if key in part["keys"]:
        _refuse(f"The key `{key}` is there twice (line {line}).")
    part["keys"].add(key)
