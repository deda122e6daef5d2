"""Loads results, lays them out as a frame, and filters and counts them; all but `load` is pure."""

import re
import sys
import tempfile
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from os import environ
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from nlp_tasks.assets import domain_names
from nlp_tasks.schema import ReportFacts, Status, TaggedTask
from nlp_tasks.store import read_rows, write_rows
from nlp_tasks.viewer.html import INVISIBLE

__all__ = [
    "STATUSES",
    "Filters",
    "Results",
    "counts",
    "exported",
    "folded",
    "load",
    "load_upload",
    "named_path",
    "ordered",
    "red_list",
    "search_key",
    "select",
    "to_frame",
    "visible",
]

STATUSES = (Status.BLOCKED.value, Status.ON_TRACK.value, Status.DONE.value)
"""The statuses in the order in which a reader wants them: trouble first."""

_FRAME_COLUMNS = (
    "number",
    "report",
    "period",
    "title",
    "summary",
    "domain",
    "status",
    "at_risk",
    "needs_review",
    "key",
    "folded",
)
_TONES = "\u0300\u0301\u0303\u0309\u0323"  # grave, acute, tilde, hook, dot below
_UNSAFE = re.compile(r"[^\w.\- ]")  # in a file's name: «/», «:», «*»; not «ữ», «.», «-»
_SYLLABLE = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True)
class Results:
    """An opened results file.

    Parameters
    ----------
    name : str
        The file's name, as shown.
    key : str
        Differs for each file and each state of it.
    tagged : tuple of TaggedTask
    frame : pandas.DataFrame
        One row for each of ``tagged``, in the same order; see `to_frame`.
    reports : dict
        The facts of each report by its id.
    """

    name: str
    key: str
    tagged: tuple[TaggedTask, ...]
    frame: Any
    reports: dict[str, ReportFacts]


@dataclass(frozen=True)
class Filters:
    """What the rows of the table must be; an empty choice lets everything through."""

    reports: tuple[str, ...] = ()
    periods: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    at_risk: bool = False
    needs_review: bool = False
    query: str = ""


def named_path() -> Path | None:
    """Return the results path given after ``streamlit run app.py --`` or in ``NLP_TASKS_RESULTS``."""
    is_app = bool(sys.argv) and Path(sys.argv[0]).name == "app.py"
    named = sys.argv[1] if is_app and len(sys.argv) > 1 else environ.get("NLP_TASKS_RESULTS", "")
    return Path(named) if named else None


def load(path: Path) -> Results:
    """Read a results file, once for each state of it.

    Raises
    ------
    ReadError, SchemaError
        If the file is missing or isn't a results file.
    """
    changed = path.stat().st_mtime_ns if path.exists() else 0
    return _load(str(path), changed)


# Shared and not copied: cache_data would unpickle every task at every click (1.2 s for 10,000 of them).
# Tagged tasks are frozen, and nothing here or in the pages changes a frame.
@st.cache_resource(show_spinner=False, max_entries=4)
def _load(path: str, changed: int) -> Results:
    return _results(Path(path).name, f"{path}:{changed}", read_rows(path))


@st.cache_resource(show_spinner=False, max_entries=4)
def load_upload(name: str, content: bytes) -> Results:
    """Read an uploaded results file; errors as for `load`."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / _UNSAFE.sub("_", Path(name).name)[-80:]
        path.write_bytes(content)
        return _results(name, f"{name}:{len(content)}:{hash(content)}", read_rows(path))


def _results(name: str, key: str, tagged: list[TaggedTask]) -> Results:
    reports = {_report_id(item): item.task.report for item in tagged}
    return Results(name, key, tuple(tagged), to_frame(tagged), reports)


def exported(tagged: Iterable[TaggedTask], ending: str) -> bytes:
    """Return the tasks as the bytes of a results file with this ending."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"out{ending}"
        write_rows(tagged, path)
        return path.read_bytes()


def to_frame(tagged: Iterable[TaggedTask]) -> Any:
    """Return what the table, the filters and the counts need of each task, by position.

    Returns
    -------
    pandas.DataFrame
        Columns ``number``, ``report``, ``period``, ``title``, ``summary``, ``domain``, ``status``,
        ``at_risk``, ``needs_review``, ``key`` and ``folded`` (what is searched).
    """
    return pd.DataFrame([_frame_row(item) for item in tagged], columns=list(_FRAME_COLUMNS))


def _frame_row(tagged: TaggedTask) -> dict[str, object]:
    task = tagged.task
    searched = " \n ".join((task.title, task.result, task.plan, task.section, tagged.summary.text, task.id))
    return {
        "number": task.number,
        "report": _report_id(tagged),
        "period": task.period or task.report.period,
        "title": task.title,
        "summary": tagged.summary.text,
        "domain": tagged.domain.label,
        "status": tagged.status.status.label,
        "at_risk": tagged.status.at_risk,
        "needs_review": tagged.needs_review,
        "key": search_key(searched),
        "folded": folded(searched),
    }


def _report_id(tagged: TaggedTask) -> str:
    return tagged.task.report_id or tagged.task.report.ref or tagged.task.source.file


def folded(text: str) -> str:
    """Return the text in lower case, without diacritics.

    Examples
    --------
    >>> folded("Giải phóng MẶT BẰNG, Đường 279")
    'giai phong mat bang, duong 279'
    """
    letters = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def visible(text: str) -> str:
    r"""Return the text on one line, with invisible and direction-changing characters replaced.

    Examples
    --------
    >>> visible("a\u202eb\n c")
    'a�b c'
    """
    return INVISIBLE.sub("\N{REPLACEMENT CHARACTER}", " ".join(text.split()))


def search_key(text: str) -> str:
    """Return the text in lower case with each syllable's tone mark at its end.

    So both ways of placing a tone are found by each other.

    Examples
    --------
    >>> search_key("Hoà Bình") == search_key("hòa bình")
    True
    >>> search_key("thoả thuận") == search_key("thóa thuận")
    False
    """
    return _SYLLABLE.sub(lambda match: _tone_last(match[0]), unicodedata.normalize("NFC", text.lower()))


def _tone_last(syllable: str) -> str:
    if syllable.isascii():
        return syllable
    letters = unicodedata.normalize("NFD", syllable)
    bare = "".join(letter for letter in letters if letter not in _TONES)
    tones = "".join(letter for letter in letters if letter in _TONES)
    return unicodedata.normalize("NFC", bare) + tones


def select(frame: Any, filters: Filters) -> Any:
    """Return the rows that pass all filters, their order and index kept.

    Every word of the query must occur; a query without diacritics is searched without them.
    """
    kept = pd.Series(True, index=frame.index)
    for column, chosen in (
        ("report", filters.reports),
        ("period", filters.periods),
        ("domain", filters.domains),
        ("status", filters.statuses),
    ):
        if chosen:
            kept &= frame[column].isin(chosen)
    for column, wanted in (("at_risk", filters.at_risk), ("needs_review", filters.needs_review)):
        if wanted:
            kept &= frame[column].astype(bool)
    query = unicodedata.normalize("NFC", filters.query.lower())
    bare = folded(query) == query
    for word in query.split():
        column, wanted_text = ("folded", word) if bare else ("key", search_key(word))
        kept &= frame[column].str.contains(wanted_text, regex=False)
    return frame[kept]


def ordered(domains: Iterable[str]) -> list[str]:
    """Return domains in the order of the taxonomy, those of another taxonomy behind it by name.

    Examples
    --------
    >>> ordered(["zoo", "finance", "planning", "art"])
    ['planning', 'finance', 'art', 'zoo']
    """
    known = list(domain_names())
    place = {name: n for n, name in enumerate(known)}
    return sorted(domains, key=lambda name: (place.get(name, len(known)), name))


def counts(frame: Any) -> dict[str, int]:
    """Return the number of tasks: in all, of each status, at risk, and to review.

    The statuses add up to ``total``; ``at_risk`` and ``needs_review`` count across them.
    """
    by_status = frame["status"].value_counts()
    return {
        "total": len(frame),
        **{status: int(by_status.get(status, 0)) for status in STATUSES},
        "at_risk": int(frame["at_risk"].sum()),
        "needs_review": int(frame["needs_review"].sum()),
    }


def red_list(frame: Any) -> Any:
    """Return the blocked tasks and then the others at risk, each in the order of the reports."""
    blocked = frame["status"] == Status.BLOCKED.value
    return pd.concat([frame[blocked], frame[~blocked & frame["at_risk"].astype(bool)]])
