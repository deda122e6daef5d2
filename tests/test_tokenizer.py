"""Tokens: the cases of ``cases/tokenizer.jsonl``, and that tokens and gaps rebuild any text."""

import json
import subprocess
import sys
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp_tasks.schema import Token
from nlp_tasks.tokenizer import Tokenizer, join_words, split_sentences, syllables

LINES = (Path(__file__).parent / "cases/tokenizer.jsonl").read_text(encoding="utf-8").splitlines()
CASES = [json.loads(line) for line in LINES]
TOKENIZER = Tokenizer()


def marked(field: str) -> list[Any]:
    xfail = pytest.mark.xfail(strict=True)
    cases = [case for case in CASES if field in case]
    return [
        pytest.param(c, id=c["text"][:40], marks=xfail if c["kind"] == "known_failure" else ()) for c in cases
    ]


@pytest.mark.parametrize("case", marked("tokens"))
def test_tokens_of_case(case: dict[str, Any]) -> None:
    assert [t.text for t in TOKENIZER.tokenize(case["text"])] == case["tokens"]


@pytest.mark.parametrize("case", marked("whole"))
def test_tokens_stay_whole(case: dict[str, Any]) -> None:
    tokens = [t.text for t in TOKENIZER.tokenize(case["text"])]
    assert [t for t in case["whole"] if t not in tokens] == []


@pytest.mark.parametrize("case", marked("sentences"))
def test_sentences_of_case(case: dict[str, Any]) -> None:
    assert [s.text for s in split_sentences(case["text"])] == case["sentences"]


PIECES = [
    "Dự toán",
    "NSNN",
    "113.000 triệu đồng",
    "quý I/2024",
    ".",
    "!",
    "\n",
    " ",
    "\u00a0",
    "\u200b",
    "😀",
    "v.v.",
    "1.",
    "TP.",
]
PIECES += [
    "51/KH-UBND",
    "đồng",
    "e\u0302\u0301",
    "\u0301",
    "‰",
    "…",
    "ð",
    "_",
    "http://a.vn/x",
    "'",
    "P.CT",
    "\x1c",
    "\x85",
]
TEXTS = st.one_of(
    st.text(), st.lists(st.sampled_from(PIECES)).map("".join), st.lists(st.sampled_from(PIECES)).map(" ".join)
)


def assert_rebuilds(text: str, tokens: list[Token]) -> None:
    position = 0
    for token in tokens:
        assert token.start >= position
        assert text[token.start : token.end] == token.text == token.text.strip() != ""
        assert not text[position : token.start].strip()
        position = token.end
    assert not text[position:].strip()


@settings(deadline=None)
@given(TEXTS)
def test_tokens_and_gaps_rebuild_the_text(text: str) -> None:
    assert_rebuilds(text, TOKENIZER.tokenize(text))


@given(TEXTS)
def test_sentences_and_gaps_rebuild_the_text(text: str) -> None:
    assert_rebuilds(text, split_sentences(text))


def test_decomposed_text_gives_the_same_words() -> None:
    text = "Tổng thu NSNN ước đạt, bồi thường tái định cư."
    composed = [t.text for t in TOKENIZER.tokenize(text)]
    decomposed = [t.text for t in TOKENIZER.tokenize(unicodedata.normalize("NFD", text))]
    assert [unicodedata.normalize("NFC", t) for t in decomposed] == composed


@pytest.mark.parametrize(
    "text", ["Bồi thường, tái định cư 28,1%.", "", "quý I/2024 đạt 113.000 triệu đồng bằng 28,1%"]
)
def test_plain_is_what_underthesea_gives(text: str) -> None:
    from underthesea import word_tokenize

    assert TOKENIZER.plain(text) == word_tokenize(text, format="text")


def test_words_are_joined_by_underscores() -> None:
    assert (
        join_words(TOKENIZER.tokenize("Dự toán tỉnh giao 113.000 triệu đồng"))
        == "Dự_toán tỉnh giao 113.000_triệu_đồng"
    )


def test_syllables_hold_a_letter_or_a_digit() -> None:
    assert syllables("đạt - 28,1 %") == [Token(0, 3, "đạt"), Token(6, 10, "28,1")]


class Losing:
    """A segmenter that breaks its promise and drops characters."""

    def words(self, sentence: str) -> list[str]:
        return ["x"]

    def plain(self, text: str) -> str:
        return text


def test_segmenter_that_loses_characters_falls_back_to_pieces() -> None:
    tokens = Tokenizer(Losing()).tokenize("Thu NSNN quý I/2024, đạt")
    assert [t.text for t in tokens] == ["Thu", "NSNN", "quý I/2024", ",", "đạt"]


def test_import_loads_no_model() -> None:
    code = "import sys, nlp_tasks.tokenizer; sys.exit('underthesea' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
