"""A predicted status together with the spans that speak for it."""

from collections.abc import Sequence

from nlp_tasks.schema import Evidence, Prediction, Status, StatusLabel, Task
from nlp_tasks.status.measures import REACHED, Base, Measure
from nlp_tasks.status.reading import StatusReading

__all__ = ["decide"]

_KINDS: dict[str, tuple[tuple[str, str], ...]] = {
    Status.BLOCKED: (("obstacle", "fact"),),
    Status.DONE: (("done", "fact"), ("reached", "fact")),
    Status.ON_TRACK: (
        ("ongoing", "fact"),
        ("partial", "fact"),
        ("delay", "fact"),
        ("done", "negated"),
        ("not_yet", "fact"),
    ),
}
_MOST = 4


def decide(task: Task, reading: StatusReading, status: Prediction, *, at_risk: bool) -> StatusLabel:
    """Put a predicted label together with the spans that speak for it.

    Parameters
    ----------
    task : Task
    reading : StatusReading
    status : Prediction
    at_risk : bool
        As predicted for a task that goes on; a blocked task always is, a finished one never
        (annotation guideline, rule 5).

    Returns
    -------
    StatusLabel
        With at most four pieces of evidence, in the order of the text.
    """
    if status.label in (Status.BLOCKED, Status.DONE):
        at_risk = status.label == Status.BLOCKED
    return StatusLabel(status, at_risk, _evidence(task, reading, status.label, at_risk=at_risk))


def _evidence(task: Task, reading: StatusReading, label: str, *, at_risk: bool) -> tuple[Evidence, ...]:
    wanted = _KINDS.get(label, ())
    if at_risk and label == Status.ON_TRACK:
        wanted = (("delay", "fact"), *wanted)
    cues = [
        Evidence(
            hit.field, hit.start, hit.end, getattr(task, hit.field)[hit.start : hit.end], f"cue:{hit.name}"
        )
        for kind, scope in wanted
        for hit in reading.hits
        if (hit.kind, hit.scope, hit.field) == (kind, scope, "result")
    ]
    acts = [
        Evidence("result", act.start, act.end, task.result[act.start : act.end], f"goal:{act.name}")
        for act in reading.acts
        if label == Status.DONE and act.tense == "did"
    ]
    found = [*_figure_evidence(reading.measures, label), *acts, *cues]
    return tuple(sorted(_without_overlaps(found)[:_MOST], key=lambda e: (e.field, e.start)))


def _figure_evidence(measures: Sequence[Measure], label: str) -> list[Evidence]:
    """Give the figures that show the goal reached, or short of it."""
    if label == Status.BLOCKED:
        return []
    found = []
    for measure in measures:
        figure = measure.figure
        reached = measure.share >= REACHED
        if measure.base in (Base.TARGET, Base.WHOLE) and reached == (label == Status.DONE):
            rule = "figure:reached" if reached else "figure:short"
            found.append(Evidence(figure.field, figure.start, figure.end, figure.text, rule))
    return found


def _without_overlaps(found: Sequence[Evidence]) -> list[Evidence]:
    kept: list[Evidence] = []
    for evidence in found:
        if all(evidence.end <= other.start or other.end <= evidence.start for other in kept):
            kept.append(evidence)
    return kept
