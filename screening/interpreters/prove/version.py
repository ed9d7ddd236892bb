"""Which prover this is. What another one settled has to be proved again."""

import hashlib
from collections.abc import Iterator
from functools import cache
from importlib.metadata import version
from importlib.resources import files


@cache
def z3_version() -> str:
    """The version of z3, which need not be loaded for it."""
    return version("z3-solver")


def _text() -> Iterator[bytes]:
    """The part of the program that a proof rests on: the language, the reference, and how formulas are made of them."""
    interpreters = files("screening.interpreters")
    yield (interpreters / "evaluate.py").read_bytes()
    for package in (files("screening.rules"), interpreters / "prove"):
        for part in sorted(package.iterdir(), key=lambda part: part.name):
            if part.name.endswith(".py"):
                yield part.read_bytes()


# Read when the program starts: it is about the program that runs, whatever lies on the disk later.
_PROGRAM = hashlib.sha256(b"\0".join(_text())).hexdigest()[:16]


@cache
def prover() -> str:
    """Another one with every change of z3 or of the program's own part in a proof."""
    return f"{_PROGRAM}, z3 {z3_version()}"
