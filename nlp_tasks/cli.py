"""The command line: parses arguments, calls the library, prints.

stdout holds what was asked for and nothing else; progress, notes and errors go to stderr. Exit codes:
0 all done, 1 nothing could be done, 2 wrong usage, 3 done but some inputs were rejected.
"""

import json
import os
import re
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from nlp_tasks.assets import asset, domain_names, status_names
from nlp_tasks.batch import Job, Outcome, find_jobs, run_jobs
from nlp_tasks.batch.inputs import same_file
from nlp_tasks.errors import NlpTasksError, ReadError
from nlp_tasks.schema import TaggedTask
from nlp_tasks.store import ENDINGS, write_rows
from nlp_tasks.store.formats import format_of
from nlp_tasks.store.tables import check_file
from nlp_tasks.tokenizer import Tokenizer, join_words

__all__ = ["app", "main"]

DEFAULT_MODEL = "fast"
_STATUS_STYLES = {"blocked": "red", "on_track": "blue", "done": "green"}
_WIDE = 100  # columns of a terminal in which a table of four columns is pleasant to read
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_USAGE_ERROR: Any = typer.BadParameter.__base__  # Typer doesn't export it
# What Typer says of a wrong command line, and what we say.
_USAGE = (
    (r"Missing (?:argument|parameter):? '?(.+?)'?\.?$", "thiếu tham số {}"),
    (r"Missing option '?(.+?)'?\.?$", "thiếu tùy chọn {}"),
    (r"No such option:? '?([^\s']+)", "không có tùy chọn {}"),
    (r"No such command '(.+?)'", "không có lệnh {}"),
    (r"Option '(.+?)' requires an argument", "tùy chọn {} cần một giá trị"),
    (r"Got unexpected extra arguments?(?:\(s\))? \((.+)\)", "thừa tham số {}"),
    (r"Invalid value for '?(.+?)'?: ", "giá trị của {} không hợp lệ"),
)

app = typer.Typer(
    help="Đọc báo cáo tiến độ: việc nào đang làm, vướng mắc, đã xong, và vì sao.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


def main() -> None:
    """Run the command line; whatever goes wrong is one line on stderr, never a traceback."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a Windows console may start in a code page without «đ»
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # a kill clears up like Ctrl-C
    sys.exit(_run_app())


def _run_app() -> int:
    """Run the command that the arguments name; return the exit code."""
    try:
        code = app(prog_name="nlp-tasks", standalone_mode=False)
        sys.stdout.flush()
    except _USAGE_ERROR as error:
        return _explain_usage(error)
    except NlpTasksError as error:
        _say(f"Lỗi: {error.message}")
    except (KeyboardInterrupt, typer.Abort):
        return 130
    except OSError as error:
        _drop_stdout()
        if not isinstance(error, BrokenPipeError):  # whoever reads a pipe may leave when he has enough
            _say(f"Lỗi: {error.filename or 'không đọc, ghi được'}: {error.strerror or error}")
    except Exception as error:  # the last boundary: a bug must not show an analyst a traceback
        if os.environ.get("NLP_TASKS_DEBUG"):
            raise
        _say(f"Lỗi của chương trình ({type(error).__name__}: {error}); xin báo cho nhóm phát triển")
    else:
        return code if isinstance(code, int) else 0
    return 1


def _explain_usage(error: Any) -> int:
    """Say in Vietnamese what is wrong with the command line, where Typer's words are known."""
    message = error.format_message()
    if message:  # there is none where the help was shown
        found = ((re.match(pattern, message), text) for pattern, text in _USAGE)
        known = (text.format(match[1].replace("'", "")) for match, text in found if match)
        command = error.ctx.command_path if error.ctx else "nlp-tasks"
        _say(f"Lỗi: {next(known, message)}; xem cách dùng: {command} --help")
    return 2


def _drop_stdout() -> None:
    """Send what stdout still holds to nowhere, since it can't be written and Python would say so."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _fail(message: str, code: int = 1) -> NoReturn:
    _say(f"Lỗi: {message}")
    sys.exit(code)


def _say(message: str) -> None:
    """Print a line to stderr; a file's name can't break it or move the cursor."""
    print(_UNSEEN.sub(lambda match: repr(match[0])[1:-1], message), file=sys.stderr, flush=True)


@app.command()
def tag(
    inputs: Annotated[
        list[Path],
        typer.Argument(
            metavar="INPUT...", help="Tệp báo cáo, thư mục, hoặc tệp nhiệm vụ (.jsonl, .csv, .parquet)."
        ),
    ],
    out: Annotated[Path, typer.Option("-o", "--out", help="Tệp kết quả: .jsonl, .csv, .parquet hoặc .xlsx.")],
    model: Annotated[str, typer.Option(help="Tên mô hình có sẵn hoặc thư mục mô hình.")] = DEFAULT_MODEL,
    workers: Annotated[int, typer.Option(min=1, help="Số tiến trình chạy song song.")] = 1,
    explain: Annotated[
        bool, typer.Option("--explain", help="Ghi thêm lý do của từng nhãn (reasons).")
    ] = False,
) -> None:
    """Gán nhãn mọi nhiệm vụ trong các báo cáo."""
    _check_out(out)
    jobs = find_jobs(inputs)
    if same_file(out, jobs) or same_file(rejects_path(out), jobs):
        _fail(f"{out}: vừa là đầu vào vừa là kết quả; hãy đặt tên kết quả khác", 2)
    run = _Run(jobs)
    n_tasks = run.write(run_jobs(jobs, model, workers=workers, explain=explain), out)
    run.report(n_tasks, out, model)
    if run.rejects:
        sys.exit(3 if n_tasks else 1)


def _check_out(out: Path) -> None:
    if out.suffix.lower() not in ENDINGS:
        _fail(f"{out}: đuôi tệp kết quả phải là một trong {', '.join(ENDINGS)}", 2)
    if not out.parent.is_dir():
        _fail(f"{out.parent}: không có thư mục này; hãy tạo trước", 2)
    if out.is_dir():
        _fail(f"{out}: là thư mục; hãy đặt tên một tệp kết quả", 2)


class _Run:
    """One run of `tag`: follows the outcomes, keeps the rejects, shows how far it is."""

    def __init__(self, jobs: list[Job]) -> None:
        self.jobs = jobs
        self.rejects: list[Outcome] = []

    def write(self, outcomes: Iterable[Outcome], out: Path) -> int:
        """Write the tagged tasks and the rejects; OUT stays as it was where there is no task at all."""
        tagged = self._tagged(outcomes)
        first = next(tagged, None)
        n_tasks = write_rows(_chain(first, tagged), out) if first else 0
        self._write_rejects(out)
        return n_tasks

    def _tagged(self, outcomes: Iterable[Outcome]) -> Iterator[TaggedTask]:
        for outcome in _with_progress(outcomes, len(self.jobs)):
            for note in outcome.notes:
                _say(f"{outcome.job.path}: {note}")
            if outcome.error:
                _say(f"Bỏ qua {outcome.error.message}")
                self.rejects.append(outcome)
            yield from outcome.tagged

    def _write_rejects(self, out: Path) -> None:
        """Write `<OUT>.rejects.jsonl`, or take away that of an earlier run."""
        path = rejects_path(out)
        if not self.rejects:
            path.unlink(missing_ok=True)
            return
        lines = (
            {"path": str(r.job.path), "error": r.error.code, "message": r.error.message}
            for r in self.rejects
            if r.error
        )
        text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
        _write_text(text, path)

    def report(self, n_tasks: int, out: Path, model: str) -> None:
        """Say in one line what was done."""
        n_read = len(self.jobs) - len(self.rejects)
        if n_tasks:
            _say(f"Đã gán nhãn {n_tasks} nhiệm vụ của {n_read} tệp bằng mô hình {model}: {out}")
        if self.rejects:
            _say(f"{len(self.rejects)} tệp không xử lý được, xem {rejects_path(out)}")


def _write_text(text: str, path: Path) -> None:
    try:
        # Half a character in a file's name becomes its escape, which JSON reads as well.
        path.write_text(text, encoding="utf-8", errors="backslashreplace", newline="\n")
    except OSError as error:
        raise ReadError(
            f"{path}: không ghi được ({error.strerror}); hãy xem lại quyền ghi và chỗ trống trên đĩa",
            code="denied",
        ) from error


def rejects_path(out: Path) -> Path:
    """Return where the rejected inputs of a run stand: `out.jsonl.rejects.jsonl`."""
    return out.with_name(f"{out.name}.rejects.jsonl")


def _chain(first: TaggedTask, rest: Iterator[TaggedTask]) -> Iterator[TaggedTask]:
    yield first
    yield from rest


def _with_progress(outcomes: Iterable[Outcome], total: int) -> Iterator[Outcome]:
    """Pass outcomes on, with a bar and its ETA on a terminal, else a line every ten seconds."""
    console = Console(stderr=True)
    if console.is_terminal and total > 1:
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        with Progress(*columns, console=console, transient=True) as progress:
            yield from progress.track(outcomes, total=total, description="Đang gán nhãn")
        return
    last = time.monotonic()
    for number, outcome in enumerate(outcomes, 1):
        yield outcome
        if time.monotonic() - last > 10:
            last = time.monotonic()
            _say(f"{number}/{total} tệp")


@app.command()
def tokenize(
    file: Annotated[str, typer.Argument(help="Tệp văn bản, mỗi dòng một đoạn; - là đầu vào chuẩn.")] = "-",
    out: Annotated[
        Path | None, typer.Option("-o", "--out", help="Tệp kết quả; không có thì in ra màn hình.")
    ] = None,
    plain: Annotated[bool, typer.Option("--plain", help="Đúng như underthesea.word_tokenize.")] = False,
) -> None:
    """Tách từ: mỗi dòng vào một dòng ra, các tiếng của một từ nối bằng «_»."""
    tokenizer = Tokenizer()
    cut = tokenizer.plain if plain else lambda line: join_words(tokenizer.tokenize(line))
    lines = (cut(line) for line in _lines(file))
    if out is not None:
        _write_text("".join(f"{line}\n" for line in lines), out)
        return
    for line in lines:
        print(line)


def _lines(file: str) -> list[str]:
    """Read the lines of a file or of stdin; unlike a report, a text to cut may be empty."""
    from nlp_tasks.readers.encoding import decode, read_text

    data = sys.stdin.buffer.read() if file == "-" else b""
    try:
        text = (decode(data) if file == "-" else read_text(Path(file))).text
    except ReadError as error:
        if error.code != "empty":
            raise
        blank = data if file == "-" else Path(file).read_bytes()
        return [""] * len(blank.splitlines())
    return text.removesuffix("\n").split("\n")


@app.command()
def view(
    results: Annotated[Path | None, typer.Argument(help="Tệp kết quả của lệnh tag.")] = None,
    port: Annotated[
        int | None, typer.Option(min=1, max=65535, help="Cổng; không có thì chọn cổng trống.")
    ] = None,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Không mở trình duyệt.")] = False,
) -> None:
    """Mở trang xem kết quả trên máy này."""
    from nlp_tasks.viewer.server import free_port, serve

    if results is not None:
        check_file(results)
        format_of(results)
    if port is not None and free_port(port) != port:
        _fail(f"cổng {port} đang bận hoặc không được phép dùng; hãy chọn cổng khác hoặc bỏ --port")
    sys.exit(serve(results, port, browser=not no_browser))


@app.command()
def demo(
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Không mở trình duyệt.")] = False,
    no_viewer: Annotated[bool, typer.Option("--no-viewer", help="Dừng sau khi in bảng.")] = False,
) -> None:
    """Gán nhãn các báo cáo mẫu, in bảng nhiệm vụ, rồi mở trang xem."""
    from nlp_tasks.viewer.server import serve

    outcomes = list(run_jobs(find_jobs([asset("data/reports")]), DEFAULT_MODEL))
    for outcome in outcomes:
        if outcome.error:
            _say(f"Bỏ qua {outcome.error.message}")
    tagged = [task for outcome in outcomes for task in outcome.tagged]
    out = Path(tempfile.mkdtemp(prefix="nlp_tasks_")) / "ket-qua.jsonl"
    write_rows(tagged, out)
    _print_results(tagged)
    print(f"{len(tagged)} nhiệm vụ của {len(outcomes)} báo cáo mẫu; kết quả ở {out}", flush=True)
    if not no_viewer:
        sys.exit(serve(out, None, browser=not no_browser))


def _print_results(tagged: list[TaggedTask]) -> None:
    """Print the tasks, as a table or, where that is too narrow, one below the other; and the counts."""
    console = Console(highlight=False)
    if not console.is_terminal:  # a pipe has no width of its own
        console.width = 120
    narrow = console.width < _WIDE
    if not narrow:
        console.print(_task_table(tagged))
    else:
        for item in tagged:
            console.print(escape(item.task.id), style="bold")
            label = f"{domain_names()[item.domain.label]}: {_status_text(item)}"
            console.print(Padding(f"{label}\n{escape(item.summary.text)}", (0, 0, 0, 2)))
    console.print(_count_table(tagged, narrow))


def _task_table(tagged: list[TaggedTask]) -> Table:
    table = Table("Nhiệm vụ", "Lĩnh vực", "Trạng thái", "Tóm tắt", title="Các nhiệm vụ trong báo cáo mẫu")
    for item in tagged:
        table.add_row(
            escape(item.task.id),
            domain_names()[item.domain.label],
            _status_text(item),
            escape(item.summary.text),
        )
    return table


def _status_text(item: TaggedTask) -> str:
    label = item.status.status.label
    text = f"[{_STATUS_STYLES[label]}]{status_names()[label]}[/]"
    if item.status.at_risk and label == "on_track":
        text += ", có nguy cơ"
    return f"{text} (cần xem lại)" if item.needs_review else text


def _count_table(tagged: list[TaggedTask], narrow: bool) -> Table:
    counts = Counter((item.domain.label, item.status.status.label) for item in tagged)
    statuses = status_names()
    table = Table("Lĩnh vực", title="Số nhiệm vụ theo lĩnh vực và trạng thái")
    if narrow:
        table.box, table.collapse_padding, table.pad_edge = None, True, False
    for name in (*statuses.values(), "Tổng"):
        table.add_column(name, justify="right", width=5 if narrow else None)
    for domain, name in domain_names().items():
        row = [counts[domain, status] for status in statuses]
        if sum(row):
            table.add_row(name, *map(str, row), str(sum(row)))
    totals = [sum(counts[domain, status] for domain in domain_names()) for status in statuses]
    table.add_section()
    table.add_row("Tổng", *map(str, totals), str(len(tagged)))
    return table


@app.command()
def models() -> None:
    """Liệt kê các mô hình có sẵn và độ chính xác trên thẻ của chúng."""
    from nlp_tasks.pipeline import find_folder, read_config, shipped_models

    table = Table("Mô hình", "Phần", "Đúng", "macro-F1", "Số nhiệm vụ", title="Kiểm chứng chéo theo nguồn")
    names = shipped_models()
    if not names:
        _fail("chưa có mô hình nào; hãy huấn luyện bằng make models")
    for model in names:
        for part, figures in read_config(find_folder(model))["figures"].items():
            accuracy, f1 = (f"{figures[name]:.3f}".replace(".", ",") for name in ("accuracy", "macro_f1"))
            table.add_row(model, part, accuracy, f1, str(figures["n_tasks"]))
    Console().print(table)


if __name__ == "__main__":
    main()
