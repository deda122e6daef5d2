"""All that a task's text says of its state, as features for a classifier and as findings for the evidence."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from nlp_tasks.normalize import Normalized
from nlp_tasks.schema import Figure, Task
from nlp_tasks.status.cues import Hit, cue_features, find_hits
from nlp_tasks.status.goals import Act, find_acts, goal_features, title_goal
from nlp_tasks.status.measures import Measure, elapsed_share, measure, measure_features

__all__ = ["StatusReading", "read_status"]

_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_SHORT, _LONG = 25, 80  # syllables of a result


@dataclass(frozen=True, slots=True)
class StatusReading:
    """What `read_status` found.

    Parameters
    ----------
    features : mapping of str to float
        Named features in [0, 1] for the classifier.
    hits : tuple of Hit
        Cues of all fields.
    measures : tuple of Measure
        Of the result's figures.
    acts : tuple of Act
        Of the result, those of the title's kind of goal only.
    """

    features: Mapping[str, float]
    hits: tuple[Hit, ...]
    measures: tuple[Measure, ...]
    acts: tuple[Act, ...]


def read_status(task: Task, normalized: Mapping[str, Normalized], figures: Sequence[Figure]) -> StatusReading:
    """Read what the fields of a task say of its state.

    Parameters
    ----------
    task : Task
    normalized : mapping of field to Normalized
        The three fields as `nlp_tasks.normalize` gives them: cues are sought in them, since scans
        misread words, and mapped back.
    figures : sequence of Figure
        All figures of the task, in source offsets.

    Returns
    -------
    StatusReading

    Examples
    --------
    >>> from nlp_tasks.normalize import normalize
    >>> task = Task(id="a/1", title="Thi công cầu Ngòi Đum", result="Tạm dừng thi công do thiếu vốn.")
    >>> fields = {field: normalize(getattr(task, field)) for field in ("title", "result", "plan")}
    >>> [(hit.name, hit.scope) for hit in read_status(task, fields, []).hits]
    [('obstacle.suspended', 'fact'), ('cause', 'fact'), ('obstacle.money', 'fact')]
    """
    hits = tuple(hit for field, text in normalized.items() for hit in find_hits(text, field))
    found = (measure(task.result, figure) for figure in figures if figure.field == "result")
    measures = tuple(found for found in found if found is not None)
    goal = title_goal(normalized["title"].text)
    acts = tuple(find_acts(normalized["result"]))
    features = {
        **cue_features(hits),
        **measure_features(task, figures, measures),
        **goal_features(goal, acts),
        **_shape_features(task, normalized),
        **_time_features(task),
    }
    reported = tuple(act for act in acts if act.name in goal)
    return StatusReading(features, hits, measures, reported)


def _shape_features(task: Task, normalized: Mapping[str, Normalized]) -> dict[str, float]:
    """Say what is there at all, and how much the result takes up the title's words."""
    title, result = normalized["title"].text.lower(), normalized["result"].text.lower()
    syllables = result.split()
    pairs = set(zip(title.split(), title.split()[1:], strict=False))
    shared = pairs & set(zip(syllables, syllables[1:], strict=False))
    return {
        "overlap": len(shared) / max(1, len(pairs)),
        "plan:empty": float(not task.plan),
        "result:empty": float(not syllables),
        "result:short": float(len(syllables) < _SHORT),
        "result:long": float(len(syllables) > _LONG),
        "title:rate": float("tỷ lệ" in title or "%" in title),
        "title:question": float(title.startswith(("cử tri", "đề nghị", "kiến nghị", "về phản ánh"))),
    }


def _time_features(task: Task) -> dict[str, float]:
    """Say how the years of the title lie to the report's: past, running, later, or a span of years."""
    years = [int(year) for year in _YEAR.findall(task.title)]
    features = {
        "period:none": float(not task.period),
        "period:closed": float(elapsed_share(task.period) == 1),
    }
    if len(set(years)) > 1:
        features["title:years"] = 1.0
    if years and task.period:
        now = int(task.period[:4])
        features[
            "title:past" if max(years) < now else "title:this_year" if max(years) == now else "title:later"
        ] = 1.0
    return features
