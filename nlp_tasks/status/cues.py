"""Cues in their scope: what the words of a clause say of the task's state.

The words alone decide nothing (annotation guideline, rule 1): «hoàn thành» may be a goal, «vướng mắc»
may be gone. So every cue is read in its clause, with what stands around it. The wordings are a table,
``resources/cues.toml``.

References
----------
The scope rules follow the idea of NegEx (Chapman et al. 2001, https://doi.org/10.1006/jbin.2001.1029):
triggers with a window before and after the term; its list of terms is replaced by our own.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from nlp_tasks.lexicon import load_table
from nlp_tasks.normalize import Normalized

__all__ = ["Hit", "clauses", "cue_features", "find_hits"]

_CLAUSE_END = re.compile(
    r"(?<=[.;!?…])\s+|\n+|,\s+(?=(?:nhưng|song|tuy|riêng|còn|trong khi|đồng thời)\b)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Hit:
    """A cue found in a field, in source offsets, with its scope.

    Parameters
    ----------
    name, kind : str
        As in ``resources/cues.toml``.
    scope : str
        ``fact``, ``negated``, ``intended``, ``partly`` or ``resolved``.
    clause : int
        Position of its clause in the field, from 0; ``last`` tells whether it is the last one.
    """

    name: str
    kind: str
    field: str
    start: int
    end: int
    scope: str
    clause: int
    last: bool


@cache
def _cues() -> tuple[tuple[str, str, re.Pattern[str]], ...]:
    return tuple(
        (cue["name"], cue["kind"], re.compile(rf"(?<!\w)(?:{cue['pattern']})(?!\w)", re.IGNORECASE))
        for cue in load_table("cues")["cues"]
    )


@cache
def _scopes() -> dict[str, re.Pattern[str]]:
    return {
        name: re.compile(pattern if name.endswith("_after") else rf"(?<!\w){pattern}", re.IGNORECASE)
        for name, pattern in load_table("cues")["scopes"].items()
    }


def find_hits(normalized: Normalized, field: str) -> list[Hit]:
    """Return the cues of a field in the order of its text."""
    text = normalized.text
    spans = list(clauses(text))
    hits = []
    for number, (start, end) in enumerate(spans):
        for name, kind, pattern in _cues():
            for match in pattern.finditer(text, start, end):
                scope = _scope(kind, match[0], text[start : match.start()], text[match.end() : end])
                source = normalized.to_source(match.start(), match.end())
                hits.append(Hit(name, kind, field, *source, scope, number, number == len(spans) - 1))
    return sorted(_without_stopped(hits), key=lambda hit: (hit.start, hit.end, hit.name))


def _without_stopped(hits: Sequence[Hit]) -> list[Hit]:
    """Leave out work in hand that is part of an obstacle: the «đang» of «đang tạm dừng»."""
    stops = [hit for hit in hits if hit.kind == "obstacle"]
    return [
        hit
        for hit in hits
        if hit.kind != "ongoing" or not any(stop.start <= hit.start and hit.end <= stop.end for stop in stops)
    ]


def clauses(text: str) -> Iterator[tuple[int, int]]:
    """Yield start and end of each clause: up to a full stop, a semicolon or a turn («, nhưng»)."""
    start = 0
    for match in _CLAUSE_END.finditer(text):
        if text[start : match.start()].strip():
            yield start, match.start()
        start = match.end()
    if text[start:].strip():
        yield start, len(text)


def _scope(kind: str, cue: str, before: str, after: str) -> str:
    """Tell how a cue is meant from what stands around it in its clause.

    An obstacle is a fact unless it is said to be gone; a completed act is one unless it is denied or
    only intended.
    """
    scopes = _scopes()
    if kind == "obstacle":
        return (
            "resolved"
            if scopes["resolved"].search(before) or scopes["resolved_after"].search(after)
            else "fact"
        )
    if kind in ("done", "reached"):
        if scopes["negated"].search(before):
            return "negated"
        if not cue.lower().startswith(("đã ", "vừa ")) and scopes["intended"].search(before):
            return "intended"
        if scopes["partly"].search(before):
            return "partly"
    return "fact"


def cue_features(hits: Sequence[Hit]) -> dict[str, float]:
    """Say which kinds of cue stand where, as 0/1 and counts up to 3 scaled to [0, 1]."""
    counts: dict[str, int] = {}
    for hit in hits:
        keys = [f"cue:{hit.field}:{hit.kind}:{hit.scope}"]
        if hit.field == "result":
            keys.append(f"cue:{hit.name}:{hit.scope}")
            if hit.clause == 0:
                keys.append(f"cue:first:{hit.kind}:{hit.scope}")
            if hit.last:
                keys.append(f"cue:last:{hit.kind}:{hit.scope}")
        for key in keys:
            counts[key] = counts.get(key, 0) + 1
    features = {key: min(count, 3) / 3 for key, count in counts.items()}
    features |= {f"has:{key}": 1.0 for key in counts if key.count(":") == 3 or "obstacle" in key}
    facts = {hit.kind for hit in hits if hit.field == "result" and hit.scope == "fact"}
    if "done" in facts and not facts & {"not_yet", "ongoing", "partial", "obstacle"}:
        features["done_only"] = 1.0
    obstacles = {
        hit.name for hit in hits if hit.field == "result" and (hit.kind, hit.scope) == ("obstacle", "fact")
    }
    if len(obstacles) > 1:
        features[f"obstacles:{min(len(obstacles), 4)}"] = 1.0
    if "obstacle" in facts and "cause" in facts:
        features["obstacle_with_cause"] = 1.0
    if "obstacle" in facts and "ongoing" not in facts:
        features["obstacle_standing_still"] = 1.0
    return features
