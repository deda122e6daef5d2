"""The page «Chi tiết»: one task with everything that was found in it, and why."""

import streamlit as st

from nlp_tasks.schema import FIELDS, Figure, Reason, TaggedTask
from nlp_tasks.viewer.html import COLOURS, Mark, badge, bars, definitions, marked, shown
from nlp_tasks.viewer.results import Results
from nlp_tasks.viewer.state import choose, chosen, go, listed
from nlp_tasks.viewer.texts import Texts

__all__ = ["marks_of", "show"]

_ABOUT = ("domain", "status", "at_risk")


def show(results: Results, texts: Texts) -> None:
    """Draw the page."""
    position = chosen(results)
    _steps(results, position, texts)
    st.query_params["task"] = str(position + 1)
    tagged = results.tagged[position]
    status = tagged.status.status.label
    st.html(_head(tagged, texts))
    left, right = st.columns([2, 1], gap="large")
    colour = COLOURS.get(status, "#7a8694")
    left.html(f'<div style="--nt:{colour}">{_fields(tagged, texts)}{_legend(tagged, texts)}</div>')
    if tagged.reasons:
        left.html(_reasons(tagged.reasons, texts))
    if tagged.figures:
        with left.expander(texts("figures")):
            st.html(_figures(tagged.figures, texts))
    right.html(_summary(tagged, texts) + _warnings(tagged, texts) + _labels(tagged, texts))
    right.html(
        f'<div class="nt-box"><h4>{shown(texts("facts"))}</h4>{definitions(_facts(tagged, texts))}</div>'
    )


def _steps(results: Results, position: int, texts: Texts) -> None:
    """Draw the way back to the list, and to the task before and after in it."""
    order = listed(results)
    if position not in order:
        order = list(range(len(results.tagged)))
    at = order.index(position)
    back, _, before, place, after = st.columns([1.5, 4, 1, 1, 1], vertical_alignment="center")
    if back.button(texts("back"), key="back", width="stretch"):
        go("tasks")
    before.button(
        texts("previous"),
        key="previous",
        disabled=at == 0,
        on_click=choose,
        args=(results, order[max(at - 1, 0)]),
        width="stretch",
    )
    of = texts("place_in_list", n=texts.number(at + 1), total=texts.number(len(order)))
    place.caption(of, text_alignment="center")
    after.button(
        texts("next"),
        key="next",
        disabled=at == len(order) - 1,
        on_click=choose,
        args=(results, order[min(at + 1, len(order) - 1)]),
        width="stretch",
    )


def _head(tagged: TaggedTask, texts: Texts) -> str:
    label = tagged.status.status.label
    parts = [badge(label, texts.status(label))]
    if tagged.status.at_risk:
        parts.append(badge("at_risk", texts("at_risk")))
    if tagged.needs_review:
        parts.append(badge("needs_review", texts("needs_review")))
    parts.append(badge("", texts.domain(tagged.domain.label)))
    number = f"{texts('number')} {tagged.task.number}" if tagged.task.number else ""
    where = " · ".join(part for part in (number, tagged.task.section) if part)
    return f'<div class="nt-head">{"".join(parts)}<span class="nt-quiet">{shown(where)}</span></div>'


def marks_of(tagged: TaggedTask, field: str, texts: Texts) -> list[Mark]:
    """Return all that is to be marked in one field: evidence, figures, the summary's sources, warnings."""
    found = [(span, "evidence", texts("rule", rule=span.rule)) for span in tagged.status.evidence]
    marks = [Mark(span.start, span.end, kind, note) for span, kind, note in found if span.field == field]
    for figure in tagged.figures:
        if figure.field == field:
            note = f"{texts.kind(figure.kind)}: {_value(figure, texts)}"
            marks.append(Mark(figure.start, figure.end, "figure", note))
    for source in tagged.summary.sources:
        if source.field == field:
            marks.append(Mark(source.start, source.end, "source", ""))
    for warning in tagged.warnings:
        marks += [
            Mark(span.start, span.end, "warning", warning.message)
            for span in warning.spans
            if span.field == field
        ]
    return marks


def _fields(tagged: TaggedTask, texts: Texts) -> str:
    boxes = []
    for field in FIELDS:
        text = getattr(tagged.task, field)
        body = marked(text, marks_of(tagged, field, texts)) if text else shown(texts("empty_field"))
        boxes.append(f'<div class="nt-field nt-{field}"><h4>{shown(texts(field))}</h4>{body}</div>')
    return "".join(boxes)


def _legend(tagged: TaggedTask, texts: Texts) -> str:
    """Return what each look means, for the looks that this task has."""
    status = texts.status(tagged.status.status.label)
    entries = [
        ("evidence", texts("mark_evidence", status=status), tagged.status.evidence),
        ("figure", texts("mark_figure"), tagged.figures),
        ("source", texts("mark_source"), tagged.summary.sources),
        ("warning", texts("mark_warning"), [span for warn in tagged.warnings for span in warn.spans]),
    ]
    marks = " ".join(
        f'<mark class="nt-{kind}">{shown(word)}</mark>' for kind, word, spans in entries if spans
    )
    return f'<div class="nt-legend">{shown(texts("legend"))}: {marks}</div>' if marks else ""


def _value(figure: Figure, texts: Texts) -> str:
    if not isinstance(figure.value, str):
        return f"{texts.number(figure.value)} {figure.unit}".strip()
    if figure.kind == "date":
        return texts.date(figure.value)
    return texts.period(figure.value) if figure.kind == "period" else figure.value


def _figures(figures: tuple[Figure, ...], texts: Texts) -> str:
    head = "".join(f"<th>{shown(texts(f'figure_{name}'))}</th>" for name in ("text", "kind", "value"))
    rows = "".join(
        f"<tr><td>{shown(figure.text)}</td><td>{shown(texts.kind(figure.kind))}</td>"
        f'<td class="nt-n">{shown(_value(figure, texts))}</td></tr>'
        for figure in figures
    )
    return f'<table class="nt-table"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>'


def _summary(tagged: TaggedTask, texts: Texts) -> str:
    text = tagged.summary.text or texts("summary_none")
    return f'<div class="nt-box"><h4>{shown(texts("summary"))}</h4>{shown(text)}</div>'


def _labels(tagged: TaggedTask, texts: Texts) -> str:
    status, domain = tagged.status.status, tagged.domain
    boxes = []
    for name, prediction, called in (("status", status, texts.status), ("domain", domain, texts.domain)):
        scores = dict(prediction.scores) or {prediction.label: prediction.score}
        names = {label: called(label) for label in scores}
        drawn = bars(scores, names, prediction.label, texts)
        boxes.append(f'<div class="nt-box"><h4>{shown(texts(name))}</h4>{drawn}</div>')
    return "".join(boxes)


def _reasons(reasons: tuple[Reason, ...], texts: Texts) -> str:
    """Return what carried the labels, for results of `tag --explain`."""
    rows = "".join(
        f"<tr><td>{shown(texts(reason.about))}</td><td>{shown(reason.term)}</td>"
        f"<td>{shown(texts(reason.field)) if reason.field in FIELDS else ''}</td>"
        f'<td class="nt-n">{shown(f"{reason.weight:+.2f}".replace(".", ","))}</td></tr>'
        for reason in reasons
        if reason.about in _ABOUT
    )
    return (
        f'<div class="nt-box"><h4>{shown(texts("reasons"))}</h4><table class="nt-table">{rows}</table></div>'
    )


def _warnings(tagged: TaggedTask, texts: Texts) -> str:
    if not tagged.warnings:
        return ""
    items = "".join(f"<li>{shown(warning.message)}</li>" for warning in tagged.warnings)
    return f'<div class="nt-box"><h4>{shown(texts("warnings"))}</h4><ul>{items}</ul></div>'


def _facts(tagged: TaggedTask, texts: Texts) -> list[tuple[str, str]]:
    task, report, source = tagged.task, tagged.task.report, tagged.task.source
    joins = "; ".join(
        texts("join", row=join.row, reason=join.reason, score=texts.percent(join.score))
        for join in source.joins
    )
    return [
        (texts("report_ref"), report.ref),
        (texts("report_date"), texts.date(report.date)),
        (texts("period"), texts.period(task.period or report.period)),
        (texts("report_place"), report.place),
        (texts("report_issuer"), report.issuer),
        (texts("section"), task.section),
        (texts("task_id"), task.id),
        (texts("source_file"), source.file),
        (texts("source_sheet"), source.sheet),
        (texts("source_row"), str(source.row) if source.row else ""),
        (texts("source_joins"), joins),
    ]
