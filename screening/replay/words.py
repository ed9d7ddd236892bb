"""A replay's result in words and tables, for the command and for the page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any


@dataclass(frozen=True)
class Words:
    """Around the plain data of a result."""

    data: Mapping[str, Any]

    @property
    def summary(self) -> str:
        """What an editor wants to know first, in a sentence or two."""
        data = self.data
        if not data["cases"]:
            return "There are no past cases to replay."
        changed = f"{data['changed']:,} of {_cases(data['judged'])} would come out otherwise"
        if data["changed"]:
            changed += f": {data['more_urgent']:,} more urgent, {data['less_urgent']:,} less urgent"
        if data["aside"]:
            changed += f", {data['aside']:,} from a disposition that is no more"
        return f"{changed}."

    @property
    def not_judged(self) -> str:
        number = self.data["cases"] - self.data["judged"]
        if not number:
            return ""
        verb = "is" if number == 1 else "are"
        return f"{_cases(number)} {verb} not judged: the result hangs on a question that the patient was never asked."

    @property
    def deadlines(self) -> str:
        data = self.data
        if not (data["shorter"] or data["longer"]):
            return "No deadline changes."
        words = f"The deadline for first contact comes earlier for {data['shorter']:,}, later for {data['longer']:,}"
        alone = data["shorter_alone"] + data["longer_alone"]
        return f"{words}; {alone:,} of them keep their disposition." if alone else f"{words}."

    @property
    def agreement(self) -> str:
        """Nothing where nobody has decided."""
        counted = self.data["agreement"]
        if not counted["decided"]:
            return ""
        before, after = (
            f"{counted[f'agreed_{side}']:,} of {_cases(counted[f'rated_{side}'])}{_share(counted, side)}"
            for side in ("before", "after")
        )
        return f"The surgeon's final decision went the rules' way in {before}; it would have in {after}."

    @property
    def unlike(self) -> str:
        number = self.data["unlike"]
        if not number:
            return ""
        return (
            f"By their own version, {_cases(number)} would not come out today as they did when they were assessed. "
            "Tell whoever looks after the program."
        )

    @cached_property
    def changes(self) -> list[dict[str, Any]]:
        """The moves from one disposition to another: more urgent ones first, then by number."""
        order = {"more": 0, "less": 1, "aside": 2}
        moved = [move for move in self.data["moves"] if move["before"] != move["after"]]
        return sorted(moved, key=lambda move: (order[move["way"]], -move["cases"]))

    @cached_property
    def table(self) -> dict[str, Any]:
        """From → to: `head` (labels of the columns) and `rows` (label, cells: number and whether they stay, total)."""
        moves = self.data["moves"]
        columns = _labels(moves, "after")
        cases = {(move["before"], move["after"]): move["cases"] for move in moves}
        rows = []
        for before, label in _labels(moves, "before").items():
            numbers = [(cases.get((before, after), 0), before == after) for after in columns]
            rows.append({"label": label, "cells": numbers, "total": sum(number for number, _ in numbers)})
        return {"head": list(columns.values()), "rows": rows}

    def chart(self) -> dict[str, Any]:
        """Cases by disposition: `bars` (label, before, after, their lengths up to 100, y) and `height`."""
        moves = self.data["moves"]
        places = {move[side]: move[f"place_{side}"] for side in ("before", "after") for move in moves}
        labels = {**_labels(moves, "before"), **_labels(moves, "after")}
        before, after = _totals(moves, "before"), _totals(moves, "after")
        most = max([1, *before.values(), *after.values()])
        bars = [
            {
                "label": label,
                "before": before.get(name, 0),
                "after": after.get(name, 0),
                "before_length": 100 * before.get(name, 0) / most,
                "after_length": 100 * after.get(name, 0) / most,
                "y": 62 * place,
            }
            for place, (name, label) in enumerate(sorted(labels.items(), key=lambda each: places[each[0]]))
        ]
        return {"bars": bars, "height": 62 * len(bars)}

    def text(self) -> str:
        """Everything, for a terminal."""
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        data = self.data
        yield f"{data['cases']:,} cases under {data['sha256'][:12]}, in {data['seconds']:.1f} s."
        yield from filter(None, (self.summary, self.not_judged, self.deadlines, self.agreement, self.unlike))
        for question, text in data["unasked"].items():
            yield f"New: {question} “{text}”"
        for move in self.changes:
            yield f"{move['cases']:>9,}  {_WAYS[move['way']]}: {move['label_before']} → {move['label_after']}"
        for rule in data["rules"]:
            ways = f"{rule['more']:,} more urgent by it, {rule['less']:,} less urgent without it"
            yield f"{rule['id']:<12} {rule['title']}: {ways}"


_WAYS = {"more": "more urgent", "less": "less urgent", "aside": "otherwise"}


def _labels(moves: Iterable[Mapping[str, Any]], side: str) -> dict[str, str]:
    """Dispositions by id, in the order in which the moves have them."""
    return {move[side]: move[f"label_{side}"] for move in sorted(moves, key=lambda move: move[f"place_{side}"])}


def _totals(moves: Iterable[Mapping[str, Any]], side: str) -> Counter[str]:
    totals: Counter[str] = Counter()
    for move in moves:
        totals[move[side]] += move["cases"]
    return totals


def _cases(number: int) -> str:
    return "1 case" if number == 1 else f"{number:,} cases"


def _share(counted: Mapping[str, int], side: str) -> str:
    rated = counted[f"rated_{side}"]
    return f" ({100 * counted[f'agreed_{side}'] / rated:.0f} %)" if rated else ""
