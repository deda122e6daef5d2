"""Figures: the cases of ``cases/figures.jsonl``, the patterns' own sentences, and what holds on any text."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp_tasks.figures import PATTERNS, base_amount, find_figures, parse_number
from nlp_tasks.figures.builders import BUILDERS
from nlp_tasks.figures.patterns import START, Pattern
from nlp_tasks.schema import Figure, FigureKind

LINES = (Path(__file__).parent / "cases/figures.jsonl").read_text(encoding="utf-8").splitlines()
CASES = [json.loads(line) for line in LINES]


def marked(cases: list[dict[str, Any]]) -> list[Any]:
    xfail = pytest.mark.xfail(strict=True)
    return [
        pytest.param(c, id=c["text"][:40], marks=xfail if c["kind"] == "known_failure" else ()) for c in cases
    ]


@pytest.mark.parametrize("case", marked(CASES))
def test_figures_of_case_are_found(case: dict[str, Any]) -> None:
    found = [[f.kind.value, f.text, f.value, f.unit] for f in find_figures(case["text"])]
    assert found == case["figures"]


@pytest.mark.parametrize("pattern", PATTERNS, ids=lambda p: p.name)
def test_pattern_matches_its_sentence_only(pattern: Pattern) -> None:
    regex = re.compile(START + f"(?:{pattern.regex})")
    assert regex.search(pattern.matches)
    assert not regex.search(pattern.rejects)


def test_patterns_have_builders() -> None:
    assert {p.name for p in PATTERNS} == set(BUILDERS)
    assert all(re.compile(p.regex).groups == 0 for p in PATTERNS)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("113.000", 113000.0),
        ("28,1", 28.1),
        ("1.234,5", 1234.5),
        ("1.5", 1.5),
        ("1,234.5", 1234.5),
        ("05", 5.0),
    ]
    + [
        ("100,000,000", 1e8),
        ("0.125", 0.125),
        ("2.5OO", 2500.0),
        ("1234", 1234.0),
        ("12.345.678", 12345678.0),
    ],
)
def test_parse_number_reads_vietnamese_style(text: str, value: float) -> None:
    assert parse_number(text) == value


@pytest.mark.parametrize("text", ["", "abc", "1.2.3", "1,2,3", "1.", "1,5,5.5", "-5"])
def test_parse_number_rejects(text: str) -> None:
    with pytest.raises(ValueError, match="not a number|more than one"):
        parse_number(text)


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("113.000 triệu đồng", 113e9),
        ("272,9 tỷ đồng", 272.9e9),
        ("21 tỷ", 21e9),
        ("1,2 nghìn tỷ đồng", 1.2e12),
    ]
    + [
        ("5 triệu USD", None),
        ("35 triệu đồng/ha", None),
        ("15 ha", 150000.0),
        ("3 km2", 3e6),
        ("450 m2", 450.0),
    ]
    + [("21 tỷ 480 triệu đồng", 21.48e9), ("28,1%", None), ("58 dự án", None), ("113.000đ", 113000.0)],
)
def test_base_amount_is_dong_or_square_metres(text: str, amount: float | None) -> None:
    assert base_amount(find_figures(text)[0]) == amount


def test_field_is_copied() -> None:
    assert find_figures("12 hộ", "plan") == [Figure("plan", 0, 5, "12 hộ", FigureKind.COUNT, 12.0, "hộ")]


PIECES = [
    "ngày ",
    "tháng ",
    "quý ",
    "năm ",
    "2024",
    "3/5",
    "/",
    "-",
    ".",
    ",",
    "12",
    "tỷ ",
    "đồng ",
    "ha",
    "%",
    " ",
    "O",
]
PIECES += ["KH-UBND", "I", "đến ", "trên ", "\n", "nửa đầu ", "từ ", "0", "1.234,5"]


@given(st.one_of(st.text(), st.lists(st.sampled_from(PIECES)).map("".join)))
def test_spans_are_sorted_and_hold_their_text(text: str) -> None:
    figures = find_figures(text)
    assert all(text[f.start : f.end] == f.text and f.text.strip() for f in figures)
    assert all(a.end <= b.start for a, b in zip(figures, figures[1:], strict=False))
