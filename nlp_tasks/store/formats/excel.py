"""Excel."""

import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, BinaryIO

from nlp_tasks.errors import ReadError
from nlp_tasks.schema import FIELDS
from nlp_tasks.store.rows import COLUMNS, Row
from nlp_tasks.store.tables import check_header, check_size, json_text

__all__ = ["Excel"]

_CELL_LIMIT = 32_767  # characters in a cell of Excel, counted in UTF-16 units
_WIDTHS = {"title": 50, "result": 70, "plan": 45, "summary": 45, "section": 25, "id": 16, "domain": 22}
# What zipfile and openpyxl raise on a damaged file; both parsers of XML raise a SyntaxError.
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    SyntaxError,
    AttributeError,
    EOFError,
    LookupError,
    OSError,
    RuntimeError,
    TypeError,
    ValueError,
)
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
# Escaped: U+0001, a carriage return, «_x0041_» as written; left alone: a line feed, «_x_».
_TO_ESCAPE = re.compile(r"[\x00-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")


class Excel:
    """One sheet: header frozen, long texts wrapped, every text a text and never a formula.

    A character that XML can't hold is written as ``_x0001_`` (ECMA-376 part 1, 22.9.2.19), which Excel
    and `read_rows` turn back. A cell holds 32,767 characters: of a longer text the end is cut («…») and
    the spans in it are dropped, of a longer list the last items; the row's ``warnings`` say so with the
    code ``truncated``.
    """

    def write(self, rows: Iterator[Row], stream: BinaryIO) -> None:
        """Write the header and the rows; the sheet is packed at the end."""
        from openpyxl import Workbook
        from openpyxl.utils import get_column_letter

        book = Workbook(write_only=True)
        sheet = book.create_sheet("nhiem_vu")
        sheet.freeze_panes = "B2"
        letters = [get_column_letter(index) for index in range(1, len(COLUMNS) + 1)]
        for letter, name in zip(letters, COLUMNS, strict=True):
            sheet.column_dimensions[letter].width = _WIDTHS.get(name, 14)
        with closing(sheet):
            for line, cells in enumerate(_lines(sheet, rows), start=1):
                sheet.append(cells)
                sheet.auto_filter.ref = f"A1:{letters[-1]}{line}"
        book.save(stream)

    def read(self, path: Path) -> Iterator[tuple[int, Row]]:
        """Yield the number of each row of the first sheet and its cells; blank rows are left out."""
        from openpyxl import load_workbook

        try:
            with path.open("rb") as stream:
                with zipfile.ZipFile(stream) as archive:
                    check_size(sum(part.file_size for part in archive.infolist()), path)
                with closing(load_workbook(stream, read_only=True, data_only=True)) as book:
                    yield from _rows(book.worksheets[0], path)
        except _BROKEN as error:
            raise ReadError(f"tệp {path.name}: không phải .xlsx hoặc đã hỏng", code="format") from error


def _lines(sheet: Any, rows: Iterable[Row]) -> Iterator[list[Any]]:
    """Yield the cells of the header, then those of each row."""
    from openpyxl.styles import Alignment, Font

    bold, top, wrapped = Font(bold=True), Alignment(vertical="top"), Alignment(vertical="top", wrap_text=True)
    header = [_cell(sheet, name) for name in COLUMNS]
    for cell in header:
        cell.font = bold
    yield header
    for row in map(_fitted, rows):
        cells = [_cell(sheet, row[name]) for name in COLUMNS]
        for name, cell in zip(COLUMNS, cells, strict=True):
            cell.alignment = wrapped if name in _WIDTHS else top
        yield cells


def _cell(sheet: Any, value: object) -> Any:
    from openpyxl.cell import WriteOnlyCell

    cell = WriteOnlyCell(sheet)
    if not isinstance(value, str):
        cell.value = value
        return cell
    cell.value = _TO_ESCAPE.sub(lambda match: f"_x{ord(match[0]):04X}_", value)
    cell.data_type = "s"  # openpyxl would make a formula of «=…» and an error of «#N/A»
    if value.startswith(("=", "+", "-", "@", "\t", "\r")):
        cell.quotePrefix = True
    return cell


def _rows(sheet: Any, path: Path) -> Iterator[tuple[int, Row]]:
    sheet.reset_dimensions()
    rows = enumerate(sheet.iter_rows(values_only=True), start=1)
    header = [_unescaped(name) for name in next(rows, (1, ()))[1]]
    check_header(header, path)
    for line, cells in rows:
        if any(cell is not None for cell in cells):
            yield line, dict(zip(header, map(_unescaped, cells), strict=False))


def _unescaped(value: object) -> Any:
    if not isinstance(value, str):
        return value
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), value)


def _fitted(row: Row) -> Row:
    """Return the row with every value in the form and length that a cell can hold."""
    kept = {name: len(_fit(row[name])) - 1 for name in FIELDS if _is_long(row[name])}

    def whole(spans: list[Row]) -> list[Row]:
        return [span for span in spans if span["end"] <= kept.get(span["field"], span["end"])]

    spans = {name: whole(row[name]) for name in ("summary_sources", "evidence", "figures")}
    fitted = {name: _fit(value) for name, value in {**row, **spans}.items()}
    notes = [_truncated(name) for name in COLUMNS if fitted[name] != row[name] and name != "warnings"]
    warnings = [{**warn, "spans": whole(warn["spans"])} for warn in row["warnings"]]
    fitted["warnings"] = _fit(notes + warnings)
    return {name: json_text(cell) if isinstance(cell, list | dict) else cell for name, cell in fitted.items()}


def _fit(value: Any) -> Any:
    """Return a text with its end cut, a list less its last items, a table emptied where it is too long."""
    if isinstance(value, str) and _is_long(value):
        return value.encode("utf-16-le")[: 2 * (_CELL_LIMIT - 1)].decode("utf-16-le", "ignore") + "…"
    while isinstance(value, list | dict) and _is_long(json_text(value)):
        value = value[: len(value) * 9 // 10] if isinstance(value, list) else {}
    return value


def _is_long(text: str) -> bool:
    return len(text.encode("utf-16-le")) > 2 * _CELL_LIMIT


def _truncated(name: str) -> Row:
    message = (
        f"Cột '{name}' dài hơn 32.767 ký tự của một ô Excel nên đã bị cắt; bản đủ ở tệp .jsonl hoặc .parquet."
    )
    return {"code": "truncated", "message": message, "spans": []}
