"""Pure functions from texts and spans to HTML in which every report text is escaped."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from importlib import resources

from nlp_tasks.schema import Status
from nlp_tasks.viewer.texts import Texts

__all__ = ["COLOURS", "INVISIBLE", "Mark", "badge", "bars", "definitions", "marked", "shown", "style"]

COLOURS = {
    Status.BLOCKED.value: "#d9534a",
    Status.ON_TRACK.value: "#3f86c6",
    Status.DONE.value: "#3c9a62",
    "at_risk": "#d98a1f",
    "needs_review": "#8a6fc4",
}
"""Middle tones that can be read on light and on dark ground; the word always stands beside."""

INVISIBLE = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]"
)
"""Control, direction and zero-width characters: matches U+0007, U+200F, U+202E; not a line feed, «ữ»."""


@dataclass(frozen=True)
class Mark:
    """A piece of a text to be marked: ``kind`` is its look, ``note`` what the pointer shows."""

    start: int
    end: int
    kind: str
    note: str


def shown(text: str) -> str:
    r"""Return the text as HTML: escaped, with invisible and direction-changing characters made visible.

    Examples
    --------
    >>> shown("<b>a</b>")
    '&lt;b&gt;a&lt;/b&gt;'
    >>> shown("a\u202eb")
    'a<span class="nt-chip">U+202E</span>b'
    """
    return INVISIBLE.sub(lambda match: f'<span class="nt-chip">U+{ord(match[0]):04X}</span>', escape(text))


def marked(text: str, marks: Sequence[Mark]) -> str:
    """Return the text as HTML with its marks; where some overlap, a piece carries the looks of all.

    Examples
    --------
    >>> marked("chi trả 42/87 hộ", [Mark(8, 13, "figure", "tỷ số"), Mark(0, 16, "evidence", "cue")])
    '<mark class="nt-evidence" title="cue">chi trả </mark><mark class="nt-evidence nt-figure" \
title="cue · tỷ số">42/87</mark><mark class="nt-evidence" title="cue"> hộ</mark>'
    """
    cuts = sorted({0, len(text), *(cut for mark in marks for cut in (mark.start, mark.end))})
    pieces = []
    for start, end in zip(cuts, cuts[1:], strict=False):
        here = [mark for mark in marks if mark.start <= start and end <= mark.end]
        here.sort(key=lambda mark: mark.kind)
        pieces.append(_piece(text[start:end], here))
    return "".join(pieces)


def _piece(text: str, marks: Sequence[Mark]) -> str:
    if not marks:
        return shown(text)
    classes = " ".join(dict.fromkeys(f"nt-{mark.kind}" for mark in marks))
    notes = " · ".join(dict.fromkeys(mark.note for mark in marks if mark.note))
    return f'<mark class="{escape(classes)}" title="{escape(notes)}">{shown(text)}</mark>'


def badge(kind: str, word: str) -> str:
    """Return a coloured label: the colour of a status or flag, and its word."""
    colour = COLOURS.get(kind, "#7a8694")
    return f'<span class="nt-badge" style="--nt:{colour}">{shown(word)}</span>'


def bars(scores: Mapping[str, float], names: Mapping[str, str], chosen: str, texts: Texts) -> str:
    """Return a bar for each label, highest score first; the chosen label's stands out."""
    rows = []
    for label, score in sorted(scores.items(), key=lambda item: -item[1]):
        kind = "nt-bar nt-chosen" if label == chosen else "nt-bar"
        width = f"{100 * min(max(score, 0.0), 1.0):.1f}%"
        colour = COLOURS.get(label, COLOURS[Status.ON_TRACK.value])
        rows.append(
            f'<div class="{kind}" style="--nt:{colour}"><span>{shown(names.get(label, label))}</span>'
            f'<span class="nt-score">{shown(texts.percent(score))}</span>'
            f'<i><b style="width:{width}"></b></i></div>'
        )
    return "".join(rows)


def definitions(pairs: Iterable[tuple[str, str]]) -> str:
    """Return names with their values, less those whose value is empty."""
    rows = (f"<dt>{shown(name)}</dt><dd>{shown(value)}</dd>" for name, value in pairs if value)
    return f'<dl class="nt-facts">{"".join(rows)}</dl>'


def style(texts: Texts) -> str:
    """Return the viewer's style sheet, with Streamlit's own words of the uploader in the user's language."""
    css = resources.files("nlp_tasks").joinpath("viewer", "style.css").read_text(encoding="utf-8")
    for key in ("upload_button", "upload_hint"):
        css = css.replace(f"{{{key}}}", texts(key))
    return f"<style>{css}</style>"
