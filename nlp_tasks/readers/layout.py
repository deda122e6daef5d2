"""The text of a file -> rows of cells: tabs, bars, table tags, spaces, or one cell a line."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile

from nlp_tasks.readers.headers import Row, find_header, names_number
from nlp_tasks.readers.plain import is_closing, strip_markup

__all__ = ["rows_from_text"]

_RULE_LINE = re.compile(r"[\s|:+=_*~-]*")
# «2», «- 2 -», «Trang 2/10», «[2]»; not «2024» nor «1/2024»
_PAGE_NUMBER = re.compile(
    r"(?:(?:trang|page)\s*)?[-–\[]?\s*\d{1,3}(?:\s*/\s*\d{1,3})?\s*[-–\]]?", re.IGNORECASE
)
_LINE_MARKS = re.compile(r"^\s*(?:#{1,6}\s+|>+\s+)+")  # of Markdown and of a quoted mail
_CELL_TAG = re.compile(r"\s*</t[dh]>\s*<t[dh]\b[^<>]*>\s*", re.IGNORECASE)
_ROW_TAG = re.compile(r"(?:[ \t]*\n?[ \t]*</?(?:table|thead|tbody|tr)\b[^<>]*>)+", re.IGNORECASE)
_EDGE_TAG = re.compile(r"[ \t]*</?t[dh]\b[^<>]*>[ \t]*", re.IGNORECASE)
_DIGITS = re.compile(r"[0-9]{1,3}\.?")
_ROMAN = re.compile(r"[IVX]{1,5}\.?")
_STARTS_ROW = re.compile(rf"{_DIGITS.pattern}|{_ROMAN.pattern}")
_MAX_GAP = 80  # spaces; a longer run says nothing more, and patterns would walk it again and again
_LONG_GAP = re.compile(rf"[^\S\t\r\n\f]{{{_MAX_GAP},}}")
_GAP = re.compile(r"\s{2,}")
_WIDE_GAP = re.compile(r" {2,}(?=\S)")


def rows_from_text(text: str) -> list[Row]:
    r"""Cut a text into rows; a blank line, a form feed or a page's number starts a new piece.

    Examples
    --------
    >>> text = "STT | Nhiệm vụ | Kết quả\n---|---|---\n1 | Lập <b>đồ án</b> | Xong"
    >>> [row.cells for row in rows_from_text(text)]
    [('STT', 'Nhiệm vụ', 'Kết quả'), ('1', 'Lập đồ án', 'Xong')]
    """
    lines = _lines(text)
    bars = _Bars.of([line for _, line, _ in lines])
    rows = [Row(number, _cells(line, bars), piece) for number, line, piece in lines]
    if find_header(rows):
        return rows
    return _spaced_rows(lines) or _stacked_rows(rows) or rows


def _lines(text: str) -> list[tuple[int, str, int]]:
    """Give each line that says something with its number and its piece."""
    text = _LONG_GAP.sub(" " * _MAX_GAP, text)
    raw = [_LINE_MARKS.sub("", line) for line in _without_table_tags(text).replace("\f", "\n\n").split("\n")]
    lines: list[tuple[int, str, int]] = []
    piece = 0
    for n, line in enumerate(raw):
        if not line.strip(" \u00a0\ufeff") or _is_page_number(raw, n):
            piece += 1
        elif "\t" in line or not _RULE_LINE.fullmatch(line):
            lines.append((n + 1, line, piece))
    return lines


def _is_page_number(lines: Sequence[str], n: int) -> bool:
    """Tell a page's number; a bare number below a line of running text may be the rest of its sentence."""
    line = lines[n].strip()
    if not _PAGE_NUMBER.fullmatch(line) or "\t" in lines[n].rstrip():
        return False  # «12» behind a tab is a cell
    above = lines[n - 1] if n else ""
    return not line.isdecimal() or not above.strip() or "\t" in above or "|" in above


def _without_table_tags(text: str) -> str:
    """Turn «<tr><td>1</td><td>Lập …</td></tr>» into a line with tabs; any other text stays as it is."""
    if "<td" not in text and "<TD" not in text:
        return text
    return _EDGE_TAG.sub("", _ROW_TAG.sub("\n", _CELL_TAG.sub("\t", text)))


@dataclass(frozen=True, slots=True)
class _Bars:
    """Whether the lines of a pipe table begin and end with a bar of their frame."""

    left: bool
    right: bool

    @classmethod
    def of(cls, lines: Sequence[str]) -> "_Bars":
        """Read them off the first line with bars, the header, whose outer cells are never empty."""
        barred = (line.strip() for line in lines if line.count("|") > 1 and "\t" not in line)
        first = next((line for line in barred if not _RULE_LINE.fullmatch(line)), "")
        return cls(first.startswith("|"), first.endswith("|"))


def _cells(line: str, bars: _Bars) -> tuple[str, ...]:
    """Cut a line at its tabs or bars."""
    if "\t" not in line and (line.count("|") > 1 or line.strip().startswith("|")):
        line = line.strip()
        line = line.removeprefix("|") if bars.left else line
        line = line.removesuffix("|") if bars.right else line
        line = line.replace("|", "\t")
    return tuple(strip_markup(cell) for cell in line.split("\t"))


# ---- columns held apart by spaces


def _spaced_rows(lines: Sequence[tuple[int, str, int]]) -> list[Row]:
    """Read columns held apart by two spaces or more, if a header stands in such; else nothing.

    Each piece of text falls into the column whose header begins nearest to its left, as in what
    ``pdftotext -layout`` leaves; a line without a first cell goes on with the row above.
    """
    cut = [
        Row(number, tuple(map(strip_markup, _GAP.split(line.strip()))), piece)
        for number, line, piece in lines
    ]
    header = find_header(cut)
    if not header or len(header.cells) < 3:
        return []
    starts: list[int] = []
    rows: list[Row] = []
    for row, (number, line, piece) in zip(cut, lines, strict=True):
        if number == header.line:
            starts = _starts(line)
        if number <= header.last or len(row.cells) == len(starts):
            rows.append(row)
            continue
        cells = _in_columns(line, starts)
        above = rows[-1]
        if not cells[0] and above.line > header.last and above.piece == piece:
            rows[-1] = _merged(above, cells)
        else:
            rows.append(Row(number, cells if len(row.cells) > 1 else row.cells, piece))
    return rows


def _starts(line: str) -> list[int]:
    indent = len(line) - len(line.lstrip())
    return [indent, *(match.end() for match in _WIDE_GAP.finditer(line, indent))]


def _in_columns(line: str, starts: Sequence[int]) -> tuple[str, ...]:
    cells = [""] * len(starts)
    for begin in _starts(line):
        end = _GAP.search(line, begin)
        text = strip_markup(line[begin : end.start() if end else len(line)])
        column = max((n for n, start in enumerate(starts) if start <= begin + 2), default=0)
        cells[column] = f"{cells[column]} {text}".strip()
    return tuple(cells)


def _merged(above: Row, cells: tuple[str, ...]) -> Row:
    padded = (*above.cells, *[""] * (len(cells) - len(above.cells)))
    joined = tuple(f"{a} {b}".strip() for a, b in zip(padded, cells, strict=False))
    return Row(above.line, joined, above.piece)


# ---- one cell a line


def _stacked_rows(lines: Sequence[Row]) -> list[Row]:
    """Read a table that a copy has left as one cell a line, if a header stands so; else nothing.

    A row begins at the next number, or at a Roman one; a line in lower case goes on with the cell above,
    and what is left over belongs to the last cell.
    """
    start, header = _stacked_header(lines)
    if not header:
        return []
    rows = [*lines[:start], header]
    cells: list[str] = []
    number = 0
    for line in lines[start + len(header.cells) :]:
        text = line.cells[0]
        if _is_next(text, number) or _ROMAN.fullmatch(text):
            number = int(text.rstrip(".")) if text[0].isdecimal() else number
            cells = [text]
            rows.append(Row(line.line, (text,), line.piece))
        elif not cells or is_closing(text):
            cells = []
            rows.append(line)
        else:
            if text[:1].islower() or len(cells) == len(header.cells):
                cells[-1] = f"{cells[-1]} {text}"
            else:
                cells.append(text)
            rows[-1] = Row(rows[-1].line, tuple(cells), rows[-1].piece)
    return rows


def _stacked_header(lines: Sequence[Row]) -> tuple[int, Row | None]:
    """Return where «STT», «Nhiệm vụ», «Kết quả», … stand below one another, and the row that they make."""
    for n, line in enumerate(lines):
        if not names_number(line.cells[0]):
            continue
        below = list(takewhile(lambda row: not _STARTS_ROW.fullmatch(row.cells[0]), lines[n : n + 8]))
        header = Row(line.line, tuple(row.cells[0] for row in below), line.piece)
        if find_header([header]):
            return n, header
    return 0, None


def _is_next(text: str, number: int) -> bool:
    return _DIGITS.fullmatch(text) is not None and int(text.rstrip(".")) in (number + 1, 1)
