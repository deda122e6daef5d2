"""One reader per format behind one registry: a path in, a `Report` out."""

from pathlib import Path
from typing import Protocol

from nlp_tasks.errors import ReadError
from nlp_tasks.readers.text import TextReader
from nlp_tasks.schema import Report

__all__ = ["READERS", "Reader", "read_report"]


class Reader(Protocol):
    """What a format must offer."""

    endings: tuple[str, ...]

    def read(self, path: Path, report_id: str) -> Report:
        """Read one file; a `ReadError` says why it can't be."""
        ...


READERS: dict[str, Reader] = {ending: reader for reader in (TextReader(),) for ending in reader.endings}
"""The reader of each file ending, lower case."""


def read_report(path: str | Path, report_id: str | None = None) -> Report:
    """Read one report file.

    Parameters
    ----------
    path : str or Path
    report_id : str, optional
        The first part of each task's ``id``; the file's name without its ending if not given.

    Returns
    -------
    Report

    Raises
    ------
    ReadError
        If the file is missing, unreadable, in no known format, or holds no task; ``code`` says which.

    Examples
    --------
    >>> from nlp_tasks.assets import asset
    >>> report = read_report(asset("data/reports/thai-thuy-2024-q1.txt"))
    >>> report.facts.ref, len(report.tasks)
    ('102/BC-UBND', 15)
    """
    path = Path(path)
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        known = ", ".join(sorted(READERS))
        raise ReadError(
            f"{path}: chưa đọc được {f'định dạng {path.suffix}' if path.suffix else 'tệp không có đuôi'}; "
            f"hãy lưu báo cáo thành văn bản ({known}, bảng mã UTF-8)",
            code="format",
        )
    return reader.read(path, report_id or path.stem)
