"""Any table -> drafts of tasks, and rows cut by a page break joined again.

A reader hands over the rows as it found them; what a column means is read off its header
(``resources/headers.toml``), what a row is (header, section, task, continuation) off its cells. No
position is taken for granted: scans lose the number column on one page and have it on the next.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest

from nlp_tasks.readers.headers import OUTCOMES, Header, Row, header_below, names_number
from nlp_tasks.readers.plain import BARE_NUMBER, fold, starts_section
from nlp_tasks.schema import Join

__all__ = [
    "Draft",
    "TableSettings",
    "drafts_from_rows",
    "opens_row",
]

_SECTION_NUMBER = re.compile(r"(?:[IVXLC]{1,6}|[A-ZĐ])[.)/]?")
_SECTION_TITLE = re.compile(r"(?:[IVXLC]{1,6}|[A-ZĐ])[.)/]\s+\S")
# «6. Phấn đấu …», «6) …», «6/ …» number a task; «12 dự án trọng điểm» and «1.500 hộ» don't.
_NUMBERED_TITLE = re.compile(r"(\d{1,3}(?:\.\d{1,2})*)(?:\s*[.)/]\s*(?=[^\W\d])|[.)/]\s+(?=\S))")
_SUB_NUMBER = re.compile(r"[a-zđ]|[-+*•–]")
_OUTER_MARKS = re.compile(r"^[(\s]+|[).\s]+$")
_FINISHED = re.compile(r"[.;:!?…]['\"”’)]*$")
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

    def add(self, cells: dict[str, str]) -> None:
        """Append a continuation row's cells, each to its own column."""
        for role, text in cells.items():
            if text:
                above = self.cells.get(role, "")
                self.cells[role] = f"{above} {text}" if above else text


@dataclass(frozen=True, slots=True)
class _Aligned:
    """A row below the header: its cells by role, whether a page begins with it, whether it is one cell."""

    line: int
    number: str
    cells: dict[str, str]
    new_page: bool
    alone: bool

    @property
    def title_only(self) -> bool:
        return not any(text for role, text in self.cells.items() if role not in ("title", "section"))


def opens_row(row: Row) -> bool:
    """Tell whether a row starts with a number, in a cell of its own or in the title."""
    first = next(filter(None, row.cells), "")
    return bool(BARE_NUMBER.fullmatch(first) or _NUMBERED_TITLE.match(first))


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
    aligned = list(_aligned(rows, header))
    for row, below in zip_longest(aligned, aligned[1:]):
        if _is_section(row) or (drafts and _is_bare_section(row, below)):
            section = _heading(row)
            continue
        section = row.cells.get("section") or section
        if drafts and _repeats(drafts[-1], row):
            drafts[-1].add({role: text for role, text in row.cells.items() if role != "title"})
            drafts[-1].joins.append(Join(row.line, 0.9, "same number and title"))
            continue
        if drafts and not row.number:
            score, reason = _join_score(drafts[-1], row)
            if score >= settings.join_threshold:
                drafts[-1].add(row.cells)
                drafts[-1].joins.append(Join(row.line, score, reason))
                continue
        drafts.append(Draft(row.line, row.number, section, row.cells))
    return _without_parents(drafts)


def _aligned(rows: Sequence[Row], header: Header) -> Iterator[_Aligned]:
    """Give each row below the header with its cells by role, whatever columns its page has lost."""
    current: Header | None = header
    body = [row for row in rows if row.line > header.last and any(row.cells)]
    pages = _Pages.of(body, header.width)
    piece: int | None = None
    skip = 0
    for n, row in enumerate(body):
        if row.line <= skip or _is_column_count(row):
            continue
        if other := header_below(body, n, header):
            current = header = other
            skip, piece = other.last, None
        elif _is_foreign_header(row):
            current = None
        elif current:
            cells = _fit(_shift(row, current, pages), current)
            yield _by_role(row, cells, current, new_page=row.piece != piece)
            piece = row.piece


@dataclass(frozen=True, slots=True)
class _Pages:
    """What the pieces of a table have lost.

    Parameters
    ----------
    narrow : frozenset of int
        The pieces none of whose rows is as wide as the header.
    unnumbered : frozenset of int
        The pieces with a short row that starts with text, so that the number's column is lost there.
    trimmed : bool
        Whether no row ends in an empty cell: an editor has cut the tabs at the lines' ends.
    """

    narrow: frozenset[int]
    unnumbered: frozenset[int]
    trimmed: bool

    @classmethod
    def of(cls, rows: Sequence[Row], width: int) -> "_Pages":
        short = [row for row in rows if 1 < len(row.cells) < width]
        return cls(
            frozenset(row.piece for row in rows) - {row.piece for row in rows if len(row.cells) >= width},
            frozenset(row.piece for row in short if row.cells[0] and not BARE_NUMBER.fullmatch(row.cells[0])),
            not any(row.cells[-1] == "" for row in rows),
        )

    def lost_number(self, row: Row, width: int) -> bool:
        """Tell whether a short row whose first cell is empty begins with its title, not its number."""
        if row.piece in self.unnumbered:
            return True
        if self.trimmed:
            return False
        return row.piece in self.narrow or (len(row.cells) == width - 1 and row.cells[-1] == "")


def _is_foreign_header(row: Row) -> bool:
    """Tell the header of a table that holds no tasks: «STT | Đơn vị | Số hộ»."""
    return len(row.cells) > 2 and names_number(row.cells[0])


def _is_column_count(row: Row) -> bool:
    """Tell the row «(1) (2) (3) (4)» or «A B 1 2» that some offices print below the header."""
    cells = [cell.strip("() ") for cell in row.cells if cell]
    numbers = [cell for cell in cells if re.fullmatch(r"[0-9]{1,2}", cell)]
    letters = [cell for cell in cells if re.fullmatch(r"[A-Ea-e]", cell)]
    return (
        len(cells) > 2
        and bool(numbers)
        and cells == letters + numbers
        and numbers == sorted(numbers, key=int)
        and int(numbers[-1]) <= len(row.cells)
    )


def _shift(source: Row, header: Header, pages: _Pages) -> list[str]:
    """Move a row that lacks the number's cell, or has one that the header lacks, below its header."""
    row = list(source.cells)
    first = row[0]
    if header.roles[0] != "number":
        # the header's page has lost the number's column, this page hasn't
        if len(row) == header.width + 1 and "number" not in header.roles and _is_number_cell(first):
            number, title = row[0], header.roles.index("title") + 1
            row[title : title + 1] = [f"{number}. {row[title]}" if number and row[title] else row[title]]
            del row[0]
        return row
    if first and not BARE_NUMBER.fullmatch(first):
        if len(row) >= header.width and "" in row:
            row.remove("")
        if len(row) < header.width:
            row.insert(0, "")
    elif not first and len(row) < header.width and pages.lost_number(source, header.width):
        row.insert(0, "")
    return row


def _is_number_cell(cell: str) -> bool:
    return not cell or BARE_NUMBER.fullmatch(cell) is not None


def _fit(cells: list[str], header: Header) -> list[str]:
    """Cut or fill a row to the header's width; what stands beyond the last column joins it."""
    width = header.width
    while len(cells) > width and "" in cells[1:]:
        cells.pop(len(cells) - 1 - cells[::-1].index(""))
    if len(cells) > width:
        cells[width - 1 :] = [" ".join(filter(None, cells[width - 1 :]))]
    return cells + [""] * (width - len(cells))


def _by_role(row: Row, cells: Sequence[str], header: Header, *, new_page: bool) -> _Aligned:
    """Sort a row's cells by role; columns of one role go together."""
    by_role: dict[str, str] = {}
    for role, text in zip(header.roles, cells, strict=True):
        if role and (text or role not in by_role):
            by_role[role] = f"{by_role[role]} {text}" if by_role.get(role) else text
    number = _OUTER_MARKS.sub("", by_role.pop("number", ""))
    title = by_role.get("title", "")
    match = _NUMBERED_TITLE.match(title)
    if match and not number:
        number, by_role["title"] = match[1], title[match.end() :]
    if number and not BARE_NUMBER.fullmatch(number):  # text in the number's column is never lost
        by_role["title"] = f"{number} {title}".strip()
        number = ""
    return _Aligned(row.line, number.rstrip("./)"), by_role, new_page, len(row.cells) == 1)


def _is_section(row: _Aligned) -> bool:
    """Tell a heading row: a Roman number or letter, or «Lĩnh vực …», and nothing in the other columns."""
    title = row.cells.get("title", "")
    if not row.title_only:
        # «II | | Văn hóa» where the columns stand in another order
        lone = sum(map(bool, row.cells.values())) == 1 and not title
        return lone and bool(row.number) and _SECTION_NUMBER.fullmatch(row.number) is not None
    if row.number and title:
        return _SECTION_NUMBER.fullmatch(row.number) is not None
    if row.number or row.alone:
        return row.alone and not row.number
    return _SECTION_TITLE.match(title) is not None or starts_section(title) or title.isupper()


def _is_bare_section(row: _Aligned, below: _Aligned | None) -> bool:
    """Tell a heading row without a number or cue, such as «Văn hóa - xã hội», above a numbered row.

    On a new page it could as well be the rest of the title above, and that is what it is taken for.
    """
    title = row.cells.get("title", "")
    return (
        row.title_only
        and not (row.number or row.new_page)
        and title[:1].isupper()
        and len(title.split()) <= _MAX_SECTION_WORDS
        and not _FINISHED.search(title)
        and below is not None
        and bool(below.number)
    )


def _heading(row: _Aligned) -> str:
    title = next(filter(None, row.cells.values()), "")
    return f"{row.number}. {title}" if row.number and title else title or row.number


def _repeats(above: Draft, row: _Aligned) -> bool:
    """Tell whether a row says its number and title again, as some do on the next page, and then goes on."""
    title = row.cells.get("title", "")
    same = row.number == above.number and above.section == (row.cells.get("section") or above.section)
    return same and row.new_page and bool(title) and fold(title) == fold(above.cells.get("title", ""))


def _join_score(above: Draft, row: _Aligned) -> tuple[float, str]:
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
    if any(above.cells.get(role) and not _FINISHED.search(above.cells[role]) for role in texts):
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
            draft.section = f"{draft.section} › {title}" if draft.section else title
        else:
            parent = None
        kept.append(draft)
    return kept


def _is_child(draft: Draft, parent: Draft) -> bool:
    if not parent.number[:1].isdigit():
        return False
    return draft.number.startswith(f"{parent.number}.") or _SUB_NUMBER.fullmatch(draft.number) is not None
