"""A task, labelled or tagged, and the row that stands for it."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from nlp_tasks.errors import SchemaError
from nlp_tasks.schema import (
    FIELDS,
    Evidence,
    Figure,
    FigureKind,
    Join,
    LabelledTask,
    Prediction,
    Reason,
    ReportFacts,
    Source,
    Span,
    Status,
    StatusLabel,
    Summary,
    TaggedTask,
    Task,
    Warn,
)
from nlp_tasks.store import cells

__all__ = ["COLUMNS", "Row", "check_columns", "from_row", "labelled_from_row", "task_from_row", "to_row"]

Row = dict[str, Any]

COLUMNS = (
    "id",
    "report_id",
    "period",
    "section",
    "number",
    "title",
    "result",
    "plan",
    "domain",
    "domain_score",
    "domain_scores",
    "status",
    "status_score",
    "status_scores",
    "at_risk",
    "needs_review",
    "summary",
    "summary_sources",
    "evidence",
    "reasons",
    "figures",
    "warnings",
    "source",
    "report",
)
"""The columns of a tagged row, in the order in which every format writes them."""

_NEEDED_TASK = ("title", "result")
_NEEDED_LABELLED = ("title", "result", "domain", "status", "at_risk", "summary")
_NEEDED_TAGGED = (
    "id",
    "title",
    "result",
    "domain",
    "domain_score",
    "status",
    "status_score",
    "at_risk",
    "needs_review",
    "summary",
)
_NUMERIC = (FigureKind.MONEY, FigureKind.PERCENT, FigureKind.RATIO, FigureKind.AREA, FigureKind.COUNT)


def to_row(tagged: TaggedTask) -> Row:
    """Return all fields of a tagged task as a plain, nested ``dict`` in the order of `COLUMNS`.

    Examples
    --------
    >>> tagged = TaggedTask(
    ...     Task("BC/1", "Giải phóng mặt bằng", "Đã chi trả 42/87 hộ"),
    ...     Prediction("land_clearance", 0.97),
    ...     StatusLabel(Prediction("on_track", 0.91), at_risk=False),
    ...     Summary("Đã chi trả 42/87 hộ."),
    ... )
    >>> row = to_row(tagged)
    >>> row["domain"], row["status_score"], row["evidence"]
    ('land_clearance', 0.91, [])
    >>> from_row(row) == tagged
    True
    """
    row = {
        **_plain(tagged.task),
        **_plain_prediction("domain", tagged.domain),
        **_plain_prediction("status", tagged.status.status),
        "at_risk": bool(tagged.status.at_risk),
        "needs_review": bool(tagged.needs_review),
        "summary": tagged.summary.text,
        "summary_sources": _plain(tagged.summary.sources),
        "evidence": _plain(tagged.status.evidence),
        "reasons": _plain(tagged.reasons),
        "figures": _plain(tagged.figures),
        "warnings": _plain(tagged.warnings),
    }
    return {name: row[name] for name in COLUMNS}


def from_row(row: Mapping[str, Any]) -> TaggedTask:
    """Return the tagged task that a row stands for: the inverse of `to_row`.

    Parameters
    ----------
    row : mapping
        Cells as any of the four formats gives them: nested values as such or as JSON text, flags as
        such or as ``true``/``false``. Columns that aren't in `COLUMNS` are left out.

    Raises
    ------
    SchemaError
        If a column is missing, a cell has another type than its column, a score lies outside [0, 1],
        the status is unknown, or a span's text isn't what stands at its place.
    """
    check_columns(row, _NEEDED_TAGGED)
    task = _task(row)
    return TaggedTask(
        task=task,
        domain=_prediction(row, "domain", cells.label(row, "domain")),
        status=StatusLabel(
            status=_prediction(row, "status", cells.choice(row, "status", Status)),
            at_risk=cells.flag(row, "at_risk"),
            evidence=tuple(_evidence(item, task) for item in cells.records(row, "evidence")),
        ),
        summary=Summary(cells.text(row, "summary"), _spans(row, "summary_sources", task)),
        needs_review=cells.flag(row, "needs_review"),
        figures=tuple(_figure(item, task) for item in cells.records(row, "figures")),
        warnings=tuple(_warn(item, task) for item in cells.records(row, "warnings")),
        reasons=tuple(_reason(item) for item in cells.records(row, "reasons")),
    )


def task_from_row(row: Mapping[str, Any]) -> Task:
    """Return the task of a row; its labels, if any, and columns that aren't a task's are left out.

    Raises
    ------
    SchemaError
        If ``title`` or ``result`` is missing, a cell has the wrong type, or both texts are empty.

    Examples
    --------
    >>> task_from_row({"title": "Thu ngân sách", "result": "Đạt 70 %", "plan": None, "status": "?"}).plan
    ''
    """
    check_columns(row, _NEEDED_TASK)
    task = _task(row)
    if not (task.title.strip() or task.result.strip()):
        raise SchemaError("cột 'title' và 'result' đều trống")
    return task


def labelled_from_row(row: Mapping[str, Any]) -> LabelledTask:
    """Return the labelled task of a row.

    Raises
    ------
    SchemaError
        If a column is missing, a cell has the wrong type or a label is empty or unknown.
    """
    check_columns(row, _NEEDED_LABELLED)
    return LabelledTask(
        task=_task(row),
        domain=cells.label(row, "domain"),
        status=cells.choice(row, "status", Status),
        at_risk=cells.flag(row, "at_risk"),
        summary=cells.text(row, "summary"),
    )


def check_columns(row: Mapping[str, Any], needed: tuple[str, ...]) -> None:
    """Raise a `SchemaError` that names the columns that the row lacks."""
    missing = [name for name in needed if name not in row]
    if missing:
        names = ", ".join(f"'{name}'" for name in missing)
        raise SchemaError(f"thiếu cột {names}; cần có: {', '.join(needed)}")


def _plain(value: Any) -> Any:
    """Return a dataclass as a dict, a tuple as a list and a member of an enum as its text."""
    if isinstance(value, str):
        return str(value)
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    return value


def _plain_prediction(name: str, prediction: Prediction) -> Row:
    return {
        name: str(prediction.label),
        f"{name}_score": float(prediction.score),  # a classifier may give numpy's numbers
        f"{name}_scores": {str(label): float(score) for label, score in prediction.scores.items()},
    }


def _task(row: Mapping[str, Any]) -> Task:
    return Task(
        id=cells.text(row, "id"),
        title=cells.text(row, "title"),
        result=cells.text(row, "result"),
        plan=cells.text(row, "plan"),
        report_id=cells.text(row, "report_id"),
        period=cells.text(row, "period"),
        section=cells.text(row, "section"),
        number=cells.integer(row, "number"),
        source=_source(cells.record(row, "source")),
        report=_facts(cells.record(row, "report")),
    )


def _source(record: Mapping[str, Any]) -> Source:
    return Source(
        file=cells.text(record, "file"),
        sheet=cells.text(record, "sheet"),
        row=cells.integer(record, "row"),
        joins=tuple(_join(item) for item in cells.records(record, "joins")),
    )


def _join(record: Mapping[str, Any]) -> Join:
    return Join(cells.integer(record, "row"), cells.score(record, "score"), cells.text(record, "reason"))


def _facts(record: Mapping[str, Any]) -> ReportFacts:
    return ReportFacts(**{field.name: cells.text(record, field.name) for field in fields(ReportFacts)})


def _prediction(row: Mapping[str, Any], name: str, label: str) -> Prediction:
    return Prediction(label, cells.score(row, f"{name}_score"), cells.scores(row, f"{name}_scores"))


def _place(record: Mapping[str, Any], task: Task) -> tuple[str, int, int, str]:
    """Return field, start, end and text of a span, once it is sure that the text stands there."""
    name, text = cells.text(record, "field"), cells.text(record, "text")
    start, end = cells.integer(record, "start"), cells.integer(record, "end")
    if name not in FIELDS:
        raise SchemaError(f"đoạn trích ở trường '{name}' lạ; đã biết: {', '.join(FIELDS)}")
    if getattr(task, name)[start:end] != text:
        raise SchemaError(f"đoạn trích «{text}» không đứng ở {name}[{start}:{end}]")
    return name, start, end, text


def _spans(row: Mapping[str, Any], name: str, task: Task) -> tuple[Span, ...]:
    return tuple(Span(*_place(item, task)) for item in cells.records(row, name))


def _evidence(record: Mapping[str, Any], task: Task) -> Evidence:
    return Evidence(*_place(record, task), rule=cells.text(record, "rule"))


def _figure(record: Mapping[str, Any], task: Task) -> Figure:
    kind = FigureKind(cells.choice(record, "kind", FigureKind))
    value = cells.number(record, "value") if kind in _NUMERIC else cells.text(record, "value")
    return Figure(*_place(record, task), kind, value, unit=cells.text(record, "unit"))


def _warn(record: Mapping[str, Any], task: Task) -> Warn:
    return Warn(cells.text(record, "code"), cells.text(record, "message"), _spans(record, "spans", task))


def _reason(record: Mapping[str, Any]) -> Reason:
    about, field, term = (cells.text(record, name) for name in ("about", "field", "term"))
    return Reason(about, field, term, cells.number(record, "weight"))
