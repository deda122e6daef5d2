"""The rows below a header -> their cells by role, whatever columns a page has lost.

No position is taken for granted: scans lose the number's column on one page and have it on the next.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from nlp_tasks.readers.headers import Header, Row, header_below, names_number
from nlp_tasks.readers.plain import BARE_NUMBER

__all__ = ["Aligned", "align", "opens_row"]

# «6. Phấn đấu …», «6) …», «6/ …» number a task; «12 dự án trọng điểm» and «1.500 hộ» don't.
_NUMBERED_TITLE = re.compile(r"(\d{1,3}(?:\.\d{1,2})*)(?:\s*[.)/]\s*(?=[^\W\d])|[.)/]\s+(?=\S))")
_OUTER_MARKS = re.compile(r"^[(\s]+|[).\s]+$")


@dataclass(frozen=True, slots=True)
class Aligned:
    """A row below the header: its cells by role, whether a page begins with it, whether it is one cell.

    ``number`` is bare, «2.1» of «2.1.»; empty where the row has none.
    """

    line: int
    number: str
    cells: dict[str, str]
    new_page: bool
    alone: bool

    @property
    def title_only(self) -> bool:
        """Whether no column but those of the title and the section says something."""
        return not any(text for role, text in self.cells.items() if role not in ("title", "section"))


def opens_row(row: Row) -> bool:
    """Tell whether a row starts with a number, in a cell of its own or in the title."""
    first = next(filter(None, row.cells), "")
    return bool(BARE_NUMBER.fullmatch(first) or _NUMBERED_TITLE.match(first))


def align(rows: Sequence[Row], header: Header) -> Iterator[Aligned]:
    """Give each row below the header with its cells by role, whatever columns its page has lost.

    Parameters
    ----------
    rows : sequence of Row
        The whole table; a header of other columns begins another table.
    header : Header

    Yields
    ------
    Aligned
        The rows that hold something; headers told again and rows of column numbers are left out.

    Examples
    --------
    >>> from nlp_tasks.readers.headers import find_header
    >>> rows = [Row(1, ("STT", "Nhiệm vụ", "Kết quả")), Row(2, ("Lập quy hoạch", "Xong"), piece=1)]
    >>> [row.cells for row in align(rows, find_header(rows))]
    [{'title': 'Lập quy hoạch', 'result': 'Xong'}]
    """
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
            frozenset(row.piece for row in short if not _may_be_number(row.cells[0])),
            all(row.cells[-1] for row in rows),
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
        if len(row) == header.width + 1 and "number" not in header.roles and _may_be_number(first):
            title = header.roles.index("title") + 1
            if first and row[title]:
                row[title] = f"{first}. {row[title]}"
            del row[0]
        return row
    if not _may_be_number(first):
        if len(row) >= header.width and "" in row:
            row.remove("")
        if len(row) < header.width:
            row.insert(0, "")
    elif not first and len(row) < header.width and pages.lost_number(source, header.width):
        row.insert(0, "")
    return row


def _may_be_number(cell: str) -> bool:
    return not cell or BARE_NUMBER.fullmatch(cell) is not None


def _fit(cells: list[str], header: Header) -> list[str]:
    """Cut or fill a row to the header's width; what stands beyond the last column joins it."""
    width = header.width
    while len(cells) > width and "" in cells[1:]:
        cells.pop(len(cells) - 1 - cells[::-1].index(""))
    if len(cells) > width:
        cells[width - 1 :] = [" ".join(filter(None, cells[width - 1 :]))]
    return cells + [""] * (width - len(cells))


def _by_role(row: Row, cells: Sequence[str], header: Header, *, new_page: bool) -> Aligned:
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
    return Aligned(row.line, number.rstrip("./)"), by_role, new_page, len(row.cells) == 1)
