"""Which column of a table plays which role, read off the wording of its header.

The wordings are a table, ``resources/headers.toml``; no position is taken for granted.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache, reduce
from itertools import zip_longest

from nlp_tasks.lexicon import load_table
from nlp_tasks.readers.plain import BARE_NUMBER, fold, phrases, starts_section

__all__ = ["OUTCOMES", "Header", "Row", "find_header", "header_at", "header_below", "names_number"]

# «quý I/2024», «6 tháng»: a second header line that only names the time.
_TIME = re.compile(r"(?i:quý|tháng|năm|\d{1,2}\s+tháng)\b")
# «Kết quả thực hiện các nhóm nhiệm vụ … trong quý I năm 2024 (tính đến ngày 15/3/2024)»
_MAX_HEADER_WORDS = 30
_ROLE_WITHIN = 30  # characters of a header cell's start in which its role is named
_MAX_MORE_WORDS = 8  # in a cell of the header's further rows
_MAX_HEADER_LINES = 4
OUTCOMES = ("result", "plan", "obstacle")
"""The roles of what became of a task; a table without any of them holds no tasks."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row as a reader found it.

    Parameters
    ----------
    line : int
        Where it stands in the source, counted from 1.
    cells : tuple of str
        Stripped of outer white space; empty cells kept.
    piece : int
        Rows of one page (or of one run without a blank line) share a number.
    """

    line: int
    cells: tuple[str, ...]
    piece: int = 0

    @property
    def text(self) -> str:
        """The cells in one line."""
        return " ".join(filter(None, self.cells))

    def glued(self, below: "Row") -> "Row":
        """Return the row with one that goes on in its last cell, where a line break has cut it.

        Examples
        --------
        >>> Row(1, ("STT", "Nội dung")).glued(Row(2, ("nhiệm vụ", "Kết quả"))).cells
        ('STT', 'Nội dung nhiệm vụ', 'Kết quả')
        """
        last = f"{self.cells[-1]} {below.cells[0]}".strip()
        return replace(self, cells=(*self.cells[:-1], last, *below.cells[1:]))


@dataclass(frozen=True, slots=True)
class Header:
    """Which column plays which role.

    Parameters
    ----------
    line, last : int
        The first and the last row that the header takes.
    cells : tuple of str
        The wording of each column, put together where it is broken over several rows.
    roles : tuple of str
        A key of ``[roles]`` in ``headers.toml`` for each column, or an empty string.
    rows : int
        How many rows it takes.
    """

    line: int
    last: int
    cells: tuple[str, ...]
    roles: tuple[str, ...]
    rows: int = 1

    @property
    def width(self) -> int:
        """The number of columns."""
        return len(self.roles)

    @property
    def unknown(self) -> tuple[str, ...]:
        """The wordings that no role is known for."""
        return tuple(cell for cell, role in zip(self.cells, self.roles, strict=True) if cell and not role)

    def text(self, role: str) -> str:
        """Return the header cell of a role, or an empty string."""
        return next((cell for cell, r in zip(self.cells, self.roles, strict=True) if r == role), "")


def find_header(rows: Sequence[Row]) -> Header | None:
    """Find the first row that names the task's column and what was done or comes next.

    Parameters
    ----------
    rows : sequence of Row

    Returns
    -------
    Header or None
        None where no row is a header.

    Examples
    --------
    >>> find_header([Row(1, ("STT", "Nội dung nhiệm vụ", "Kết quả quý I", "Nhiệm vụ quý II"))]).roles
    ('number', 'title', 'result', 'plan')
    >>> rows = [Row(1, ("TT", "Nội dung", "Quý I/2024", "")), Row(2, ("", "", "Kết quả", "Vướng mắc"))]
    >>> find_header(rows).cells
    ('TT', 'Nội dung', 'Quý I/2024 Kết quả', 'Vướng mắc')
    """
    return next((header for n in range(len(rows)) if (header := header_at(rows, n))), None)


def header_at(rows: Sequence[Row], start: int, most: int = _MAX_HEADER_LINES) -> Header | None:
    """Read the header that begins at ``rows[start]``, over as many rows as it takes, up to ``most``.

    Its wordings may be broken over rows column by column («Nội dung | Kết quả» above «nhiệm vụ | quý I»)
    or where the text of a cell was wrapped («STT | Nội dung» above «nhiệm vụ | Kết quả»).
    """
    first = rows[start]
    if not _may_be_header(first):
        return None
    header = _read_header([first], first.cells)
    used = 1
    while used < most and start + used < len(rows):
        below = rows[start + used]
        if below.piece != first.piece or not _is_wording(below):
            break
        if header and not _goes_on(below):
            break
        used += 1
        taken = rows[start : start + used]
        glued = reduce(Row.glued, taken).cells
        header = _read_header(taken, _stacked(taken)) or _read_header(taken, glued) or header
    return header


def _may_be_header(row: Row) -> bool:
    """Tell whether a row has several short cells, the first no number, and one says «STT» or «Nhiệm vụ»."""
    if sum(map(bool, row.cells)) < 2 or not _is_wording(row):
        return False
    return any(_role_of(cell) in ("number", "title") for cell in row.cells)


def _is_wording(row: Row) -> bool:
    cells = [cell for cell in row.cells if cell]
    return not BARE_NUMBER.fullmatch(cells[0] if cells else "") and all(
        len(cell.split()) <= _MAX_HEADER_WORDS for cell in cells
    )


def _goes_on(row: Row) -> bool:
    """Tell whether a row goes on with the wordings of a header above: no cell of it starts a task."""
    cells = [cell for cell in row.cells if cell]
    if any(len(cell.split()) > _MAX_MORE_WORDS for cell in cells):
        return False
    if len(cells) == 1 and starts_section(cells[0]):
        return False
    if len(row.cells) == 1:
        return row.cells[0][:1].islower()
    return all(cell[:1].islower() or _TIME.match(cell) or _opens_with_role(cell) for cell in cells)


def _stacked(rows: Sequence[Row]) -> tuple[str, ...]:
    columns = zip_longest(*(row.cells for row in rows))
    return tuple(" ".join(filter(None, column)) for column in columns)


def _read_header(rows: Sequence[Row], cells: tuple[str, ...]) -> Header | None:
    roles = _roles(cells)
    if "title" not in roles or not set(OUTCOMES) & set(roles):
        return None
    return Header(rows[0].line, rows[-1].line, cells, roles, len(rows))


def _roles(cells: Sequence[str]) -> tuple[str, ...]:
    """Return the role of each column; of two columns of tasks the later is the plan.

    «Nhiệm vụ trọng tâm | Kết quả | Nhiệm vụ quý II»: the last is what comes next. Two in a row are the
    task in two cells («Nhiệm vụ | Chỉ tiêu»), or its group and the task («Nhóm nhiệm vụ | Nhiệm vụ»).
    """
    roles = [_role_of(cell) for cell in cells]
    if "title" not in roles and "section" in roles:  # «Lĩnh vực, nhiệm vụ» in one column
        roles[roles.index("section")] = "title"
    titles = [n for n, role in enumerate(roles) if role == "title"]
    for before, n in zip(titles, titles[1:], strict=False):
        if "plan" not in roles and not (n == before + 1 and "result" in roles[n:]):
            roles[n] = "plan"
        elif fold(cells[before]).startswith("nhom"):
            roles[before] = "section"
    return tuple(roles)


@cache
def _role_patterns() -> tuple[tuple[str, int, re.Pattern[str]], ...]:
    return tuple(
        (role, len(phrase), re.compile(rf"\b{re.escape(phrase)}\b"))
        for role in load_table("headers")["roles"]
        for phrase in phrases("roles", role)
    )


@lru_cache(maxsize=4096)
def _role_at(cell: str) -> tuple[int, str]:
    """Return where the earliest phrase of a header cell stands, and its role; the longest phrase wins."""
    text = fold(cell)
    hits = [
        (match.start(), -length, role)
        for role, length, pattern in _role_patterns()
        if (match := pattern.search(text)) and match.start() <= _ROLE_WITHIN
    ]
    start, _, role = min(hits, default=(0, 0, ""))
    return start, role


def _role_of(cell: str) -> str:
    return _role_at(cell)[1] if len(cell.split()) <= _MAX_HEADER_WORDS else ""


def _opens_with_role(cell: str) -> bool:
    start, role = _role_at(cell)
    return bool(role) and start == 0


def header_below(rows: Sequence[Row], n: int, header: Header) -> Header | None:
    """Return the header that a row begins, be it the same again or that of another table.

    Without «STT» only the known wording counts, since «Chỉ tiêu thu | Kết quả khá» may be a task.
    """
    known = set(map(fold, header.cells))
    same = header_at(rows, n, header.rows)
    if same and (set(map(fold, same.cells)) <= known or _without_number(same) == _without_number(header)):
        return replace(header, line=same.line, last=same.last)
    other = header_at(rows, n)
    return other if other and "number" in other.roles else None


def _without_number(header: Header) -> list[str]:
    return [role for role in header.roles if role and role != "number"]


def names_number(cell: str) -> bool:
    """Tell whether a cell is the wording of the number's column and nothing else: «STT»."""
    return fold(cell) in phrases("roles", "number")
