"""What the user named -> the files to read, in a fixed order, each with an id of its own."""

import os
import stat
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from nlp_tasks.errors import ReadError
from nlp_tasks.readers import READERS, read_report
from nlp_tasks.schema import Task
from nlp_tasks.store import read_tasks

__all__ = ["RECORD_ENDINGS", "Job", "Read", "find_jobs", "read_job", "same_file"]

RECORD_ENDINGS = (".jsonl", ".csv", ".parquet")
"""Files of task records. They are read when named; in a folder they may be results of an earlier run."""


@dataclass(frozen=True, slots=True)
class Job:
    """One input file, and the id that its tasks begin with."""

    path: Path
    report_id: str


@dataclass(frozen=True, slots=True)
class Read:
    """The tasks of one input, and what the reader had to mend."""

    tasks: tuple[Task, ...]
    notes: tuple[str, ...] = ()


def find_jobs(inputs: Iterable[Path]) -> list[Job]:
    """List the files behind the inputs, in the order of the inputs and by name inside folders.

    Parameters
    ----------
    inputs : iterable of Path
        Files, or folders that are searched for reports, hidden and temporary ones left out.

    Returns
    -------
    list of Job
        A folder without a report, or one that can't be opened, stands for itself, so that reading it
        says what is wrong. No two jobs share an id.

    Examples
    --------
    >>> from nlp_tasks.assets import asset
    >>> [job.report_id for job in find_jobs([asset("data/reports")])][:2]
    ['luc-ngan-2024-h1', 'ngoc-trao-2018-05']
    """
    jobs: list[Job] = []
    taken: set[str] = set()
    for path in inputs:
        for file, name in _named(path):
            report_id = _free(unicodedata.normalize("NFC", name), taken)
            taken.add(report_id)
            jobs.append(Job(file, report_id))
    return jobs


def _named(path: Path) -> list[tuple[Path, str]]:
    """List the files behind one input, each with the name that tells it from the others there."""
    found = list(_reports(path)) if _is_folder(path) else []
    return [
        (file, path.stem if file == path else file.relative_to(path).with_suffix("").as_posix())
        for file in found or [path]
    ]


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:  # no right to look there, or no possible name: reading it says so
        return False


def _reports(folder: Path) -> Iterator[Path]:
    """Walk a folder in order; links that lead out of it are not followed, closed folders are named."""
    root = folder.resolve()
    closed: list[Path] = []
    for place, folders, names in os.walk(folder, onerror=lambda error: closed.append(Path(error.filename))):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = Path(place, name)
            if name.startswith((".", "~$")) or path.suffix.lower() not in READERS:
                continue
            if path.resolve().is_relative_to(root):
                yield path
    yield from closed


def _free(name: str, taken: set[str]) -> str:
    number = 1
    free = name
    while free in taken:
        number += 1
        free = f"{name}-{number}"
    return free


def read_job(job: Job) -> Read:
    """Read the tasks of one input: a report, or a file of task records.

    Raises
    ------
    ReadError, SchemaError
        What is wrong with the file.
    """
    _check(job.path)
    if job.path.suffix.lower() in RECORD_ENDINGS:
        return Read(tuple(read_tasks(job.path, job.report_id)))
    report = read_report(job.path, job.report_id)
    return Read(report.tasks, report.notes)


def _check(path: Path) -> None:
    """Raise a `ReadError` for what no reader can open, before any looks at the ending."""
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            next(path.iterdir(), None)
    except (FileNotFoundError, NotADirectoryError) as error:
        raise ReadError(f"{path}: không có tệp này; hãy kiểm tra lại đường dẫn", code="missing") from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise ReadError(f"{path}: không mở được ({reason}); hãy xem lại quyền đọc", code="denied") from error
    if stat.S_ISDIR(mode):
        endings = ", ".join(sorted(READERS))
        raise ReadError(f"{path}: trong thư mục không có báo cáo nào ({endings})", code="no_reports")
    if not stat.S_ISREG(mode):  # reading a pipe or a device might never end
        raise ReadError(f"{path}: không phải tệp thường; hãy chép nội dung vào một tệp", code="not_a_file")
    if any("\ud800" <= char <= "\udfff" for char in str(path)):  # bytes that aren't UTF-8
        raise ReadError(f"{path}: đường dẫn có ký tự hỏng; hãy đổi tên tệp", code="name")


def same_file(path: Path, jobs: Sequence[Job]) -> bool:
    """Tell whether a path is one of the inputs."""
    return any(_is_same(path, job.path) for job in jobs)


def _is_same(path: Path, other: Path) -> bool:
    try:
        return path.samefile(other)
    except (OSError, ValueError):  # one of them isn't there
        return False
