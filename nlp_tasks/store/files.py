"""Files of tasks, tagged or labelled: one verb each to write and to read them."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TypeVar

from nlp_tasks.errors import ReadError, SchemaError
from nlp_tasks.schema import LabelledTask, TaggedTask, Task
from nlp_tasks.store import cells
from nlp_tasks.store.formats import FORMATS, format_of
from nlp_tasks.store.rows import Row, check_columns, from_row, labelled_from_row, task_from_row, to_row
from nlp_tasks.store.tables import check_file, place, replacing

__all__ = ["read_labelled", "read_rows", "read_tasks", "write_rows"]

T = TypeVar("T")


def write_rows(tagged: Iterable[TaggedTask], path: Path | str) -> int:
    """Write tagged tasks; the ending of the path picks the format.

    Rows are written as they come (Excel's sheet is packed at the end) into a file beside ``path`` that
    takes its place only when all are written, so a run that is cut off leaves what was there before.

    Parameters
    ----------
    tagged : iterable of TaggedTask
    path : Path or str
        Ends in one of `ENDINGS`.

    Returns
    -------
    int
        The number of rows.

    Raises
    ------
    ReadError
        ``format`` for an unknown ending, ``missing`` for a folder that isn't there, ``not_a_file`` for
        a folder in place of a file, ``denied`` where writing isn't possible.
    SchemaError
        If a text has half a character (a surrogate) in it, which no file can hold.
    """
    path = Path(path)
    form = format_of(path)
    n_rows = 0

    def rows() -> Iterator[Row]:
        nonlocal n_rows
        for item in tagged:
            yield to_row(item)
            n_rows += 1

    try:
        with replacing(path) as stream:
            form.write(rows(), stream)
    except UnicodeEncodeError as error:
        raise SchemaError(
            f"có nửa ký tự Unicode (surrogate) trong «{error.object[:40]!a}»; không ghi được ra {path.name}"
        ) from error
    return n_rows


def read_rows(path: Path | str) -> list[TaggedTask]:
    """Read the results that `write_rows` wrote, in any of its formats.

    Raises
    ------
    ReadError
        If the file is missing, unreadable, too large or of an unknown format.
    SchemaError
        If a row isn't a tagged row; the message names file and row.

    Examples
    --------
    >>> read_rows("kết quả.docx")
    Traceback (most recent call last):
        ...
    nlp_tasks.errors.ReadError: tệp kết quả.docx: đuôi '.docx' không dùng được; hãy dùng một trong: \
.jsonl, .csv, .parquet, .xlsx
    """
    path = Path(path)
    form = format_of(path)
    check_file(path)
    return _parsed(form.read(path), path, from_row)


def read_tasks(path: Path | str, report_id: str | None = None) -> list[Task]:
    """Read task records: .jsonl, .csv or .parquet with at least ``title`` and ``result``.

    Rows that come with an ``id`` keep it; others get ``<report_id>/<n>``, counted from 1, where
    ``report_id`` is the stem of the file unless another is given. A row without a ``source`` gets this
    file and its line. Blank rows of a CSV are left out, and so are labels and columns that aren't a task's.

    Raises
    ------
    ReadError
        If the file is missing, unreadable, empty (``empty``) or has no rows (``no_tasks``).
    SchemaError
        If a column is missing, a cell has the wrong type, or both texts of a row are empty.
    """
    path = Path(path)
    form = format_of(path, (".jsonl", ".csv", ".parquet"))
    check_file(path, filled=True)
    tasks = _parsed(_placed(form.read(path), path, report_id), path, task_from_row)
    if not tasks:
        raise ReadError(f"tệp {path.name}: không có nhiệm vụ nào", code="no_tasks")
    return tasks


def read_labelled(path: Path | str) -> list[LabelledTask]:
    """Read tasks with the labels and the summary that an annotator gave them.

    Where ``<stem>.reports.jsonl`` lies beside the file, it gives the facts of each task's report.

    Raises
    ------
    ReadError
        If the file is missing, unreadable or empty.
    SchemaError
        If a column is missing, a cell has the wrong type or a label is empty or unknown.
    """
    path = Path(path)
    form = format_of(path)
    check_file(path, filled=True)
    reports = _reports(path.with_name(f"{path.stem}.reports.jsonl"))

    def parse(row: Row) -> LabelledTask:
        if cells.is_empty(row.get("report")):
            row["report"] = reports.get(cells.text(row, "report_id"))
        return labelled_from_row(row)

    return _parsed(_placed(form.read(path), path), path, parse)


def _reports(path: Path) -> dict[str, Row]:
    """Return the facts of each report by its id, none where there is no such file."""
    if not path.exists():
        return {}
    check_file(path)

    def parse(row: Row) -> tuple[str, Row]:
        check_columns(row, ("report_id",))
        return cells.label(row, "report_id"), row

    return dict(_parsed(FORMATS[".jsonl"].read(path), path, parse))


def _placed(
    rows: Iterable[tuple[int, Row]], path: Path, report_id: str | None = None
) -> Iterator[tuple[int, Row]]:
    """Give an id and a source to the rows that have none."""
    for count, (line, row) in enumerate(rows, start=1):
        if cells.is_empty(row.get("id")):
            row["id"] = f"{report_id or path.stem}/{count}"
        if cells.is_empty(row.get("source")):
            row["source"] = {"file": path.name, "row": line}
        yield line, row


def _parsed(rows: Iterable[tuple[int, Row]], path: Path, parse: Callable[[Row], T]) -> list[T]:
    """Parse each row; an error gets the file and the line in front."""
    parsed = []
    for line, row in rows:
        try:
            parsed.append(parse(row))
        except SchemaError as error:
            raise SchemaError(f"{place(path, line)}: {error.message}") from error
    return parsed
