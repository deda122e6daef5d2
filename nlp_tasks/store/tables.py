"""What the formats have in common: the seam between rows and files, opening, limits, replacing."""

import json
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Protocol, TextIO

from nlp_tasks.errors import ReadError, SchemaError
from nlp_tasks.store.rows import COLUMNS, Row

__all__ = [
    "Format",
    "check_file",
    "check_header",
    "check_size",
    "json_text",
    "open_text",
    "place",
    "replacing",
]

_MAX_BYTES = 2 * 1024**3  # of a file, and of what a zipped or compressed file unpacks to


class Format(Protocol):
    """Rows to a stream and back; a row comes with the number of its line, to say where an error is."""

    def write(self, rows: Iterator[Row], stream: BinaryIO) -> None:
        """Write the rows as they come."""

    def read(self, path: Path) -> Iterator[tuple[int, Row]]:
        """Yield the line or row number (from 1, a header counts) and the cells as they stand."""


def place(path: Path, line: int) -> str:
    """Return how an error names a line of a file."""
    return f"tệp {path.name}, dòng {line}"


def json_text(value: object) -> str:
    """Return a value as JSON, its Vietnamese readable."""
    return json.dumps(value, ensure_ascii=False)


def check_file(path: Path, *, filled: bool = False) -> None:
    """Raise a `ReadError` unless the file is there, may be read and isn't too large (or empty)."""
    try:
        if path.is_dir():
            raise ReadError(f"{path} là một thư mục; cần một tệp", code="not_a_file")
        with path.open("rb"):
            size = path.stat().st_size
    except (FileNotFoundError, NotADirectoryError) as error:
        raise ReadError(f"không tìm thấy tệp {path}; hãy kiểm tra lại đường dẫn", code="missing") from error
    except OSError as error:
        raise ReadError(f"không mở được tệp {path}: {error.strerror}", code="denied") from error
    if filled and not size:
        raise ReadError(f"tệp {path.name}: tệp rỗng", code="empty")
    check_size(size, path)


def check_size(size: int, path: Path) -> None:
    """Raise a `ReadError` if the bytes, unpacked, are more than this program takes."""
    if size > _MAX_BYTES:
        raise ReadError(
            f"tệp {path.name}: quá lớn (hơn {_MAX_BYTES // 1024**3} GiB khi mở ra); hãy chia nhỏ",
            code="too_large",
        )


def check_header(header: Sequence[object], path: Path) -> None:
    """Raise a `SchemaError` if one of our columns stands in the header twice."""
    doubled = [name for name in COLUMNS if header.count(name) > 1]
    if doubled:
        raise SchemaError(f"{place(path, 1)}: cột '{doubled[0]}' có hai lần")


@contextmanager
def open_text(path: Path) -> Iterator[TextIO]:
    """Open a UTF-8 file, with or without a byte order mark, its line ends as they are."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            yield stream
    except UnicodeDecodeError as error:
        raise ReadError(
            f"tệp {path.name}: không phải bảng mã UTF-8; hãy lưu lại tệp thành UTF-8", code="encoding"
        ) from error


@contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """Open a file beside ``path`` that takes its place if the block ends well, and vanishes if not."""
    if not path.parent.is_dir():
        raise ReadError(f"không có thư mục {path.parent}; hãy tạo nó trước", code="missing")
    draft = path.with_name(f".{uuid.uuid4().hex}.tmp")
    try:
        if path.is_dir():
            raise ReadError(f"{path} là một thư mục; cần tên một tệp", code="not_a_file")
        with draft.open("wb") as stream:
            yield stream
        draft.replace(path)
    except OSError as error:  # no right to write, a full disk, or Windows while Excel has the file open
        raise ReadError(
            f"không ghi được {path} ({error.strerror or error}); có thể tệp đang mở ở chương trình khác",
            code="denied",
        ) from error
    finally:
        draft.unlink(missing_ok=True)
