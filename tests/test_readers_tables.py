"""Tests of tables: headers by meaning, rows joined across pages, nothing lost."""

import json
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from nlp_tasks.readers import read_report
from nlp_tasks.readers.headers import Row, find_header
from nlp_tasks.readers.layout import rows_from_text
from nlp_tasks.readers.tables import TableSettings, drafts_from_rows

CASES = (Path(__file__).parent / "cases/readers/tables.jsonl").read_text(encoding="utf-8").splitlines()
HEADER = ("STT", "Nhiệm vụ", "Kết quả", "Phương hướng")


@pytest.mark.parametrize("line", CASES, ids=lambda line: str(json.loads(line)["name"]))
def test_table(line: str, tmp_path: Path) -> None:
    case = json.loads(line)
    path = tmp_path / "bao_cao.txt"
    path.write_text("\n".join(case["text"]), encoding="utf-8")
    tasks = read_report(path).tasks
    wanted = case["tasks"]
    assert [task.title for task in tasks] == [task["title"] for task in wanted]
    for task, fields in zip(tasks, wanted, strict=True):
        assert {name: getattr(task, name) for name in fields} == fields


@pytest.mark.parametrize(
    ("cells", "roles"),
    [
        (("Số TT", "Nội dung", "Tiến độ", "Kế hoạch"), ("number", "title", "result", "plan")),
        (("Nhiệm vụ", "Kết quả", "Nhiệm vụ quý II"), ("title", "result", "plan")),
        (("TT", "Nhiệm vụ", "Chỉ tiêu", "Kết quả"), ("number", "title", "title", "result")),
        (("TT", "Nhóm nhiệm vụ", "Nhiệm vụ", "Kết quả"), ("number", "section", "title", "result")),
        (("Lĩnh vực", "Nhiệm vụ", "Kết quả"), ("section", "title", "result")),
        (("Nhiệm vụ", "Chủ trì", "Thời hạn", "Kết quả"), ("title", "agency", "due", "result")),
        (("Nhiệm vụ", "Kết quả", "Số liệu"), ("title", "result", "")),
    ],
)
def test_header_roles(cells: tuple[str, ...], roles: tuple[str, ...]) -> None:
    header = find_header([Row(1, cells)])
    assert header is not None
    assert header.roles == roles


@pytest.mark.parametrize(
    "cells",
    [
        ("STT", "Đơn vị", "Số hộ"),
        ("STT", "Nhiệm vụ", "Cơ quan chủ trì", "Thời hạn"),
        ("1", "Nhiệm vụ A", "Kết quả tốt"),
        ("UBND HUYỆN CAO LỘC", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
        ("Kết quả thực hiện nhiệm vụ quý I",),
    ],
)
def test_no_header(cells: tuple[str, ...]) -> None:
    assert find_header([Row(1, cells)]) is None


def _drafts(*rows: Row, threshold: float = 0.5) -> list[dict[str, str]]:
    table = [Row(1, HEADER), *rows]
    header = find_header(table)
    assert header is not None
    return [draft.cells for draft in drafts_from_rows(table, header, TableSettings(threshold))]


def test_a_number_too_long_to_be_one_is_text() -> None:
    """Python refuses to make an int of more than 4300 digits."""
    assert _drafts(Row(2, ("1", "8" * 5000, "7" * 5000, "")))[0]["result"] == "7" * 5000


def test_empty_table_has_no_drafts() -> None:
    assert _drafts() == []


def test_row_below_the_threshold_is_left_apart() -> None:
    rows = Row(2, ("1", "Lập quy hoạch", "Đã xong.", "")), Row(3, ("", "", "Hồ sơ đủ", ""), 0)
    assert len(_drafts(*rows, threshold=0.5)) == 1
    assert len(_drafts(*rows, threshold=1.0)) == 2


def test_join_keeps_row_score_and_reason() -> None:
    table = [Row(1, HEADER), Row(2, ("1", "Lập", "Đã", "")), Row(7, ("", "", "xong", ""), 1)]
    header = find_header(table)
    assert header is not None
    ((join,),) = [draft.joins for draft in drafts_from_rows(table, header)]
    assert (join.row, join.score) == (7, 1.0)
    assert "empty title" in join.reason


def test_inputs_are_not_changed() -> None:
    row = Row(2, ("1", "Lập quy hoạch", "Đã", ""))
    table = [Row(1, HEADER), row, Row(3, ("", "", "xong.", ""), 1)]
    header = find_header(table)
    assert header is not None
    assert drafts_from_rows(table, header)[0].cells == drafts_from_rows(table, header)[0].cells
    assert row.cells == ("1", "Lập quy hoạch", "Đã", "")


@pytest.mark.parametrize("threshold", [-0.1, 1.1])
def test_threshold_is_checked(threshold: float) -> None:
    with pytest.raises(ValueError, match="join_threshold"):
        TableSettings(threshold)


def test_unknown_column_is_noted(tmp_path: Path) -> None:
    path = tmp_path / "bao_cao.txt"
    path.write_text("STT\tNhiệm vụ\tKết quả\tMã số\n1\tLập đồ án\tXong\tA1\n", encoding="utf-8")
    assert read_report(path).notes == ("cột «Mã số» không rõ vai trò, đã bỏ qua",)


def test_line_between_pages_is_noted(tmp_path: Path) -> None:
    text = "STT\tNhiệm vụ\tKết quả\n1\tLập đồ án\tXong\n\nBáo cáo của UBND huyện\n\n2\tThu thuế\tĐạt\n"
    path = tmp_path / "bao_cao.txt"
    path.write_text(text, encoding="utf-8")
    report = read_report(path)
    assert len(report.tasks) == 2
    assert any("dòng 4" in note for note in report.notes)


def test_only_a_page_number_is_left_out() -> None:
    rows = rows_from_text("- 2 -\n\n3\nTrang 4/10\nđường tỉnh\n638\n\t\t12\n")
    assert [row.cells for row in rows] == [("đường tỉnh",), ("638",), ("", "", "12")]


_WORD = st.sampled_from("đã xong Lập quy hoạch đường 12 hộ 3,5% Tổ chức tỷ đồng; vốn.".split())
_CELL = st.lists(_WORD, max_size=6).map(" ".join)
_ROWS = st.lists(st.tuples(st.booleans(), _CELL, _CELL, _CELL, st.booleans()), min_size=1, max_size=8)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(_ROWS)
@example([(True, "Lập quy hoạch", "", "", False), (False, "Lập quy hoạch", "đã", "", True)])
@example([(False, "", "", "", False), (False, "đã đã", "", "", False), (False, "đã đã", "", "", True)])
def test_no_word_below_the_header_is_lost(rows: list[tuple[bool, str, str, str, bool]]) -> None:
    lines, words = ["\t".join(HEADER)], Counter[str]()
    for n, (numbered, title, result, plan, page) in enumerate(rows, 1):
        number = str(n) if numbered or n == 1 else ""
        lines += [""] * page + ["\t".join((number, title, result, plan))]
        words.update(f"{title} {result} {plan}".split())
    table = rows_from_text("\n".join(lines))
    header = find_header(table)
    assert header is not None
    drafts = drafts_from_rows(table, header)
    found = Counter(word for draft in drafts for text in draft.cells.values() for word in text.split())
    # A title said again on the next page stands once in the task; its join says so, so count it there.
    again = [join.row for draft in drafts for join in draft.joins if join.reason == "same number and title"]
    found.update(word for line in again for word in lines[line - 1].split("\t")[1].split())
    headings = {word for draft in drafts for word in draft.section.split()}
    assert {word: n for word, n in words.items() if word not in headings} == {
        word: n for word, n in found.items() if word not in headings
    }
    assert set(words) == set(found) | headings


def test_line_of_markup_alone_below_a_header_is_no_row(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("STT\tNhiệm vụ\tKết quả\n<p></p>\n1\tLập đồ án\tXong\n", encoding="utf-8")
    [task] = read_report(path).tasks
    assert (task.title, task.result) == ("Lập đồ án", "Xong")
