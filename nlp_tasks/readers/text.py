"""Text reports (.txt): a table whose cells are parted by tabs or bars, or running text."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest
from pathlib import Path

from nlp_tasks.errors import ReadError
from nlp_tasks.readers.columns import opens_row
from nlp_tasks.readers.encoding import TextSettings, read_text
from nlp_tasks.readers.facts import find_facts
from nlp_tasks.readers.headers import Header, Row, find_header, header_at
from nlp_tasks.readers.kind import is_other_kind, tells_progress
from nlp_tasks.readers.layout import rows_from_text
from nlp_tasks.readers.plain import ends_sentence, is_closing, is_heading, starts_page
from nlp_tasks.readers.prose import Line, drafts_from_lines
from nlp_tasks.readers.tables import Draft, drafts_from_rows
from nlp_tasks.schema import Report, ReportFacts, Source, Task

__all__ = ["TextReader"]

_MAX_STRAY_HEADING_WORDS = 12


class TextReader:
    """Reads what text recognition, «Lưu thành văn bản» or a copy from a mail leave of a report."""

    endings: tuple[str, ...] = (".txt",)

    def __init__(self, settings: TextSettings | None = None) -> None:
        self.settings = settings

    def read(self, path: Path, report_id: str) -> Report:
        """Read one file.

        Parameters
        ----------
        path : Path
        report_id : str
            The first part of each task's ``id``.

        Returns
        -------
        Report

        Raises
        ------
        ReadError
            Whatever `read_text` raises, and ``no_tasks`` where the text holds no task.
        """
        decoded = read_text(path, self.settings)
        rows = rows_from_text(decoded.text)
        header = find_header(rows)
        if header:
            drafts, notes = _table(rows, header)
            start = header.line
        else:
            drafts, notes, start = _prose(rows)
        if not drafts:
            raise ReadError(
                f"{path}: không tìm thấy nhiệm vụ nào (không có bảng có cột nhiệm vụ và kết quả, "
                "cũng không có mục đánh số của một báo cáo); hãy xem lại đây có phải báo cáo tiến độ không",
                code="no_tasks",
            )
        head = _joined(row for row in rows if row.line < start)
        facts = find_facts(head, header.text("result") if header else "", _joined(rows))
        return Report(facts, tuple(_tasks(drafts, facts, path, report_id)), decoded.notes + notes)


def _joined(rows: Iterable[Row]) -> str:
    return "\n".join("\t".join(filter(None, row.cells)) for row in rows)


def _table(rows: Sequence[Row], header: Header) -> tuple[list[Draft], tuple[str, ...]]:
    """Read the text's tables, from the first header on."""
    kept, stray = _mended(rows, header)
    notes = [f"cột «{wording}» không rõ vai trò, đã bỏ qua" for wording in header.unknown]
    if stray:
        lines = ", ".join(map(str, stray[:10]))
        notes.append(f"dòng {lines} nằm giữa bảng, không rõ thuộc nhiệm vụ nào, đã bỏ qua")
    return drafts_from_rows(kept, header), tuple(notes)


def _prose(rows: Sequence[Row]) -> tuple[list[Draft], tuple[str, ...], int]:
    """Read running text, unless it is another kind of document; give the line that its tasks start at."""
    lines = [Line(row.line, row.text, row.piece) for row in rows]
    prose = drafts_from_lines(lines)
    other = is_other_kind([line.text for line in lines], prose.head)
    if other or not tells_progress(prose.head, prose.drafts):
        return [], (), prose.start
    return prose.drafts, prose.notes, prose.start


def _mended(rows: Sequence[Row], header: Header) -> tuple[list[Row], list[int]]:
    """Give the rows of the tables, lines that a cell was broken into put back; and the lines left out."""
    kept: list[Row] = []
    stray: list[int] = []
    end = max((row.line for row in rows if len(row.cells) > 1), default=0)
    for row, below in _in_tables(rows, header):
        above = kept[-1] if kept else None
        if above and _breaks_off(above, row, header.width, below):
            kept[-1] = above.glued(row)
        elif len(row.cells) > 1 or _is_heading_row(row) or (opens_row(row) and row.line < end):
            kept.append(row)
        elif above and row.cells[0][:1].islower():
            before = [""] * (max(header.width, len(above.cells)) - 1)
            kept.append(Row(row.line, (*before, *row.cells), row.piece))
        elif above and _may_be_heading(row, below):
            kept.append(row)
        elif row.line < end:
            stray.append(row.line)
    return kept, stray


def _in_tables(rows: Sequence[Row], header: Header) -> Iterator[tuple[Row, Row | None]]:
    """Give each row below the header with the next one.

    The signature block ends a table, but not the file: an appendix may bring another.
    """
    closed = False
    for n, (row, below) in enumerate(zip_longest(rows, rows[1:])):
        if row.line <= header.last:
            continue
        closed = (closed and not header_at(rows, n)) or _closes(row)
        if not closed:
            yield row, below


def _closes(row: Row) -> bool:
    """Tell the signature block or, in a line of its own, the sentence that ends with «./.»."""
    return is_closing(row.text) or (len(row.cells) == 1 and row.text.endswith("./."))


def _is_heading_row(row: Row) -> bool:
    text = row.cells[0]
    return is_heading(text) or (text.isupper() and len(text.split()) > 1)


def _may_be_heading(row: Row, below: Row | None) -> bool:
    """Tell «Văn hóa - xã hội» alone in a line above a numbered row; not a page's head nor a sentence."""
    text = row.cells[0]
    return (
        not starts_page(text)
        and 1 < len(text.split()) <= _MAX_STRAY_HEADING_WORDS
        and text[:1].isupper()
        and not ends_sentence(text)
        and below is not None
        and len(below.cells) > 1
        and opens_row(below)
    )


def _breaks_off(above: Row, row: Row, width: int, below: Row | None) -> bool:
    """Tell whether a line goes on with the last cell of the row above, which a line break has cut.

    «1 | Lập quy hoạch | Đã ban hành» and «kế hoạch. | Trình thẩm định» make one row of four cells. Rows
    that have only lost their empty last cells don't, since the next starts with a number or a tab.
    """
    if row.piece != above.piece or len(above.cells) < 2 or not row.cells[0]:
        return False
    if opens_row(row) or is_heading(row.cells[0]):
        return False
    if len(row.cells) > 1:
        room = len(above.cells) < width and len(above.cells) + len(row.cells) - 1 <= width
        return room and opens_row(above) and not _is_section_row(above)
    full = len(above.cells) >= width
    return not _is_heading_row(row) and not (full and _may_be_heading(row, below))


def _is_section_row(row: Row) -> bool:
    cells = [cell for cell in row.cells if cell]
    return len(cells) <= 2 and is_heading(f"{cells[0].rstrip('.')}. {cells[-1]}")


def _tasks(drafts: Sequence[Draft], facts: ReportFacts, path: Path, report_id: str) -> list[Task]:
    """Make tasks of the drafts, numbered as written where that names each once, else in order."""
    written = [draft.number for draft in drafts]
    unique = len(set(written)) == len(written) and all(number.isdecimal() for number in written)
    return [
        Task(
            id=f"{report_id}/{number}",
            report_id=report_id,
            period=facts.period,
            section=draft.section,
            number=number,
            title=draft.cells.get("title", ""),
            result="\n".join(filter(None, (draft.cells.get("result", ""), draft.cells.get("obstacle", "")))),
            plan=draft.cells.get("plan", ""),
            source=Source(path.name, "", draft.line, tuple(draft.joins)),
            report=facts,
        )
        for position, draft in enumerate(drafts, 1)
        for number in (int(draft.number) if unique else position,)
    ]
