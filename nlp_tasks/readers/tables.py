"""Any table -> drafts of tasks, and rows cut by a page break joined again.

A reader hands over the rows as it found them; what a column means is read off its header (`headers`),
the cells are sorted by that (`columns`), and what a row is (section, task, continuation) is read off
them here.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import zip_longest

from nlp_tasks.readers.columns import Aligned, align
from nlp_tasks.readers.headers import OUTCOMES, Header, Row
from nlp_tasks.readers.plain import ends_sentence, fold, nested, starts_section
from nlp_tasks.schema import Join

__all__ = ["Draft", "TableSettings", "drafts_from_rows"]

_SECTION_NUMBER = re.compile(r"(?:[IVXLC]{1,6}|[A-ZĐ])[.)/]?")
_SECTION_TITLE = re.compile(r"(?:[IVXLC]{1,6}|[A-ZĐ])[.)/]\s+\S")
_SUB_NUMBER = re.compile(r"[a-zđ]|[-+*•–]")
_MAX_SECTION_WORDS = 15


@dataclass(frozen=True, slots=True)
class TableSettings:
    """How rows are joined.

    Parameters
    ----------
    join_threshold : float
        In [0, 1]: a row whose score reaches it is taken for the continuation of the row above. Higher
        leaves more rows apart, lower swallows unnumbered tasks.
    """

    join_threshold: float = 0.5

    def __post_init__(self) -> None:
        if not 0 <= self.join_threshold <= 1:
            raise ValueError(f"join_threshold must lie in [0, 1], not {self.join_threshold}")


@dataclass(slots=True)
class Draft:
    """A task in the making: its cells grow while its continuation rows are read."""

    line: int
    number: str
    section: str
    cells: dict[str, str] = field(default_factory=dict)
    joins: list[Join] = field(default_factory=list)

    def add(self, cells: dict[str, str], *joins: Join) -> None:
        """Append more text, each to its own column, and record which row it comes from."""
        for role, text in cells.items():
            if text:
                above = self.cells.get(role, "")
                self.cells[role] = f"{above} {text}" if above else text
        self.joins.extend(joins)


def drafts_from_rows(
    rows: Sequence[Row], header: Header, settings: TableSettings | None = None
) -> list[Draft]:
    """Turn the rows below a header into drafts of tasks.

    Parameters
    ----------
    rows : sequence of Row
        The whole table; a header of other columns begins another table.
    header : Header
    settings : TableSettings, optional

    Returns
    -------
    list of Draft
        In the order of the rows, the joins recorded; section rows are not tasks but head those below.

    Examples
    --------
    >>> from nlp_tasks.readers.headers import find_header
    >>> rows = [
    ...     Row(1, ("STT", "Nhiệm vụ", "Kết quả")),
    ...     Row(2, ("1", "Lập quy hoạch chung", "Đã ban hành kế hoạch và")),
    ...     Row(3, ("", "", "chọn xong nhà thầu."), piece=1),
    ... ]
    >>> [draft] = drafts_from_rows(rows, find_header(rows))
    >>> draft.cells["result"]
    'Đã ban hành kế hoạch và chọn xong nhà thầu.'
    >>> draft.joins[0].reason
    'no number, empty title, lower case, unfinished above, new page'
    """
    settings = settings or TableSettings()
    drafts: list[Draft] = []
    section = ""
    aligned = list(align(rows, header))
    for row, below in zip_longest(aligned, aligned[1:]):
        if _is_section(row) or (drafts and _is_bare_section(row, below)):
            section = _heading(row)
            continue
        section = row.cells.get("section") or section
        if drafts and _repeats(drafts[-1], row):
            cells = {role: text for role, text in row.cells.items() if role != "title"}
            drafts[-1].add(cells, Join(row.line, 0.9, "same number and title"))
        elif drafts and (join := _continuation(drafts[-1], row, settings)):
            drafts[-1].add(row.cells, join)
        else:
            drafts.append(Draft(row.line, row.number, section, row.cells))
    return _without_parents(drafts)


def _is_section(row: Aligned) -> bool:
    """Tell a heading row: a Roman number or letter, or «Lĩnh vực …», and nothing in the other columns."""
    title = row.cells.get("title", "")
    numbered = _SECTION_NUMBER.fullmatch(row.number) is not None
    if not row.title_only:
        # «II | | Văn hóa» where the columns stand in another order
        return numbered and sum(map(bool, row.cells.values())) == 1
    if row.number:
        return numbered and bool(title)
    return row.alone or _SECTION_TITLE.match(title) is not None or starts_section(title) or title.isupper()


def _is_bare_section(row: Aligned, below: Aligned | None) -> bool:
    """Tell a heading row without a number or cue, such as «Văn hóa - xã hội», above a numbered row.

    On a new page it could as well be the rest of the title above, and that is what it is taken for.
    """
    title = row.cells.get("title", "")
    return (
        row.title_only
        and not (row.number or row.new_page)
        and title[:1].isupper()
        and len(title.split()) <= _MAX_SECTION_WORDS
        and not ends_sentence(title)
        and below is not None
        and bool(below.number)
    )


def _heading(row: Aligned) -> str:
    title = next(filter(None, row.cells.values()), "")
    return f"{row.number}. {title}" if row.number and title else title or row.number


def _repeats(above: Draft, row: Aligned) -> bool:
    """Tell whether a row says its number and title again, as some do on the next page, and then goes on."""
    title = row.cells.get("title", "")
    same = row.number == above.number and above.section == (row.cells.get("section") or above.section)
    return same and row.new_page and bool(title) and fold(title) == fold(above.cells.get("title", ""))


def _continuation(above: Draft, row: Aligned, settings: TableSettings) -> Join | None:
    """Return the join of a row without a number that goes on with the one above, else None."""
    if row.number:
        return None
    score, reason = _join_score(above, row)
    return Join(row.line, score, reason) if score >= settings.join_threshold else None


def _join_score(above: Draft, row: Aligned) -> tuple[float, str]:
    """Score a row without a number as a continuation of the one above.

    The weights are set by hand: an empty title is enough on its own, since no task is without one, and
    so is an unfinished sentence that goes on in lower case; a missing number alone is not, since some
    offices number nothing.
    """
    texts = {role: text for role, text in row.cells.items() if text}
    first = next(iter(texts.values()), "")
    score, reasons = 0.0, []
    if above.number:
        score, reasons = 0.2, ["no number"]
    if not row.cells.get("title"):
        score += 0.5
        reasons.append("empty title")
    if re.match(r"[,;.)]", first) or first[:1].islower():
        score += 0.3
        reasons.append("lower case")
    if any(above.cells.get(role) and not ends_sentence(above.cells[role]) for role in texts):
        score += 0.2
        reasons.append("unfinished above")
    if row.new_page:
        score += 0.1
        reasons.append("new page")
    return round(min(score, 1.0), 2), ", ".join(reasons)


def _without_parents(drafts: list[Draft]) -> list[Draft]:
    """Make a heading of a row such as «2 Đầu tư công» that only gathers the rows 2.1, 2.2, … or a, b."""
    kept: list[Draft] = []
    parent: Draft | None = None
    for draft, below in zip_longest(drafts, drafts[1:]):
        empty = not any(draft.cells.get(role) for role in OUTCOMES)
        if empty and below and _is_child(below, draft):
            parent = draft
            continue
        if parent and _is_child(draft, parent):
            title = f"{parent.number}. {parent.cells.get('title', '')}"
            draft.section = nested(draft.section, title)
        else:
            parent = None
        kept.append(draft)
    return kept


def _is_child(draft: Draft, parent: Draft) -> bool:
    if not parent.number[:1].isdigit():
        return False
    return draft.number.startswith(f"{parent.number}.") or _SUB_NUMBER.fullmatch(draft.number) is not None
