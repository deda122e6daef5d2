"""Tests of the store: every format gives back what it was given, and says where a row is wrong."""

import csv
import json
import unicodedata
import zipfile
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp_tasks import store
from nlp_tasks.errors import ReadError, SchemaError
from nlp_tasks.schema import (
    Evidence,
    Figure,
    FigureKind,
    Join,
    Prediction,
    Reason,
    ReportFacts,
    Source,
    Span,
    StatusLabel,
    Summary,
    TaggedTask,
    Task,
    Warn,
)

CORPUS = Path(__file__).parent.parent / "data" / "corpus" / "c1.jsonl"
RESULT = "Đã chi trả 42/87 hộ (47,7%); vướng mắc 03 hộ ở phường Tam Thanh, báo cáo ngày 01/02/2024."


def _span(text: str, field: str = "result", source: str = RESULT) -> tuple[str, int, int, str]:
    start = source.index(text)
    return field, start, start + len(text), text


def _tagged(**changes: object) -> TaggedTask:
    task = Task(
        id="219-BC/7",
        title="Giải phóng mặt bằng cầu Kỳ Cùng",
        result=RESULT,
        plan="- Vận động 03 hộ\n- Bàn giao trước 30/6",
        report_id="219-BC",
        period="2024",
        section="I. Đất đai",
        number=7,
        source=Source("bao_cao.docx", "Bảng 1", 9, (Join(10, 0.75, "ô số thứ tự trống"),)),
        report=ReportFacts("219/BC-UBND", "2024-03-15", "2024-Q1", "thành phố Lạng Sơn", "UBND thành phố"),
    )
    figures = (
        Figure(*_span("42/87 hộ"), kind=FigureKind.RATIO, value=42 / 87, unit="hộ"),
        Figure(*_span("47,7%"), kind=FigureKind.PERCENT, value=47.7, unit="%"),
        Figure(*_span("01/02/2024"), kind=FigureKind.DATE, value="2024-02-01", unit=""),
    )
    return TaggedTask(
        task=replace(task, **changes),
        domain=Prediction("land_clearance", 0.981, {"land_clearance": 0.981, "planning": 0.019}),
        status=StatusLabel(
            Prediction("blocked", 0.7, {"blocked": 0.7, "on_track": 0.2, "done": 0.1}),
            at_risk=True,
            evidence=(Evidence(*_span("vướng mắc 03 hộ"), rule="obstacle"),),
        ),
        summary=Summary("Đã chi trả 42/87 hộ, vướng mắc 03 hộ.", (Span(*_span("Đã chi trả 42/87 hộ")),)),
        needs_review=True,
        figures=figures,
        reasons=(Reason("status", "", "kết quả nêu trở ngại", 2.6), Reason("domain", "title", "cầu", -0.5)),
        warnings=(Warn("arithmetic", "42/87 là 48,3 %, không phải 47,7 %", (Span(*_span("42/87")),)),),
    )


def _bare(text: str) -> TaggedTask:
    return TaggedTask(
        task=Task("a/1", title=text, result=text),
        domain=Prediction("finance", 0.5),
        status=StatusLabel(Prediction("done", 1.0), at_risk=False),
        summary=Summary(text),
    )


def _write(path: Path, *rows: dict[str, object] | str) -> Path:
    lines = (row if isinstance(row, str) else json.dumps(row, ensure_ascii=False) for row in rows)
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_row_has_all_fields_in_order() -> None:
    assert tuple(store.to_row(_tagged())) == store.COLUMNS


@pytest.mark.parametrize("ending", store.ENDINGS)
def test_round_trip_gives_equal_tasks(ending: str, tmp_path: Path) -> None:
    tagged = [_tagged(), _bare("Chưa có kết quả"), _tagged(id="219-BC/8", number=8)]
    assert store.write_rows(iter(tagged), tmp_path / f"out{ending}") == 3
    assert store.read_rows(tmp_path / f"out{ending}") == tagged


@pytest.mark.parametrize("ending", store.ENDINGS)
def test_round_trip_of_nothing_gives_nothing(ending: str, tmp_path: Path) -> None:
    assert store.write_rows([], tmp_path / f"out{ending}") == 0
    assert store.read_rows(tmp_path / f"out{ending}") == []


HOSTILE = [
    "=1+1",
    '=HYPERLINK("http://x.vn","bấm")',
    "+84 25",
    "- Đã chi trả",
    "@SUM(A1)",
    "\t=1",
    "'=1+1",
    "'- một",
    "''@",
    "'sáng kiến'",
    "#N/A",
    "2024-01-01",
    "007",
    "true",
    "_x0041_ và _x_",
    "một\x01hai\x0b\x7f",
    "dòng 1\r\ndòng 2\rdòng 3\n\n",
    "  lề ",
    'ngoặc "kép", phẩy; chấm phẩy',
    "\u202eđảo\u202c\u200f\u2028\ufeff",
    "\uffff\U0001f3e0",
    "[]",
    '{"a": 1}',
]


@pytest.mark.parametrize("ending", store.ENDINGS)
@pytest.mark.parametrize("text", HOSTILE)
def test_round_trip_keeps_hostile_text(ending: str, text: str, tmp_path: Path) -> None:
    store.write_rows([_bare(text)], tmp_path / f"out{ending}")
    assert store.read_rows(tmp_path / f"out{ending}") == [_bare(text)]


@pytest.mark.parametrize("ending", store.ENDINGS)
@given(text=st.text(max_size=30).map(lambda text: unicodedata.normalize("NFC", text)))
@settings(max_examples=25, deadline=None)
def test_round_trip_keeps_any_text(ending: str, tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    path = tmp_path_factory.mktemp("any") / f"out{ending}"
    store.write_rows([_bare(text)], path)
    assert store.read_rows(path) == [_bare(text)]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@a", "\t=1", "\r=1"])
def test_csv_cell_that_looks_like_a_formula_is_text(text: str, tmp_path: Path) -> None:
    store.write_rows([_bare(text)], tmp_path / "out.csv")
    with (tmp_path / "out.csv").open(encoding="utf-8-sig", newline="") as stream:
        assert next(csv.DictReader(stream))["title"] == f"'{text}"


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@a", "#REF!"])
def test_xlsx_cell_that_looks_like_a_formula_is_text(text: str, tmp_path: Path) -> None:
    store.write_rows([_bare(text)], tmp_path / "out.xlsx")
    cell = openpyxl.load_workbook(tmp_path / "out.xlsx").active["F2"]
    assert (cell.value, cell.data_type) == (text, "s")


def test_csv_opens_in_excel_as_utf8(tmp_path: Path) -> None:
    store.write_rows([_tagged()], tmp_path / "out.csv")
    assert (tmp_path / "out.csv").read_bytes().startswith(b"\xef\xbb\xbfid,report_id,")


def test_csv_with_the_semicolons_of_excel_is_read(tmp_path: Path) -> None:
    path = _write(tmp_path / "a.csv", "title;result", "Thu ngân sách;Đạt 1.234,5 tỷ đồng")
    assert store.read_tasks(path)[0].result == "Đạt 1.234,5 tỷ đồng"


def test_csv_cell_may_be_long(tmp_path: Path) -> None:
    before = csv.field_size_limit()
    store.write_rows([_bare("đ" * 200_000)], tmp_path / "out.csv")
    assert store.read_rows(tmp_path / "out.csv") == [_bare("đ" * 200_000)]
    assert csv.field_size_limit() == before


def test_xlsx_cell_over_the_limit_is_cut_and_says_so(tmp_path: Path) -> None:
    long = RESULT + " dài" * 10_000
    figure = Figure("result", len(long) - 3, len(long), "dài", FigureKind.COUNT, 1.0, "")
    whole = _tagged(result=long)
    store.write_rows([replace(whole, figures=(*whole.figures, figure))], tmp_path / "out.xlsx")
    (cut,) = store.read_rows(tmp_path / "out.xlsx")
    assert len(cut.task.result) == 32_767
    assert cut.task.result.endswith("…")
    assert cut.figures == whole.figures
    assert [warn.code for warn in cut.warnings] == ["truncated", "truncated", "arithmetic"]


def test_xlsx_list_or_table_over_the_limit_is_cut_and_says_so(tmp_path: Path) -> None:
    scores = {f"nhãn tự đặt số {n}": 0.5 for n in range(2_000)}
    sources = (Span(*_span("42/87 hộ")),) * 1_000
    whole = replace(
        _tagged(), domain=Prediction("a", 0.5, scores), summary=Summary("a", sources), warnings=()
    )
    store.write_rows([whole], tmp_path / "out.xlsx")
    (cut,) = store.read_rows(tmp_path / "out.xlsx")
    assert cut.domain == Prediction("a", 0.5, {})
    assert cut.summary.sources == sources[: len(cut.summary.sources)] != ()
    assert [warn.code for warn in cut.warnings] == ["truncated", "truncated"]


def test_xlsx_header_is_frozen(tmp_path: Path) -> None:
    store.write_rows([_tagged()], tmp_path / "out.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "out.xlsx").active
    assert sheet.freeze_panes == "B2"
    assert sheet["G2"].alignment.wrap_text


def test_parquet_has_real_lists_that_duckdb_reads(tmp_path: Path) -> None:
    duckdb = pytest.importorskip("duckdb")
    path = tmp_path / "out.parquet"
    store.write_rows([_tagged()], path)
    query = "select domain_scores['planning'], evidence[1].rule, figures[3].value from read_parquet(?)"
    assert duckdb.execute(query, [str(path)]).fetchone() == (0.019, "obstacle", "2024-02-01")


@pytest.mark.parametrize("ending", store.ENDINGS)
def test_write_leaves_the_old_file_when_a_row_fails(ending: str, tmp_path: Path) -> None:
    path = tmp_path / f"out{ending}"
    store.write_rows([_tagged()], path)

    def failing() -> object:
        yield _bare("một")
        raise RuntimeError("cut off")

    with pytest.raises(RuntimeError):
        store.write_rows(failing(), path)
    assert store.read_rows(path) == [_tagged()]
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("out.docx", "format"),
        ("out", "format"),
        ("none/out.csv", "missing"),
        ("folder.csv", "not_a_file"),
        ("a" * 300 + ".csv", "denied"),
    ],
)
def test_write_refuses_a_path_it_cannot_use(name: str, code: str, tmp_path: Path) -> None:
    (tmp_path / "folder.csv").mkdir()
    with pytest.raises(ReadError) as caught:
        store.write_rows([], tmp_path / name)
    assert caught.value.code == code


@pytest.mark.parametrize("ending", store.ENDINGS)
def test_write_refuses_half_a_character(ending: str, tmp_path: Path) -> None:
    with pytest.raises(SchemaError, match="surrogate"):
        store.write_rows([_bare("a\ud800")], tmp_path / f"out{ending}")
    assert not list(tmp_path.iterdir())


def test_unknown_ending_names_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match=r"\.jsonl, \.csv, \.parquet, \.xlsx"):
        store.read_rows(tmp_path / "out.txt")


def test_missing_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="không tìm thấy") as caught:
        store.read_rows(tmp_path / "out.jsonl")
    assert caught.value.code == "missing"


@pytest.mark.parametrize(
    ("name", "code"), [("folder", "not_a_file"), ("file/out", "missing"), ("a" * 300, "denied")]
)
def test_read_refuses_a_path_it_cannot_open(name: str, code: str, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "folder.csv").mkdir()
    with pytest.raises(ReadError) as caught:
        store.read_rows(tmp_path / f"{name}.csv")
    assert caught.value.code == code


@pytest.mark.parametrize("ending", [".csv", ".parquet", ".xlsx", ".jsonl"])
def test_binary_file_is_an_error_of_ours(ending: str, tmp_path: Path) -> None:
    path = tmp_path / f"out{ending}"
    path.write_bytes(b"\x89PNG\r\n\x1a\n\x00\xff" * 40)
    with pytest.raises(ReadError) as caught:
        store.read_rows(path)
    assert caught.value.code in {"format", "encoding"}


@pytest.mark.parametrize(
    ("part", "content"),
    [
        ("xl/worksheets/sheet1.xml", "<worksheet"),
        (
            "[Content_Types].xml",
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            '<Override artName="x"/></Types>',
        ),
    ],
)
def test_xlsx_with_a_damaged_part_is_an_error_of_ours(part: str, content: str, tmp_path: Path) -> None:
    store.write_rows([_tagged()], tmp_path / "whole.xlsx")
    with (
        zipfile.ZipFile(tmp_path / "whole.xlsx") as whole,
        zipfile.ZipFile(tmp_path / "out.xlsx", "w") as damaged,
    ):
        for name in whole.namelist():
            damaged.writestr(name, content if name == part else whole.read(name))
    with pytest.raises(ReadError) as caught:
        store.read_rows(tmp_path / "out.xlsx")
    assert caught.value.code == "format"


@pytest.mark.parametrize("encoding", ["utf-16", "cp1258"])
@pytest.mark.parametrize("ending", [".csv", ".jsonl"])
def test_other_encoding_is_said(encoding: str, ending: str, tmp_path: Path) -> None:
    path = tmp_path / f"a{ending}"
    path.write_text('{"title": "Đê", "result": "Xong"}', encoding=encoding)
    with pytest.raises(ReadError, match="UTF-8") as caught:
        store.read_tasks(path)
    assert caught.value.code == "encoding"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"status": "dne"}, "nhãn 'dne' lạ; đã biết: blocked, done, on_track"),
        ({"domain": ""}, "cột 'domain' trống"),
        ({"domain_score": 1.5}, "cột 'domain_score': cần số từ 0 đến 1"),
        ({"at_risk": "có"}, "cột 'at_risk': cần true hoặc false"),
        ({"number": "bảy"}, "cột 'number': cần số nguyên"),
        ({"number": float("inf")}, "cột 'number': cần số nguyên"),
        ({"number": 10**30}, "cột 'number': cần số nguyên"),
        ({"number": True}, "cột 'number': cần số nguyên"),
        ({"number": "1.000"}, "cột 'number': cần số nguyên"),
        ({"domain_score": 10**400}, "cột 'domain_score': cần số từ 0 đến 1"),
        ({"title": ["a"]}, "cột 'title': cần chữ"),
        ({"title": "\ud800"}, "surrogate"),
        ({"evidence": "[{"}, "cột 'evidence': cần JSON"),
        ({"evidence": {}}, "cột 'evidence': cần danh sách"),
        ({"domain_scores": [1]}, "cột 'domain_scores': cần một bảng"),
        ({"result": "Khác"}, "không đứng ở result"),
        ({"figures": [{"kind": "tiền"}]}, "nhãn 'tiền' lạ; đã biết: money, percent"),
        ({"figures": [{"kind": "money", "value": "năm"}]}, "cột 'value': cần một số, không phải 'năm'"),
    ],
)
def test_cell_of_the_wrong_kind_is_an_error(change: dict[str, object], message: str) -> None:
    with pytest.raises(SchemaError, match=message.replace("[", r"\[")):
        store.from_row({**store.to_row(_tagged()), **change})


def test_missing_column_names_file_line_and_what_is_needed(tmp_path: Path) -> None:
    path = _write(tmp_path / "x.jsonl", {"title": "a", "result": "b"}, "", {"title": "c"})
    with pytest.raises(SchemaError) as caught:
        store.read_tasks(path)
    assert caught.value.message == "tệp x.jsonl, dòng 3: thiếu cột 'result'; cần có: title, result"


def test_broken_json_line_is_named(tmp_path: Path) -> None:
    path = _write(tmp_path / "x.jsonl", {"title": "a", "result": "b"}, '{"title": ')
    with pytest.raises(SchemaError, match=r"tệp x\.jsonl, dòng 2: JSON hỏng"):
        store.read_tasks(path)


def test_deeply_nested_json_is_an_error_of_ours(tmp_path: Path) -> None:
    path = _write(tmp_path / "x.jsonl", "[" * 200_000)
    with pytest.raises(SchemaError, match="dòng 1"):
        store.read_tasks(path)


def test_csv_row_with_too_many_cells_is_named(tmp_path: Path) -> None:
    path = _write(tmp_path / "x.csv", "title,result", "a,b", "a,b,c")
    with pytest.raises(SchemaError, match="dòng 3: có 3 ô"):
        store.read_tasks(path)


def test_csv_with_a_doubled_column_is_refused(tmp_path: Path) -> None:
    path = _write(tmp_path / "x.csv", "title,result,title", "a,b,c")
    with pytest.raises(SchemaError, match="'title' có hai lần"):
        store.read_tasks(path)


def test_empty_file_and_file_without_rows_are_said(tmp_path: Path) -> None:
    for content, code in (("", "empty"), ("title,result\n,\n", "no_tasks")):
        with pytest.raises(ReadError) as caught:
            store.read_tasks(_write(tmp_path / "x.csv", content))
        assert caught.value.code == code


def test_task_with_both_texts_empty_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SchemaError, match="đều trống"):
        store.read_tasks(_write(tmp_path / "x.jsonl", {"title": " ", "result": ""}))


def test_tasks_get_ids_where_they_have_none(tmp_path: Path) -> None:
    path = _write(
        tmp_path / "x.jsonl",
        {"title": "a", "result": "b"},
        {"title": "a", "result": "b", "id": "K/2", "period": 2024, "number": "4"},
        {"title": "a", "result": None, "id": None},
    )
    tasks = store.read_tasks(path)
    assert [task.id for task in tasks] == ["x/1", "K/2", "x/3"]
    assert (tasks[1].period, tasks[1].number) == ("2024", 4)
    assert tasks[1].source == Source(file="x.jsonl", row=2)


@pytest.mark.parametrize("ending", [".jsonl", ".csv", ".parquet"])
def test_tasks_leave_out_labels_and_unknown_columns(ending: str, tmp_path: Path) -> None:
    row = {
        "title": "a",
        "result": "b",
        "plan": "",
        "domain": "x",
        "status": "?",
        "at_risk": "có",
        "ngày": "1",
    }
    path = tmp_path / f"c{ending}"
    if ending == ".jsonl":
        _write(path, row)
    elif ending == ".csv":
        _write(path, ",".join(row), ",".join(row.values()))
    else:
        pyarrow = pytest.importorskip("pyarrow")
        table = pyarrow.Table.from_pylist([row | {"vector": [0.5]}])
        pytest.importorskip("pyarrow.parquet").write_table(table, path)
    (task,) = store.read_tasks(path)
    assert (task.id, task.title, task.result, task.plan) == ("c/1", "a", "b", "")


def test_parquet_of_other_columns_only_says_what_is_missing(tmp_path: Path) -> None:
    pyarrow = pytest.importorskip("pyarrow")
    table = pyarrow.table({"tiêu đề": ["a"]})
    pytest.importorskip("pyarrow.parquet").write_table(table, tmp_path / "c.parquet")
    with pytest.raises(SchemaError, match="dòng 1: thiếu cột 'title', 'result'"):
        store.read_tasks(tmp_path / "c.parquet")


def test_text_is_brought_to_nfc(tmp_path: Path) -> None:
    decomposed = unicodedata.normalize("NFD", "Giải phóng mặt bằng")
    path = _write(tmp_path / "x.jsonl", {"title": decomposed, "result": decomposed})
    assert store.read_tasks(path)[0].title == "Giải phóng mặt bằng"


def test_tasks_are_read_from_results_of_any_table(tmp_path: Path) -> None:
    for ending in (".jsonl", ".csv", ".parquet"):
        store.write_rows([_tagged()], tmp_path / f"out{ending}")
        assert store.read_tasks(tmp_path / f"out{ending}") == [_tagged().task]


def test_labelled_takes_report_facts_from_the_file_beside(tmp_path: Path) -> None:
    labels = {"domain": "finance", "status": "done", "at_risk": False, "summary": "Xong."}
    path = _write(tmp_path / "c.jsonl", {"report_id": "R1", "title": "a", "result": "b", **labels})
    _write(tmp_path / "c.reports.jsonl", {"report_id": "R1", "place": "thành phố Lào Cai", "src": "x"})
    (labelled,) = store.read_labelled(path)
    assert labelled.task.report == ReportFacts(place="thành phố Lào Cai")
    assert (labelled.domain, labelled.status, labelled.at_risk) == ("finance", "done", False)


def test_labelled_keeps_a_plan_of_null_as_an_empty_text(tmp_path: Path) -> None:
    labels = {"domain": "finance", "status": "done", "at_risk": False, "summary": "Xong."}
    path = _write(tmp_path / "c.jsonl", {"title": "a", "result": "b", "plan": None, **labels})
    assert store.read_labelled(path)[0].task.plan == ""


def test_labelled_with_an_unknown_status_names_the_known(tmp_path: Path) -> None:
    labels = {"domain": "finance", "status": "dne", "at_risk": False, "summary": ""}
    path = _write(tmp_path / "c.jsonl", {"title": "a", "result": "b", **labels})
    with pytest.raises(SchemaError, match="dòng 1: .*'dne' lạ; đã biết: blocked, done, on_track"):
        store.read_labelled(path)


def test_tasks_of_the_labelled_corpus_can_be_read() -> None:
    labelled = store.read_labelled(CORPUS)
    assert [task.result for task in store.read_tasks(CORPUS)] == [item.task.result for item in labelled]


def test_labelled_reads_the_corpus() -> None:
    labelled = store.read_labelled(CORPUS)
    assert labelled[0].task.id == "C1R1/1"
    assert labelled[0].task.report.ref == "287/BC-UBND"


def test_records_without_id_take_the_given_one(tmp_path):
    path = tmp_path / "x.jsonl"
    path.write_text('{"title": "Thu ngân sách", "result": "Đạt 70 %"}\n', encoding="utf-8")
    assert [task.id for task in store.read_tasks(path, "b/x")] == ["b/x/1"]
