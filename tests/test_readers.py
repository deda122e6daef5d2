"""Tests of reading whole reports: the samples against their gold, a genuine one against its own text."""

import json
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nlp_tasks.errors import ReadError
from nlp_tasks.readers import READERS, read_report
from nlp_tasks.schema import FIELDS, Report

ROOT = Path(__file__).parents[1]
GOLD = sorted((ROOT / "tests/cases/reports").glob("*.jsonl"))
SEED = ROOT.parent / "shared/seed_report.txt"
NO_REPORTS = (ROOT / "tests/cases/readers/not_reports.jsonl").read_text(encoding="utf-8").splitlines()


def _gold(path: Path) -> tuple[dict[str, str], list[dict[str, object]]]:
    facts, *tasks = (json.loads(line) for line in path.read_text(encoding="utf-8").splitlines())
    return facts["facts"], tasks


def _sample(gold: Path) -> Report:
    return read_report(ROOT / "data/reports" / f"{gold.stem}.txt")


def test_every_sample_report_has_gold() -> None:
    samples = {path.stem for path in (ROOT / "data/reports").glob("*.txt")}
    assert samples == {path.stem for path in GOLD}


@pytest.mark.parametrize("gold", GOLD, ids=lambda path: path.stem)
def test_sample_report_facts(gold: Path) -> None:
    facts, _ = _gold(gold)
    found = _sample(gold).facts
    assert {name: getattr(found, name) for name in facts} == facts


@pytest.mark.parametrize("gold", GOLD, ids=lambda path: path.stem)
def test_sample_report_tasks(gold: Path) -> None:
    fields = ("number", "section", *FIELDS)
    _, tasks = _gold(gold)
    found = [{name: getattr(task, name) for name in fields} for task in _sample(gold).tasks]
    assert found == [{name: task[name] for name in fields} for task in tasks]


@pytest.mark.parametrize("gold", GOLD, ids=lambda path: path.stem)
def test_sample_report_ids_and_sources(gold: Path) -> None:
    tasks = _sample(gold).tasks
    assert [task.id for task in tasks] == [f"{gold.stem}/{task.number}" for task in tasks]
    assert [task.source.row for task in tasks] == sorted(task.source.row for task in tasks)
    assert {task.source.file for task in tasks} == {f"{gold.stem}.txt"}


def test_report_id_can_be_given() -> None:
    report = read_report(ROOT / "data/reports/thai-thuy-2024-q1.txt", "Q1")
    assert (report.tasks[0].id, report.tasks[0].report_id) == ("Q1/1", "Q1")


def test_unknown_ending_names_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match=r"\.txt") as caught:
        read_report(tmp_path / "bao_cao.xyz")
    assert caught.value.code == "format"
    assert all(ending.startswith(".") for ending in READERS)


@pytest.mark.parametrize("line", NO_REPORTS, ids=lambda line: str(json.loads(line)["name"]))
def test_paper_without_tasks_is_refused(line: str, tmp_path: Path) -> None:
    case = json.loads(line)
    path = tmp_path / "van_ban.txt"
    path.write_text("\n".join(case["text"]), encoding="utf-8")
    with pytest.raises(ReadError, match=r"van_ban\.txt") as caught:
        read_report(path)
    assert caught.value.code == case["error"]


# ---- the genuine report


@pytest.fixture(scope="module")
def seed() -> Report:
    if not SEED.exists():
        pytest.skip(f"the genuine report {SEED} is not in this checkout")
    return read_report(SEED)


def _words(text: str) -> list[str]:
    return re.sub(r"<[^<>]*>", " ", text).split()


def _source_columns() -> Iterator[list[str]]:
    """Give the words of title, result and plan of each task, read off the file in the plainest way.

    Independent of the readers: a task begins where a line holds «n. » at the start of a cell for the
    next n; on every line the last three cells are the three columns.
    """
    columns: list[list[str]] = []
    number = 0
    for line in unicodedata.normalize("NFC", SEED.read_text(encoding="utf-8")).splitlines():
        cells = [" ".join(_words(cell)) for cell in line.split("\t")]
        if len(cells) < 3 or cells[0] == "Số TT" or re.fullmatch(r"[IVX]+", cells[0]):
            continue
        title = cells[-3]
        if title.startswith(f"{number + 1}. "):
            if columns:
                yield from columns
            number += 1
            columns = [[], [], []]
            cells[-3] = title.removeprefix(f"{number}. ")
        for column, cell in zip(columns, cells[-3:], strict=True):
            column.extend(cell.split())
    yield from columns


def test_seed_has_twelve_numbered_tasks(seed: Report) -> None:
    assert [task.number for task in seed.tasks] == list(range(1, 13))


def test_seed_facts(seed: Report) -> None:
    facts = seed.facts
    assert (facts.ref, facts.date, facts.period) == ("219/BC-UBND", "2024-03-15", "2024-Q1")
    assert (facts.place, facts.issuer) == ("thành phố Lạng Sơn", "UBND thành phố Lạng Sơn")


def test_seed_sections(seed: Report) -> None:
    sections = [task.section for task in seed.tasks]
    assert (
        sections == ["I. Lĩnh vực kinh tế"] * 8 + ["II. Lĩnh vực văn hoá - xã hội, cải cách hành chính"] * 4
    )


def test_seed_cells_are_whole_and_nothing_is_doubled(seed: Report) -> None:
    found = [getattr(task, field).split() for task in seed.tasks for field in FIELDS]
    assert found == list(_source_columns())


def test_seed_keeps_a_sentence_that_the_source_doubles(seed: Report) -> None:
    sentence = "Tổng kế hoạch vốn do thành phố và phường, xã quản lý năm 2024 là 209.890 triệu đồng"
    assert seed.tasks[4].result.count(sentence) == 2


def test_seed_joins_are_recorded(seed: Report) -> None:
    joins = {task.number: task.source.joins for task in seed.tasks if task.source.joins}
    assert sorted(joins) == [5, 8, 11]
    for (join,) in joins.values():
        assert 0.5 <= join.score <= 1
        assert "new page" in join.reason


def _variant(text: str, name: str) -> str:
    if name == "tabs cut at the ends":
        return "\n".join(line.rstrip() for line in text.split("\n"))
    if name == "bars":
        return "\n".join(
            f"|{line}|".replace("\t", "|") if "\t" in line else line for line in text.split("\n")
        )
    if name == "page numbers for blank lines":
        return re.sub(r"\n\n(?=\S.*\t|\t)", "\n\n- 2 -\n\n", text)
    if name == "decomposed":
        return unicodedata.normalize("NFD", text)
    return text.replace("\n", "\r\n")


@pytest.mark.parametrize(
    "name", ["tabs cut at the ends", "bars", "page numbers for blank lines", "decomposed", "line ends"]
)
def test_seed_reads_the_same_when_written_otherwise(seed: Report, name: str, tmp_path: Path) -> None:
    path = tmp_path / SEED.name
    path.write_bytes(_variant(SEED.read_text(encoding="utf-8"), name).encode())
    report = read_report(path)
    assert report.facts == seed.facts
    assert [tuple(getattr(task, field) for field in ("section", *FIELDS)) for task in report.tasks] == [
        tuple(getattr(task, field) for field in ("section", *FIELDS)) for task in seed.tasks
    ]


# ---- whatever comes in


def _read_or_refuse(path: Path, data: bytes) -> None:
    path.write_bytes(data)
    try:
        report = read_report(path)
    except ReadError as error:
        assert error.code in {"empty", "binary", "encoding", "no_tasks"}
        assert path.name in str(error)
    else:
        assert report.tasks


_PIECES = st.sampled_from(
    ["\t", "\n", "\n\n", "\f", "   ", "|", "1. ", "2) ", "a) ", "- ", "+ ", "I. ", "B. ", "12", "(1)"]
    + ["STT", "Nhiệm vụ", "Kết quả", "Kết quả: ", "Phương hướng: ", "Đã xong.", "LĨNH VỰC KINH TẾ", "<p>"]
    + ["BÁO CÁO", "Kính gửi:", "Nơi nhận:", "Số: 1/BC-UBND", "UBND HUYỆN CAO LỘC", "quý I/2024", "</td><td>"]
    + ["ngày 1 tháng 2 năm 2024", "A. KẾT QUẢ", "B. NHIỆM VỤ QUÝ II"]
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(_PIECES | st.text(max_size=8), max_size=40).map("".join))
def test_any_text_is_read_or_refused(tmp_path: Path, text: str) -> None:
    _read_or_refuse(tmp_path / "bat_ky.txt", text.encode("utf-8", "surrogatepass"))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(tmp_path: Path, data: bytes) -> None:
    _read_or_refuse(tmp_path / "bat_ky.txt", data)


@pytest.mark.parametrize(
    "text",
    [
        "BÁO CÁO" + " " * 100_000 + "x\n",
        "\t" * 100_000 + "x",
        "|" * 100_000,
        "<p" * 50_000,
        "\n" * 200_000 + "x",
    ],
    ids=["spaces", "tabs", "bars", "tags", "lines"],
)
def test_long_runs_take_no_time(text: str, tmp_path: Path) -> None:
    """A pattern that walked such a run again from each of its characters would take minutes."""
    _read_or_refuse(tmp_path / "dai.txt", text.encode())
