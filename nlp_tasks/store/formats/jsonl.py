"""JSON Lines."""

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from nlp_tasks.errors import SchemaError
from nlp_tasks.store.cells import parse_json
from nlp_tasks.store.rows import Row
from nlp_tasks.store.tables import json_text, open_text, place

__all__ = ["JsonLines"]


class JsonLines:
    """One JSON object a line, UTF-8."""

    def write(self, rows: Iterator[Row], stream: BinaryIO) -> None:
        """Write the rows as they come."""
        for row in rows:
            stream.write(json_text(row).encode() + b"\n")

    def read(self, path: Path) -> Iterator[tuple[int, Row]]:
        """Yield the number of the line and its object; blank lines are left out."""
        with open_text(path) as stream:
            for line, content in enumerate(stream, start=1):
                if content.strip():
                    yield line, _object(content.strip(), place(path, line))


def _object(content: str, where: str) -> Row:
    try:
        row = parse_json(content)
    except ValueError as error:
        raise SchemaError(f"{where}: JSON hỏng; mỗi dòng phải là một đối tượng {{…}}") from error
    if not isinstance(row, dict):
        raise SchemaError(f"{where}: cần một đối tượng {{…}}, không phải {content[:40]!r}")
    return row
