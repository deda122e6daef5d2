"""The nouns of the project: small frozen dataclasses that keep their reasons; no I/O.

Offsets are half-open and count code points of the stored field, so for every span ``s`` of a task
``getattr(task, s.field)[s.start:s.end] == s.text`` holds, in the viewer too.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

__all__ = [
    "FIELDS",
    "Evidence",
    "Figure",
    "FigureKind",
    "Join",
    "LabelledTask",
    "Prediction",
    "Reason",
    "Report",
    "ReportFacts",
    "Source",
    "Span",
    "Status",
    "StatusLabel",
    "Summary",
    "TaggedTask",
    "Task",
    "Token",
    "Warn",
]

FIELDS = ("title", "result", "plan")
"""The three text fields of a task, in the order in which a report prints them."""


class Status(StrEnum):
    """Where a task stands on the report's date (annotation guideline, «Status»)."""

    BLOCKED = "blocked"
    DONE = "done"
    ON_TRACK = "on_track"


class FigureKind(StrEnum):
    """What a figure counts."""

    MONEY = "money"
    PERCENT = "percent"
    RATIO = "ratio"
    AREA = "area"
    COUNT = "count"
    DATE = "date"
    PERIOD = "period"
    DOCUMENT = "document"


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a text: ``text[start:end]`` of the text that was tokenised."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of one field of a task."""

    field: str
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Evidence(Span):
    """A span that decided the status, with the name of the rule or feature that it fired."""

    rule: str


@dataclass(frozen=True, slots=True)
class Figure(Span):
    """A typed value.

    Parameters
    ----------
    kind : FigureKind
    value : float or str
        The number as written, by the Vietnamese number style («113.000» is 113000.0, «28,1» is 28.1);
        a ratio's quotient; an ISO date (``2024-02-01``), a period (``2024-Q1``) or a document number.
    unit : str
        As written, lower case: ``triệu đồng``, ``%``, ``ha``, ``hộ``; empty where there is none.
    """

    kind: FigureKind
    value: float | str
    unit: str


@dataclass(frozen=True, slots=True)
class Warn:
    """Something in the row that a reader should look at, such as a percentage that doesn't add up."""

    code: str
    message: str
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Join:
    """Why a row of a table was taken for the continuation of the row above it.

    Parameters
    ----------
    row : int
        The source row that was joined on (1-based line or table row).
    score : float
        In [0, 1]; rows below the reader's threshold are not joined.
    reason : str
        The signals that spoke for it.
    """

    row: int
    score: float
    reason: str


@dataclass(frozen=True, slots=True)
class Source:
    """Where a task stands: file, sheet or page (empty where the format has none), row, joins."""

    file: str = ""
    sheet: str = ""
    row: int = 0
    joins: tuple[Join, ...] = ()


@dataclass(frozen=True, slots=True)
class ReportFacts:
    """What a report says of itself; empty strings where it doesn't.

    Parameters
    ----------
    ref : str
        Document number, ``219/BC-UBND``.
    date : str
        ISO date, ``2024-03-15``.
    period : str
        ``2024-Q1``, ``2024-H1``, ``2024-9M``, ``2024-05`` or ``2024``.
    place, issuer : str
        As written: ``thành phố Lạng Sơn``, ``UBND thành phố Lạng Sơn``.
    """

    ref: str = ""
    date: str = ""
    period: str = ""
    place: str = ""
    issuer: str = ""


@dataclass(frozen=True, slots=True)
class Task:
    """One task as the report has it: a row of its table or an item of its text."""

    id: str
    title: str
    result: str
    plan: str = ""
    report_id: str = ""
    period: str = ""
    section: str = ""
    number: int = 0
    source: Source = Source()
    report: ReportFacts = ReportFacts()


@dataclass(frozen=True, slots=True)
class Report:
    """A report file as read: its own facts, its tasks in order, and what had to be mended."""

    facts: ReportFacts
    tasks: tuple[Task, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LabelledTask:
    """A task with the labels and the summary that an annotator gave it."""

    task: Task
    domain: str
    status: str
    at_risk: bool
    summary: str


@dataclass(frozen=True, slots=True)
class Prediction:
    """A label with its calibrated score in [0, 1], and the scores of all labels."""

    label: str
    score: float
    scores: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reason:
    """Something that raised a label over the runner-up, or spoke against it.

    Parameters
    ----------
    about : str
        What the label is of: ``domain``, ``status`` or ``at_risk``.
    field : str
        Where the term stands; empty for a finding about the whole row.
    term : str
        One or two syllables as the model reads them, or the finding in words.
    weight : float
        By how much it raised the label over the second best, in logits; negative where it spoke against.
    """

    about: str
    field: str
    term: str
    weight: float


@dataclass(frozen=True, slots=True)
class StatusLabel:
    """A task's status, whether it is late or behind pace, and what in the text says so."""

    status: Prediction
    at_risk: bool
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Summary:
    """One sentence made of the source's own clauses, with the spans that it came from."""

    text: str
    sources: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class TaggedTask:
    """A task with everything the pipeline found in it."""

    task: Task
    domain: Prediction
    status: StatusLabel
    summary: Summary
    needs_review: bool = False
    figures: tuple[Figure, ...] = ()
    warnings: tuple[Warn, ...] = ()
    reasons: tuple[Reason, ...] = ()
