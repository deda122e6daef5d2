"""The page «Nhiệm vụ»: the filterable table, and the download of what it shows."""

from typing import Any

import pandas as pd
import streamlit as st

from nlp_tasks.viewer.html import COLOURS
from nlp_tasks.viewer.overview import report_name
from nlp_tasks.viewer.results import STATUSES, Filters, Results, exported, ordered, select, visible
from nlp_tasks.viewer.state import FILTER, choose, go, remember_list
from nlp_tasks.viewer.texts import Texts

__all__ = ["show"]

_ROW_HEIGHT = 80  # pixels; above 64, Streamlit wraps the texts
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def show(results: Results, texts: Texts) -> None:
    """Draw the page."""
    st.title(texts("tasks"), anchor=False)
    rows = select(results.frame, _filters(results, texts))
    remember_list(results, [int(position) for position in rows.index])
    if rows.empty:
        st.info(texts("found_none"))
        return
    said, xlsx, csv = st.columns([6, 1.4, 1.4], vertical_alignment="center")
    said.caption(texts("found", n=texts.number(len(rows)), total=texts.number(len(results.frame))))
    _download(xlsx, results, rows, ".xlsx", _XLSX, texts)
    _download(csv, results, rows, ".csv", "text/csv", texts)
    _table(results, rows, texts)


def _filters(results: Results, texts: Texts) -> Filters:
    """Draw the filters; return what they say."""
    frame = results.frame
    domains = ordered(frame["domain"].unique())
    search, status, domain = st.columns([2, 1.3, 1.7])
    query = search.text_input(texts("search"), placeholder=texts("search_hint"), key=f"{FILTER}query")
    statuses = _choice(status, "status", list(STATUSES), texts.status, texts)
    chosen_domains = _choice(domain, "domain", domains, texts.domain, texts)
    report, period, risk, review, clear = st.columns([2, 1.3, 0.9, 0.9, 0.6], vertical_alignment="bottom")
    reports = _choice(
        report, "report", list(results.reports), lambda name: report_name(results, name, texts), texts
    )
    periods = sorted(name for name in frame["period"].unique() if name)
    chosen_periods = _choice(period, "period", periods, texts.period, texts)
    at_risk = risk.checkbox(texts("only_at_risk"), key=f"{FILTER}at_risk")
    needs_review = review.checkbox(texts("only_needs_review"), key=f"{FILTER}needs_review")
    clear.button(texts("clear"), on_click=_clear, key="clear", width="stretch")
    return Filters(
        tuple(reports),
        tuple(chosen_periods),
        tuple(chosen_domains),
        tuple(statuses),
        at_risk,
        needs_review,
        query,
    )


def _choice(column: Any, name: str, options: list[str], called: Any, texts: Texts) -> list[str]:
    key = f"{FILTER}{name}"
    if key in st.session_state:  # another file may lack what was chosen
        st.session_state[key] = [option for option in st.session_state[key] if option in options]
    chosen: list[str] = column.multiselect(
        texts(name), options, format_func=called, placeholder=texts("all"), key=key
    )
    return chosen


def _clear() -> None:
    for key in list(st.session_state):
        if str(key).startswith(FILTER):
            value = st.session_state[key]
            st.session_state[key] = False if isinstance(value, bool) else "" if isinstance(value, str) else []


def _download(column: Any, results: Results, rows: Any, ending: str, mime: str, texts: Texts) -> None:
    column.download_button(
        texts(f"download_{ending[1:]}"),
        lambda: exported([results.tagged[position] for position in rows.index], ending),
        file_name=f"nhiem-vu{ending}",
        mime=mime,
        on_click="ignore",
        key=f"download_{ending[1:]}",
        width="stretch",
    )


def _table(results: Results, rows: Any, texts: Texts) -> None:
    """Draw the table; a click on a row opens it."""
    words = [texts.status(status) for status in STATUSES]
    flags = [texts("at_risk"), texts("needs_review")]
    names = {report: report_name(results, report, texts) for report in results.reports}
    shown = pd.DataFrame(
        {
            "status": [[texts.status(status)] for status in rows["status"]],
            "flags": [
                [word for word, is_set in zip(flags, row, strict=True) if is_set]
                for row in zip(rows["at_risk"], rows["needs_review"], strict=True)
            ],
            "title": rows["title"].map(visible),
            "summary": rows["summary"].map(visible),
            "domain": rows["domain"].map(texts.domain),
            "report": rows["report"].map(names).map(visible),
            "number": rows["number"],
        }
    )
    pills = st.column_config.MultiselectColumn
    event = st.dataframe(
        shown,
        hide_index=True,
        height=min(600, 38 + _ROW_HEIGHT * len(rows)),
        row_height=_ROW_HEIGHT,
        on_select="rerun",
        selection_mode=["single-row", "single-cell"],
        key="table",
        column_config={
            "status": pills(
                texts("status"), options=words, color=[COLOURS[status] for status in STATUSES], width=118
            ),
            "flags": pills(
                texts("flags"),
                options=flags,
                color=[COLOURS["at_risk"], COLOURS["needs_review"]],
                width=118,
            ),
            "title": st.column_config.TextColumn(texts("title"), width=310),
            "summary": st.column_config.TextColumn(texts("summary"), width=310),
            "domain": st.column_config.TextColumn(texts("domain"), width=170),
            "report": st.column_config.TextColumn(texts("report"), width=190),
            "number": st.column_config.NumberColumn(texts("number"), width=50, format="%d"),
        },
    )
    selection = event["selection"]
    picked = list(selection["rows"]) or [cell[0] for cell in selection["cells"]]
    if picked:
        choose(results, int(rows.index[picked[0]]))
        go("detail")
