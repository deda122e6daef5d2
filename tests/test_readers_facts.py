"""Tests of a report's own facts: nothing guessed, nothing taken from the papers that it cites."""

import json
from pathlib import Path

import pytest

from nlp_tasks.readers.facts import find_facts, find_period

CASES = (Path(__file__).parent / "cases/readers/facts.jsonl").read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("line", CASES, ids=lambda line: str(json.loads(line)["name"]))
def test_facts(line: str) -> None:
    case = json.loads(line)
    head = "\n".join(case["head"])
    facts = find_facts(head, "", head)
    assert {name: getattr(facts, name) for name in case["facts"]} == case["facts"]


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("quý I/2024", "2024-Q1"),
        ("Quý IV năm 2023", "2023-Q4"),
        ("QUÝ III-2024", "2024-Q3"),
        ("quý 2 năm 2024", "2024-Q2"),
        ("6 tháng đầu năm 2024", "2024-H1"),
        ("sáu tháng đầu năm 2024", "2024-H1"),
        ("6 tháng cuối năm 2024", "2024-H2"),
        ("9 tháng năm 2022", "2022-9M"),
        ("chín tháng đầu năm 2022", "2022-9M"),
        ("tháng 5/2018", "2018-05"),
        ("tháng 11 năm 2018", "2018-11"),
        ("năm 2024", "2024"),
        ("ngày 15 tháng 3 năm 2024", ""),
        ("quý khách", ""),
        ("3 tháng cuối năm", ""),
        ("", ""),
    ],
)
def test_period(text: str, period: str) -> None:
    assert find_period(text) == period


def test_period_takes_the_year_of_the_date_where_it_names_none() -> None:
    assert find_period("Kết quả quý II", "2024") == "2024-Q2"


def test_column_says_the_quarter_of_a_yearly_title() -> None:
    assert find_facts("BIỂU KẾT QUẢ NĂM 2024", "Kết quả quý I/2024", "").period == "2024-Q1"


def test_date_may_stand_by_the_signature() -> None:
    body = "BIỂU TỔNG HỢP\n1. …\nLạng Sơn, ngày 15 tháng 3 năm 2024\nNGƯỜI LẬP BIỂU"
    assert find_facts("BIỂU TỔNG HỢP", "", body).date == "2024-03-15"


def test_date_of_the_figures_is_not_the_reports() -> None:
    head = "BÁO CÁO\nKết quả quý II, số liệu tính đến ngày 20/6/2024 như sau:"
    assert find_facts(head, "", head).date == ""


def test_place_is_completed_from_the_text() -> None:
    head = "BIỂU KẾT QUẢ\n(Kèm theo Báo cáo số 2/BC-UBND ngày 5/4/2024 của UBND huyện)"
    assert find_facts(head, "", "đường liên xã huyện Cao Lộc và huyện Cao Lộc").place == "huyện Cao Lộc"
