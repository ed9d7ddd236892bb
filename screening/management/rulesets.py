"""Finding the rule set that a command names: a file, or the live version of a pathway."""

from pathlib import Path

from django.core.management.base import CommandError

from screening.rules.problems import DocumentError
from screening.rules.ruleset import RuleSet
from screening.rules.vignettes import Vignettes
from screening.rulesets import load, load_vignettes


def named_ruleset(name: str) -> RuleSet:
    """The checked rule set. A path touches no database. Raises CommandError, in words, for what cannot be used."""
    if not is_path(name):
        return _live(name)
    try:
        return load(name)
    except DocumentError as error:
        raise CommandError(f"{name} cannot be used:\n{error}") from None
    except OSError as error:
        raise CommandError(f"{name} cannot be read: {error.strerror}") from None


def named_vignettes(path: str) -> Vignettes:
    """The vignettes in a file. Raises CommandError."""
    try:
        return load_vignettes(path)
    except DocumentError as error:
        raise CommandError(f"{path} cannot be used:\n{error}") from None
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror}") from None


def is_path(name: str) -> bool:
    """Whether a command's RULESET is a file rather than a pathway's id."""
    return "/" in name or name.endswith((".yaml", ".yml", ".json")) or Path(name).is_file()


def _live(pathway_id: str) -> RuleSet:
    from screening.models import Pathway

    pathway = Pathway.objects.select_related("live_version").filter(pk=pathway_id).first()
    if pathway is None:
        raise CommandError(f"There is no pathway `{pathway_id}`, and no file of that name.")
    if pathway.live_version is None:
        raise CommandError(f"The pathway `{pathway_id}` has no live version yet.")
    return pathway.live_version.ruleset
