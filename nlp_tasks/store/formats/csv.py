"""CSV."""

import codecs
import csv
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, TextIO

from nlp_tasks.errors import ReadError, SchemaError
from nlp_tasks.store.rows import COLUMNS, Row
from nlp_tasks.store.tables import check_header, json_text, open_text, place

__all__ = ["Csv"]

# Guarded: «=1+1», «- Đã chi trả», «'=1+1»; left alone: «Đã chi trả», «'sáng kiến'».
_RISKY = re.compile(r"'*[=+\-@\t\r]")
_GUARDED = re.compile(r"'+[=+\-@\t\r]")


class Csv:
    """A table that Excel opens: UTF-8 with a byte order mark, nested values as JSON text.

    A cell that a spreadsheet would take for a formula gets an apostrophe in front, and so does a cell
    that has such an apostrophe already, so that reading takes away exactly what writing put there.
    """

    def write(self, rows: Iterator[Row], stream: BinaryIO) -> None:
        """Write the header and the rows as they come."""
        writer = csv.writer(codecs.getwriter("utf-8-sig")(stream))
        writer.writerow(COLUMNS)
        for row in rows:
            writer.writerow([_cell(row[name]) for name in COLUMNS])

    def read(self, path: Path) -> Iterator[tuple[int, Row]]:
        """Yield the number of the last line of each row and its cells; rows of empty cells are left out."""
        try:
            with open_text(path) as stream, _wide_cells():
                reader = csv.reader(stream, delimiter=_delimiter(stream))
                header = [name.strip() for name in next(reader, [])]
                check_header(header, path)
                for cells in reader:
                    if any(cells):
                        yield reader.line_num, _row(header, cells, place(path, reader.line_num))
        except csv.Error as error:
            raise ReadError(f"tệp {path.name}: không đọc được như CSV ({error})", code="format") from error


def _cell(value: object) -> str:
    if isinstance(value, str):
        return f"'{value}" if _RISKY.match(value) else value
    return json_text(value)


def _row(header: list[str], cells: list[str], where: str) -> Row:
    if len(cells) != len(header):
        raise SchemaError(f"{where}: có {len(cells)} ô, còn dòng tiêu đề có {len(header)} cột")
    plain = (cell[1:] if _GUARDED.match(cell) else cell for cell in cells)
    return dict(zip(header, plain, strict=True))


def _delimiter(stream: TextIO) -> str:
    """Return the delimiter by which the header names the most known columns; Excel in Vietnam writes «;»."""
    header = stream.readline()
    stream.seek(0)
    return max(",;\t", key=lambda mark: sum(cell.strip(' "\r\n') in COLUMNS for cell in header.split(mark)))


@contextmanager
def _wide_cells() -> Iterator[None]:
    """Let cells be longer than the 131,072 characters that the csv module allows at first."""
    before = csv.field_size_limit(2**31 - 1)
    try:
        yield
    finally:
        csv.field_size_limit(before)
