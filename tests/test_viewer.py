"""Tests of the viewer: pure parts by themselves, pages headless by AppTest."""

import os
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from nlp_tasks import store
from nlp_tasks.assets import status_names
from nlp_tasks.lexicon import load_table
from nlp_tasks.schema import (
    Evidence,
    Figure,
    FigureKind,
    Prediction,
    Reason,
    ReportFacts,
    Source,
    Span,
    Status,
    StatusLabel,
    Summary,
    TaggedTask,
    Task,
    Warn,
)
from nlp_tasks.viewer import detail, results, server
from nlp_tasks.viewer.html import Mark, marked
from nlp_tasks.viewer.texts import Texts

APP = str(Path(__file__).parent.parent / "app.py")
HOSTILE = "<script>alert(1)</script> **đậm** [x](http://x.vn) :red[đỏ] $a$ \u202eđảo\u200f ngược"
STATUSES = ("on_track", "blocked", "done")
DOMAINS = ("planning", "land_clearance", "finance", "own_label")


def _tagged(
    number: int, result: str = "Đã chi trả 42/87 hộ, vướng mắc 03 hộ ở phường Tam Thanh."
) -> TaggedTask:
    status = STATUSES[number % 3]
    report = ReportFacts("219/BC-UBND", "2024-03-15", "2024-Q1", "thành phố Lạng Sơn", "UBND thành phố")
    other = ReportFacts("300/BC-UBND", "2024-06-15", "2024-Q2", "thành phố Lạng Sơn", "UBND thành phố")
    spans = [("result", 0, 10, result[:10]), ("result", 5, 16, result[5:16])]
    return TaggedTask(
        task=Task(
            id=f"R{number % 2}/{number}",
            title=HOSTILE if number == 4 else f"Giải phóng mặt bằng đường số {number}, hoà giải",
            result=result,
            report_id=f"R{number % 2}",
            period="2024-Q2" if number % 2 else "2024-Q1",
            section="I. Đất đai",
            number=number,
            source=Source("bao_cao.docx", "2", 9),
            report=other if number % 2 else report,
        ),
        domain=Prediction(DOMAINS[number % 4], 0.982, {DOMAINS[number % 4]: 0.982, "culture_tourism": 0.018}),
        status=StatusLabel(
            Prediction(status, 0.7, {status: 0.7}),
            at_risk=status == "blocked" or number == 3,
            evidence=(Evidence(*spans[1], rule="obstacle <b>"),),
        ),
        summary=Summary(HOSTILE if number == 4 else f"Tóm tắt {number}", (Span(*spans[0]),)),
        needs_review=number == 7,
        reasons=(Reason("status", "", "nêu trở ngại <b>", 2.6), Reason("domain", "title", "đường", -0.5))
        if number == 1
        else (),
        figures=(Figure(*spans[0], kind=FigureKind.COUNT, value=1234.5, unit="hộ"),),
        warnings=(Warn("arithmetic", "42/87 <i>sai</i>", (Span(*spans[1]),)),) if number == 1 else (),
    )


TAGGED = [_tagged(number) for number in range(1, 12)] + [_tagged(12, HOSTILE + "\nHết.")]


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "out.jsonl"
    store.write_rows(TAGGED, path)
    monkeypatch.setenv("NLP_TASKS_RESULTS", str(path))
    return path


@pytest.fixture
def app(file: Path) -> AppTest:
    opened = AppTest.from_file(APP, default_timeout=60).run()
    assert not opened.exception
    return opened


def _page(app: AppTest, name: str) -> AppTest:
    """Go to a page; AppTest itself can switch only to pages that are files."""
    app._page_hash = app.session_state["pages"][name]._script_hash
    app.run()
    assert not app.exception
    return app


def _html(app: AppTest) -> str:
    return "\n".join(element.value for element in app.html)


# --- pure parts ----------------------------------------------------------------------------------


def test_every_string_stands_in_both_languages() -> None:
    table = load_table("viewer")
    for group in (table, table["vi"], table["en"]):
        assert all(value for value in group.values())
    assert table["vi"].keys() == table["en"].keys()
    assert table["vi"]["kinds"].keys() == table["en"]["kinds"].keys()
    assert status_names("vi").keys() == status_names("en").keys() == {status.value for status in Status}
    assert table["vi"]["kinds"].keys() == {kind.value for kind in FigureKind}


def test_counts_reconcile_with_the_rows() -> None:
    numbers = results.counts(results.to_frame(TAGGED))
    assert numbers == {"total": 12, "blocked": 4, "on_track": 4, "done": 4, "at_risk": 5, "needs_review": 1}


def test_red_list_has_blocked_first() -> None:
    rows = results.red_list(results.to_frame(TAGGED))
    assert list(rows["status"]) == ["blocked"] * 4 + ["on_track"]


@pytest.mark.parametrize(
    ("filters", "numbers"),
    [
        (results.Filters(), list(range(1, 13))),
        (results.Filters(statuses=("done",)), [2, 5, 8, 11]),
        (results.Filters(statuses=("done", "blocked"), reports=("R0",)), [2, 4, 8, 10]),
        (results.Filters(periods=("2024-Q2",), at_risk=True), [1, 3, 7]),
        (results.Filters(domains=("own_label",)), [3, 7, 11]),
        (results.Filters(needs_review=True), [7]),
        (results.Filters(query="giai phong duong so 9"), [9]),
        (results.Filters(query="GIẢI PHÓNG đường số 9"), [9]),
        (results.Filters(query="giãi phóng"), []),
        (results.Filters(query="hòa giải số 9"), [9]),
        (results.Filters(query="<script>"), [4, 12]),
        (results.Filters(query="(["), []),
    ],
)
def test_select_keeps_what_passes_all_filters(filters: results.Filters, numbers: list[int]) -> None:
    assert list(results.select(results.to_frame(TAGGED), filters)["number"]) == numbers


def test_empty_frame_is_counted_and_filtered() -> None:
    frame = results.to_frame([])
    assert results.counts(frame)["total"] == 0
    assert results.select(frame, results.Filters(query="a", at_risk=True)).empty


def test_marked_text_without_its_tags_is_the_text() -> None:
    text = "chi trả 42/87 hộ"
    marks = [Mark(0, 7, "evidence", ""), Mark(4, 13, "figure", ""), Mark(4, 16, "source", "")]
    html = marked(text, marks)
    for tag in ("evidence", "evidence nt-figure nt-source", "figure nt-source", "source"):
        html = html.replace(f'<mark class="nt-{tag}" title="">', "")
    assert html.replace("</mark>", "") == text


def test_marks_cover_evidence_figures_sources_and_warnings() -> None:
    kinds = [mark.kind for mark in detail.marks_of(_tagged(1), "result", Texts())]
    assert sorted(kinds) == ["evidence", "figure", "source", "warning"]
    assert detail.marks_of(_tagged(1), "title", Texts()) == []


@pytest.mark.parametrize("ending", [".csv", ".xlsx"])
def test_exported_bytes_are_a_results_file(ending: str, tmp_path: Path) -> None:
    path = tmp_path / f"a{ending}"
    path.write_bytes(results.exported(TAGGED, ending))
    assert store.read_rows(path) == TAGGED


# --- pages ---------------------------------------------------------------------------------------


def test_reasons_are_shown_where_there_are_any() -> None:
    shown = detail._reasons(_tagged(1).reasons, Texts())
    assert "Trạng thái" in shown and "nêu trở ngại &lt;b&gt;" in shown and "-0,50" in shown


def test_overview_shows_the_counts(app: AppTest) -> None:
    assert [metric.value for metric in app.metric] == ["12", "4", "4", "4", "5", "1"]
    assert "Vướng mắc" in app.metric[1].label


def test_overview_lists_the_blocked_and_escapes(app: AppTest) -> None:
    html = _html(app)
    assert "&lt;script&gt;alert(1)&lt;/script&gt; **đậm**" in html
    assert "<script" not in html
    assert "\u202e" not in html
    assert html.count('class="nt-item"') == 5


def test_tasks_page_shows_all_rows_as_text(app: AppTest) -> None:
    table = _page(app, "tasks").dataframe[0].value
    assert len(table) == 12
    assert table["title"][3].startswith("<script>alert(1)</script> **đậm**")
    assert "\u202e" not in table["title"][3]


def test_filters_change_the_table(app: AppTest) -> None:
    page = _page(app, "tasks")
    page.multiselect(key="filter_status").select("blocked").run()
    assert list(page.dataframe[0].value["number"]) == [1, 4, 7, 10]
    page.checkbox(key="filter_needs_review").check().run()
    assert list(page.dataframe[0].value["number"]) == [7]
    page.button(key="clear").click().run()
    assert len(page.dataframe[0].value) == 12
    page.text_input(key="filter_query").input("duong so 9").run()
    assert list(page.dataframe[0].value["number"]) == [9]
    page.text_input(key="filter_query").input("không có gì như vậy").run()
    assert not page.dataframe
    assert "Không có nhiệm vụ nào khớp" in page.info[0].value
    assert not page.exception


def test_filters_stay_while_another_page_is_shown(app: AppTest) -> None:
    page = _page(app, "tasks")
    page.multiselect(key="filter_status").select("done").run()
    page.text_input(key="filter_query").input("duong").run()
    page = _page(_page(page, "overview"), "tasks")
    assert page.multiselect(key="filter_status").value == ["done"]
    assert list(page.dataframe[0].value["number"]) == [2, 5, 8, 11]


def test_detail_page_marks_and_escapes(app: AppTest) -> None:
    app.button(key="open_0").click().run()
    html = _html(app)
    for kind in ("evidence", "figure", "source", "warning"):
        assert f"nt-{kind}" in html
    for text in ("obstacle &lt;b&gt;", "42/87 &lt;i&gt;sai&lt;/i&gt;", "1.234,5", "15/06/2024"):
        assert text in html
    assert "98,2\N{NO-BREAK SPACE}%" in html
    assert not app.exception


def test_detail_page_walks_through_the_list_that_was_shown(app: AppTest) -> None:
    app.button(key="open_0").click().run()
    for number in (4, 7, 10, 3):
        app.button(key="next").click().run()
        assert not app.exception
        assert f"Số {number} ·" in _html(app)
    assert app.button(key="next").disabled
    app.button(key="back").click().run()
    assert len(app.dataframe) == 1


@pytest.mark.parametrize(("asked", "number"), [("12", 12), ("0", 1), ("999", 12), ("x", 1), ("²", 1)])
def test_detail_page_opens_the_task_in_the_address(app: AppTest, asked: str, number: int) -> None:
    app.query_params["task"] = asked
    html = _html(_page(app, "detail"))
    assert f"Số {number} ·" in html
    assert "<script" not in html


def test_language_switch_changes_the_labels(app: AppTest) -> None:
    app.radio(key="language").set_value("en").run()
    assert app.title[0].value == "Overview"
    assert "Blocked" in app.metric[1].label
    page = _page(app, "tasks")
    assert page.multiselect(key="filter_domain").label == "Domain"
    assert page.dataframe[0].value["status"][0] == ["Blocked"]
    page = _page(page, "detail")
    assert "98.2%" in _html(page)
    assert page.radio(key="language").value == "en"


@pytest.mark.parametrize("page", ["overview", "tasks", "detail"])
def test_missing_file_is_one_sentence_on_every_page(
    page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NLP_TASKS_RESULTS", str(tmp_path / "none.jsonl"))
    app = _page(AppTest.from_file(APP, default_timeout=60).run(), page)
    assert [error.value[:18] for error in app.error] == ["Không tìm thấy tệp"]


def test_broken_file_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "out.jsonl"
    path.write_text('{"title": ', encoding="utf-8")
    monkeypatch.setenv("NLP_TASKS_RESULTS", str(path))
    app = AppTest.from_file(APP, default_timeout=60).run()
    assert not app.exception
    assert app.error[0].value.startswith("Không mở được kết quả: tệp out")


def test_file_without_rows_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store.write_rows([], tmp_path / "out.csv")
    monkeypatch.setenv("NLP_TASKS_RESULTS", str(tmp_path / "out.csv"))
    app = AppTest.from_file(APP, default_timeout=60).run()
    assert "không có nhiệm vụ nào" in app.error[0].value


def test_without_results_the_page_says_how_to_get_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NLP_TASKS_RESULTS", raising=False)
    app = AppTest.from_file(APP, default_timeout=60).run()
    assert not app.exception
    assert "nlp-tasks tag" in app.info[0].value


def test_uploaded_file_is_opened(app: AppTest, tmp_path: Path) -> None:
    store.write_rows(TAGGED[:5], tmp_path / "a.xlsx")
    content = (tmp_path / "a.xlsx").read_bytes()
    app.file_uploader(key="upload").upload("a.xlsx", content).run()
    assert not app.exception
    assert app.metric[0].value == "5"


def test_uploaded_file_of_another_kind_is_said(app: AppTest) -> None:
    app.file_uploader(key="upload").upload("a.csv", b"a,b\n1,2\n").run()
    assert not app.exception
    assert "thiếu cột" in app.error[0].value.replace("\\", "")


# --- the server ----------------------------------------------------------------------------------


def test_results_path_comes_from_the_command_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NLP_TASKS_RESULTS", "env.jsonl")
    monkeypatch.setattr(sys, "argv", ["/a/app.py", "named.jsonl"])
    assert results.named_path() == Path("named.jsonl")
    monkeypatch.setattr(sys, "argv", ["pytest", "named.jsonl"])
    assert results.named_path() == Path("env.jsonl")


def test_command_keeps_to_this_machine() -> None:
    command = server.command(Path("out.jsonl"), 8600, browser=False)
    for name, value in (
        ("--server.address", "127.0.0.1"),
        ("--server.headless", "true"),
        ("--server.port", "8600"),
        ("--browser.gatherUsageStats", "false"),
    ):
        assert command[command.index(name) + 1] == value
    assert "--" not in server.command(None, 8600, browser=False)


def test_free_port_passes_over_one_that_is_taken() -> None:
    first = server.free_port()
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind(("127.0.0.1", first))
        taken.listen()
        assert server.free_port(first) != first


@pytest.mark.skipif(os.name != "posix", reason="Ctrl-C is sent as a POSIX signal")
@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_serve_prints_its_address_and_ends_with_a_signal(ending: signal.Signals, file: Path) -> None:
    code = "import sys; from pathlib import Path; from nlp_tasks.viewer.server import serve\n"
    code += "sys.exit(serve(Path(sys.argv[1]), browser=False))"
    with subprocess.Popen(
        [sys.executable, "-c", code, str(file)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        address = process.stdout.readline().strip()
        assert address.startswith("http://127.0.0.1:")
        with urllib.request.urlopen(f"{address}/_stcore/health") as answer:
            assert answer.status == 200
        process.send_signal(ending)
        assert process.wait(timeout=20) == 0
        assert process.stdout.read() == ""
    with pytest.raises(OSError, match="refused"):
        urllib.request.urlopen(f"{address}/_stcore/health")
