"""One class per format of a table, behind one registry."""

from pathlib import Path

from nlp_tasks.errors import ReadError
from nlp_tasks.store.formats.csv import Csv
from nlp_tasks.store.formats.excel import Excel
from nlp_tasks.store.formats.jsonl import JsonLines
from nlp_tasks.store.formats.parquet import Parquet
from nlp_tasks.store.tables import Format

__all__ = ["ENDINGS", "FORMATS", "format_of"]

FORMATS: dict[str, Format] = {".jsonl": JsonLines(), ".csv": Csv(), ".parquet": Parquet(), ".xlsx": Excel()}
"""The format of each file ending, lower case."""

ENDINGS = tuple(FORMATS)
"""The endings of the files that `write_rows` and `read_rows` know."""


def format_of(path: Path, endings: tuple[str, ...] = ENDINGS) -> Format:
    """Return the format that the path's ending names; a `ReadError` lists those it may be."""
    ending = path.suffix.lower()
    if ending not in endings:
        raise ReadError(
            f"tệp {path.name}: đuôi '{ending}' không dùng được; hãy dùng một trong: {', '.join(endings)}",
            code="format",
        )
    return FORMATS[ending]
