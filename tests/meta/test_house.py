"""Rules of the house that are seen in the source: who writes, who reads the environment, how long a module may be."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
SOURCES = sorted(path for folder in ("screening", "config") for path in (ROOT / folder).rglob("*.py"))
OURS = [path for path in SOURCES if "migrations" not in path.parts]
DOORS = [path for path in OURS if path.relative_to(ROOT).parts[1] in {"intake", "review", "admin", "management"}]
WRITES = {"save", "delete", "create", "get_or_create", "update_or_create", "bulk_create", "bulk_update", "aupdate"}
ENVIRONMENT = {"environ", "getenv", "environb"}


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def nodes(path: Path) -> Iterator[ast.AST]:
    return ast.walk(ast.parse(path.read_text("utf-8")))


def test_only_actions_write():
    assert not [f"{name_of(path)}:{line}" for path in DOORS for line in writes_in(path)]


def writes_in(path: Path) -> Iterator[str]:
    for node in nodes(path):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in WRITES:
            call = ast.unparse(node.func)
            # The session is not a record, and what super() does in the admin is the admin's.
            if "session" not in call and not call.startswith("super()"):
                yield f"{node.lineno}: {call}"


def test_only_settings_read_the_environment():
    readers = {name_of(path) for path in OURS for node in nodes(path) if getattr(node, "attr", "") in ENVIRONMENT}
    # These two name the settings module and read nothing.
    assert readers <= {"config/settings.py", "config/wsgi.py", "config/asgi.py"}


def test_modules_stay_short():
    lengths = {path: len(path.read_text("utf-8").splitlines()) for path in OURS}
    assert not {name_of(path): length for path, length in lengths.items() if length > limit_of(path)}


def limit_of(path: Path) -> int:
    return 250 if {"rules", "interpreters"}.intersection(path.parts) else 400


def test_the_style_sheet_stays_short():
    assert len((ROOT / "screening/static/screening/app.css").read_text("utf-8").splitlines()) <= 400


def test_templates_hold_no_style_and_no_script_of_their_own():
    for path in (ROOT / "templates").rglob("*.html"):
        text = path.read_text("utf-8")
        assert "<style" not in text, path
        assert " style=" not in text, path
        assert "javascript:" not in text, path
        assert "|safe" not in text, path
