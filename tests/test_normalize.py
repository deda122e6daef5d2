"""Normalisation: the cases of ``cases/normalize.jsonl``, the tables, and what holds on any text."""

import json
import unicodedata
from dataclasses import fields
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp_tasks.lexicon import load_table
from nlp_tasks.normalize import NormalizeSettings, Step, normalize, replay

LINES = (Path(__file__).parent / "cases/normalize.jsonl").read_text(encoding="utf-8").splitlines()
CASES = [json.loads(line) for line in LINES]
SPELLING = load_table("spelling")
ABBREVIATIONS = load_table("abbreviations")["abbreviations"]
MISREAD = [(wrong, right) for right, forms in SPELLING["spelling"].items() for wrong in forms]
MISREAD += [(wrong, guard["right"]) for guard in SPELLING["guarded"] for wrong in guard["wrong"]]


def marked(cases: list[dict[str, Any]]) -> list[Any]:
    xfail = pytest.mark.xfail(strict=True)
    return [
        pytest.param(c, id=c["text"][:40], marks=xfail if c["kind"] == "known_failure" else ()) for c in cases
    ]


@pytest.mark.parametrize("case", marked(CASES))
def test_text_of_case_is_normalised(case: dict[str, Any]) -> None:
    assert normalize(case["text"]).text == case["normalized"]


@pytest.mark.parametrize("case", marked(CASES))
def test_decomposed_text_gives_the_same(case: dict[str, Any]) -> None:
    assert normalize(unicodedata.normalize("NFD", case["text"])).text == case["normalized"]


@pytest.mark.parametrize(("wrong", "right"), MISREAD)
def test_misread_phrase_is_mended(wrong: str, right: str) -> None:
    assert normalize(f"về {wrong} x").text == f"về {right} x"
    assert normalize(wrong.upper()).text == right.upper()


@pytest.mark.parametrize("right", sorted({right for _, right in MISREAD} | set(ABBREVIATIONS.values())))
def test_right_phrase_stays(right: str) -> None:
    assert normalize(right).text == right


@pytest.mark.parametrize("short", sorted(ABBREVIATIONS))
def test_abbreviation_is_written_out(short: str) -> None:
    assert normalize(f"về {short}.").text == f"về {ABBREVIATIONS[short]}."
    assert normalize(f"12/{short}").text == f"12/{short}"


def test_tables_hold_enough() -> None:
    assert len(MISREAD) >= 60
    assert len(ABBREVIATIONS) >= 60


def test_settings_switch_stages_off() -> None:
    off = NormalizeSettings(**dict.fromkeys((f.name for f in fields(NormalizeSettings)), False))
    assert normalize("Phân đầu  hoà – GPMB", off).text == "Phân đầu hoà – GPMB"


def test_source_span_of_a_piece() -> None:
    result = normalize("đẩy nhanh GPMB  và  hoà giải")
    start = result.text.index("mặt bằng")
    assert result.to_source(start, start + 8) == (10, 14)
    start = result.text.index("hòa")
    assert result.source[slice(*result.to_source(start, start + 3))] == "hoà"
    assert result.to_source(0, len(result.text)) == (0, len(result.source))


def test_steps_tell_where_they_are_in_the_source() -> None:
    result = normalize("a  GPMB")
    assert result.steps == (
        Step("space", "  ", " ", 1),
        Step("abbreviation", "GPMB", ABBREVIATIONS["GPMB"], 3),
    )


def test_replay_rejects_steps_of_another_text() -> None:
    with pytest.raises(ValueError, match="does not fit"):
        replay("khác", normalize("công tác GPMB").steps)


PIECES = (
    [wrong for wrong, _ in MISREAD]
    + list(ABBREVIATIONS)
    + [" ", "  ", "-", "/", ",", "(", ")", "\n", "–", "“", "\u200b"]
)
PIECES += [
    "hoà",
    "thuỷ",
    "2.0OO",
    "e\u0302\u0301",
    "\u0323",
    "😀",
    "đầu",
    "tư",
    "công",
    "İ",
    "\u037e",
    "\uac00",
    "\u1100\u1161\u11a8",
]
TEXTS = st.one_of(
    st.text(), st.lists(st.sampled_from(PIECES)).map("".join), st.lists(st.sampled_from(PIECES)).map(" ".join)
)


@given(TEXTS)
def test_normalising_twice_is_once(text: str) -> None:
    once = normalize(text).text
    assert normalize(once).text == once


@given(TEXTS)
def test_steps_replay_to_the_text(text: str) -> None:
    result = normalize(text)
    assert replay(text, result.steps) == result.text


@given(TEXTS)
def test_offsets_never_fall(text: str) -> None:
    result = normalize(text)
    assert len(result.offsets) == len(result.text) + 1
    assert all(a <= b for a, b in pairwise(result.offsets))
    assert result.offsets[-1] == len(text)
