"""The title's goal against the result's acts: whether what was asked for is reported as done.

A title opens with an act («Lập, phê duyệt quy hoạch …»: the last of the row counts) and the result tells of
acts in its clauses, each done, under way, intended, denied or done in part. Acts follow one another in
orders (lập -> thẩm định -> trình -> phê duyệt -> công bố): an act behind the goal's implies it, one before
it is a step. Acts, orders and tenses are a table, ``resources/acts.toml``.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from nlp_tasks.lexicon import Phrases, load_table
from nlp_tasks.normalize import Normalized
from nlp_tasks.status.cues import clauses

__all__ = ["Act", "find_acts", "goal_features", "title_goal"]

_LEAD = re.compile(r"(?:\W|\d)*")
_JOINT = re.compile(r"\s*(?:,|;|và|để|rồi|hoặc)?\s*")
_REPORTED = ("did", "told")
_KEPT = "keep"


@dataclass(frozen=True, slots=True)
class Act:
    """An act that a clause of the result tells of, in source offsets.

    Parameters
    ----------
    name : str
        As in ``resources/acts.toml``: ``approve``, ``hold``, ….
    tense : str
        ``did`` (đã, vừa, được, … xong), ``told`` (no word of time), ``now`` (đang), ``will`` (sẽ, phấn đấu),
        ``part`` (cơ bản) or ``not`` (chưa).
    last : bool
        Whether it stands in the result's last clause.
    """

    name: str
    tense: str
    start: int
    end: int
    last: bool


@cache
def _phrases() -> Phrases:
    return Phrases(load_table("acts")["acts"])


@cache
def _openings() -> Phrases:
    return Phrases({"opening": load_table("acts")["openings"]})


@cache
def _tenses() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple(
        (name, re.compile(rf"(?<!\w)(?:{pattern})(?: \S+){{0,{gap}}} ?$"))
        for name, (pattern, gap) in load_table("acts")["tenses"].items()
    )


@cache
def _done_after() -> re.Pattern[str]:
    return re.compile(rf" (?:{load_table('acts')['done_after']})(?!\w)")


def title_goal(title: str) -> tuple[str, ...]:
    """Return the acts that a title opens with, in its order; the last one is the goal.

    Parameters
    ----------
    title : str
        Normalised text.

    Examples
    --------
    >>> title_goal("Lập, phê duyệt quy hoạch phân khu phía Nam")
    ('draft', 'approve')
    >>> title_goal("Chợ trung tâm xã")
    ()
    """
    text = title.lower()
    rest = text[_skip_openings(text) :]
    names: list[str] = []
    end = 0
    for name, start, stop in _phrases().find(rest):
        if not _JOINT.fullmatch(rest[end:start]):
            break
        names.append(name)
        end = stop
    # «Đưa chợ … vào hoạt động»: the goal stands at the end.
    if "use" not in names and any(name == "use" for name, _, _ in _phrases().find(text)):
        names.append("use")
    return tuple(names)


def _skip_openings(text: str) -> int:
    """Return where a title begins behind its number and words such as «tiếp tục», «công tác»."""
    position = 0
    while True:
        lead = _LEAD.match(text, position)
        position = lead.end() if lead else position
        opening = next(_openings().find(text[position:]), None)
        if opening is None or opening[1] > 0:
            return position
        position += opening[2]


def find_acts(normalized: Normalized) -> Iterator[Act]:
    """Yield the acts of a result with the tense that their clause gives them.

    Parameters
    ----------
    normalized : Normalized

    Examples
    --------
    >>> from nlp_tasks.normalize import normalize
    >>> [(act.name, act.tense) for act in find_acts(normalize("Đã thẩm định, chưa phê duyệt."))]
    [('appraise', 'did'), ('approve', 'not')]
    """
    text = normalized.text.lower()
    spans = list(clauses(text))
    for number, (start, end) in enumerate(spans):
        clause = text[start:end]
        for name, act_start, act_end in _phrases().find(clause):
            if name == _KEPT:
                continue
            source = normalized.to_source(start + act_start, start + act_end)
            tense = _tense(clause[:act_start], clause[act_end:])
            yield Act(name, tense, *source, number == len(spans) - 1)


def _tense(before: str, after: str) -> str:
    """Return the first tense whose words stand before an act; «đã» yields to any other."""
    found = [name for name, pattern in _tenses() if pattern.search(before)]
    done = "did" in found or _done_after().match(after)
    return next((name for name in found if name != "did"), "did" if done else "told")


@cache
def _orders() -> dict[str, tuple[str, ...]]:
    return {name: tuple(acts) for name, acts in load_table("acts")["orders"].items()}


def goal_features(goal: Sequence[str], acts: Sequence[Act]) -> dict[str, float]:
    """Set the acts of a result against the goal of its title.

    Parameters
    ----------
    goal : sequence of str
        As `title_goal` returns it.
    acts : sequence of Act

    Returns
    -------
    dict of str to float
        0/1 features: the goal's act, how the result tells of it, and whether any act at or behind it in an
        order is reported without one that is denied or under way.
    """
    if not goal:
        return {"goal:none": 1.0}
    aim = goal[-1]
    features = {f"goal:act:{aim}": 1.0}
    for act in acts:
        if act.name in goal:
            features[f"goal:told:{act.tense}"] = 1.0
            features[f"goal:told:{act.name}:{act.tense}"] = 1.0
            if act.last:
                features[f"goal:told:last:{act.tense}"] = 1.0
    places = {(place, act.tense) for act in acts for place in _places(aim, act.name)}
    features |= {f"goal:order:{place}:{tense}": 1.0 for place, tense in places}
    reported = {place for place, tense in places if tense in _REPORTED}
    open_ends = {place for place, tense in places if tense not in _REPORTED}
    if reported & {"at", "behind"}:
        features["goal:reported"] = 1.0
        if not open_ends & {"at", "behind"}:
            features["goal:reported:only"] = 1.0
    elif reported:
        features["goal:step_only"] = 1.0
    return features


def _places(aim: str, act: str) -> set[str]:
    """Return where an act stands to the goal's in their orders: ``before``, ``at`` or ``behind``."""
    places = set()
    for order in _orders().values():
        if aim in order and act in order:
            steps = order.index(act) - order.index(aim)
            places.add("at" if steps == 0 else "behind" if steps > 0 else "before")
    return places
