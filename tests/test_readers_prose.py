"""Tests of reports without a table: numbers, letters, dashes, labels, parts."""

import json
from pathlib import Path

import pytest

from nlp_tasks.readers import read_report
from nlp_tasks.readers.plain import is_closing, is_heading, starts_section
from nlp_tasks.readers.prose import Line, drafts_from_lines

CASES = (Path(__file__).parent / "cases/readers/prose.jsonl").read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("line", CASES, ids=lambda line: str(json.loads(line)["name"]))
def test_prose(line: str, tmp_path: Path) -> None:
    case = json.loads(line)
    path = tmp_path / "bao_cao.txt"
    path.write_text("\n".join(case["text"]), encoding="utf-8")
    report = read_report(path)
    wanted = case["tasks"]
    assert [task.title for task in report.tasks] == [task["title"] for task in wanted]
    for task, fields in zip(report.tasks, wanted, strict=True):
        assert {name: getattr(task, name) for name in fields} == fields
    facts = case.get("facts", {})
    assert {name: getattr(report.facts, name) for name in facts} == facts


@pytest.mark.parametrize(
    "line",
    [
        "I. Lĩnh vực kinh tế",
        "II- Văn hóa - xã hội",
        "A. KẾT QUẢ",
        "B/ Nhiệm vụ quý II",
        "PHẦN THỨ HAI. PHƯƠNG HƯỚNG",
        "Phần II: Nhiệm vụ",
        "Lĩnh vực đất đai",
    ],
)
def test_heading(line: str) -> None:
    assert is_heading(line)


@pytest.mark.parametrize(
    "line",
    [
        "V.v.",
        "I-ốt được cấp đủ",
        "Phần lớn các hộ đã nhận tiền",
        "1. Lập quy hoạch",
        "lĩnh vực đất đai còn chậm",
    ],
)
def test_no_heading(line: str) -> None:
    assert not is_heading(line)


def test_sentence_about_a_field_is_no_section() -> None:
    assert not starts_section("Lĩnh vực y tế: đã khám cho 500 người.")


@pytest.mark.parametrize("line", ["Nơi nhận:", "TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "Trên đây là báo cáo"])
def test_closing(line: str) -> None:
    assert is_closing(line)


@pytest.mark.parametrize("lines", [[], ["Không có mục nào."], ["", ""]])
def test_nothing_to_find(lines: list[str]) -> None:
    assert drafts_from_lines([Line(n, text) for n, text in enumerate(lines, 1)]).drafts == []


def test_plan_without_a_task_is_noted() -> None:
    lines = [
        "A. KẾT QUẢ",
        "1. Lập quy hoạch: Đã xong.",
        "B. NHIỆM VỤ",
        "1. Mua xe cứu hỏa.",
        "2. Tuyển 3 bác sĩ.",
    ]
    prose = drafts_from_lines([Line(n, text) for n, text in enumerate(lines, 1)])
    assert prose.notes == ("2 mục phương hướng không khớp với nhiệm vụ nào, đã bỏ qua",)
