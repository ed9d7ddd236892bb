"""Shipped rule sets, and reading and writing rule documents as YAML or JSON, safely whoever wrote them."""

from screening.rulesets.reading import load, load_vignettes, read_document, shipped, to_yaml

__all__ = ["load", "load_vignettes", "read_document", "shipped", "to_yaml"]
