"""The page «Tổng quan»: how many tasks stand where, and which need attention first."""

from typing import Any

import altair as alt
import streamlit as st

from nlp_tasks.viewer.html import COLOURS, badge, shown
from nlp_tasks.viewer.results import STATUSES, Results, counts, ordered, red_list
from nlp_tasks.viewer.state import choose, go, remember_list
from nlp_tasks.viewer.texts import Texts

__all__ = ["report_name", "show"]

_SHOWN = 10  # tasks of the red list on this page
_COLOURS_OF_STREAMLIT = {
    "blocked": "red",
    "on_track": "blue",
    "done": "green",
    "at_risk": "orange",
    "needs_review": "violet",
}


def show(results: Results, texts: Texts) -> None:
    """Draw the page."""
    st.title(texts("overview"), anchor=False)
    _counters(results.frame, texts)
    left, right = st.columns(2, gap="large") if len(results.reports) > 1 else (st.container(), None)
    with left:
        st.subheader(texts("by_domain"), anchor=False)
        st.html("".join(badge(status, texts.status(status)) for status in STATUSES))
        st.altair_chart(_chart(results.frame, texts), width="stretch")
    if right is not None:
        with right:
            st.subheader(texts("by_report"), anchor=False)
            st.html(_report_table(results, texts))
    _red_list(results, texts)


def _counters(frame: Any, texts: Texts) -> None:
    numbers = counts(frame)
    for column, (name, n) in zip(st.columns(len(numbers)), numbers.items(), strict=True):
        word = texts.status(name) if name in STATUSES else texts(name)
        colour = _COLOURS_OF_STREAMLIT.get(name)
        column.metric(
            f":{colour}[●] {word}" if colour else word,
            texts.number(n),
            delta=None if name == "total" else texts("share", share=texts.percent(n / len(frame))),
            delta_color="off",
            delta_arrow="off",
            help=texts(f"{name}_help") if name in {"at_risk", "needs_review"} else None,
            border=True,
            height="stretch",
        )


def _chart(frame: Any, texts: Texts) -> Any:
    """Return the bars of the domains that occur, in the order of the taxonomy, parted by status."""
    numbers = frame.groupby(["domain", "status"]).size().reset_index(name="n")
    domains = ordered(numbers["domain"].unique())
    numbers["order"] = numbers["status"].map(STATUSES.index)
    numbers["written"] = numbers["n"].map(texts.number)
    numbers["domain"] = numbers["domain"].map(texts.domain)
    numbers["status"] = numbers["status"].map(texts.status)
    words = [texts.status(status) for status in STATUSES]
    names = alt.Axis(title=None, labelLimit=320, labelFontSize=13)
    whole = alt.Axis(title=texts("n_tasks"), tickMinStep=1, format="d")
    colours = alt.Scale(domain=words, range=[COLOURS[status] for status in STATUSES])
    bars = alt.Chart(numbers).encode(
        y=alt.Y("domain:N", sort=[texts.domain(name) for name in domains], axis=names),
        x=alt.X("n:Q", stack="zero", axis=whole),
        order=alt.Order("order:Q"),
        tooltip=[
            alt.Tooltip("domain:N", title=texts("domain")),
            alt.Tooltip("status:N", title=texts("status")),
            alt.Tooltip("written:N", title=texts("n_tasks")),
        ],
    )
    coloured = bars.mark_bar(size=18).encode(color=alt.Color("status:N", scale=colours, legend=None))
    return coloured.properties(height=60 + 30 * len(domains))


def _report_table(results: Results, texts: Texts) -> str:
    head = [texts("report"), texts("all"), *(texts.status(name) for name in STATUSES), texts("at_risk")]
    rows = []
    for report, frame in results.frame.groupby("report", sort=False):
        numbers = counts(frame)
        cells = [texts.number(numbers[name]) for name in ("total", *STATUSES, "at_risk")]
        rows.append(
            f"<tr><td>{_report_cell(results, report, texts)}</td>"
            + "".join(f'<td class="nt-n">{cell}</td>' for cell in cells)
            + "</tr>"
        )
    names = f"<th>{shown(head[0])}</th>" + "".join(
        f'<th class="nt-n">{shown(name)}</th>' for name in head[1:]
    )
    table = f'<table class="nt-table"><thead><tr>{names}</tr></thead><tbody>{"".join(rows)}</tbody></table>'
    return f'<div class="nt-scroll">{table}</div>'


def _report_cell(results: Results, report: str, texts: Texts) -> str:
    place, *rest = report_name(results, report, texts).split(" · ")
    parts = " · ".join(f'<span class="nt-whole">{shown(part)}</span>' for part in rest)
    return f'{shown(place)}<br><span class="nt-quiet">{parts}</span>' if rest else shown(place)


def report_name(results: Results, report: str, texts: Texts) -> str:
    """Return how a report is called: its place and period, its number, or its id."""
    facts = results.reports.get(report)
    if facts is None:
        return report
    named = " · ".join(part for part in (facts.place, texts.period(facts.period), facts.ref) if part)
    return named or report


def _red_list(results: Results, texts: Texts) -> None:
    st.subheader(texts("red_list"), anchor=False)
    rows = red_list(results.frame)
    positions = [int(position) for position in rows.index]
    if not positions:
        st.success(texts("red_list_empty"))
        return
    for position in positions[:_SHOWN]:
        item, button = st.columns([12, 1], vertical_alignment="center")
        item.html(_item(results, position, texts))
        if button.button(texts("open"), key=f"open_{position}", width="stretch"):
            remember_list(results, positions)
            choose(results, position)
            go("detail")
    if len(positions) > _SHOWN and st.button(
        texts("red_list_more", n=texts.number(len(positions))), key="red_list_more"
    ):
        st.session_state["filter_at_risk"] = True
        go("tasks")


def _item(results: Results, position: int, texts: Texts) -> str:
    row = results.frame.loc[position]
    status = str(row["status"])
    at_risk = badge("at_risk", texts("at_risk")) if status != "blocked" else ""
    colour = COLOURS["at_risk"] if at_risk else COLOURS["blocked"]
    where = f"{texts.domain(row['domain'])} · {report_name(results, row['report'], texts)}"
    return (
        f'<div class="nt-item" style="--nt:{colour}">{badge(status, texts.status(status))}{at_risk}'
        f"<b>{shown(row['title'])}</b><p>{shown(row['summary'])}</p>"
        f'<p class="nt-quiet">{shown(where)}</p></div>'
    )
