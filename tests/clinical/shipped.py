"""The shipped rule sets, each with its vignettes, found by their files."""

from functools import lru_cache
from pathlib import Path

from screening.rules.check import read_shape
from screening.rules.ruleset import RuleSet
from screening.rules.vignettes import Vignettes
from screening.rulesets import load, load_vignettes, read_document, shipped

FOLDER = shipped("x").parent
IDS = sorted(path.stem for path in FOLDER.glob("*.yaml") if not path.stem.endswith(".vignettes"))


def path(ruleset_id: str) -> Path:
    return shipped(ruleset_id)


@lru_cache
def ruleset(ruleset_id: str) -> RuleSet:
    return load(shipped(ruleset_id))


@lru_cache
def vignettes(ruleset_id: str) -> Vignettes:
    return load_vignettes(FOLDER / f"{ruleset_id}.vignettes.yaml")


@lru_cache
def more_vignettes(ruleset_id: str) -> Vignettes:
    """Our own beside the shipped ones, on the same profiles."""
    file = Path(__file__).parent / f"{ruleset_id}.more.yaml"
    text = "vignettes:\n" + file.read_text() if file.exists() else "vignettes: []"
    profiles = vignettes(ruleset_id).document()["profiles"]
    return read_shape(Vignettes, {**read_document(text), "profiles": profiles})
