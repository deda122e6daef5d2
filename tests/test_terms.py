import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp_tasks.figures import find_figures
from nlp_tasks.normalize import normalize
from nlp_tasks.terms import text_terms


def terms(text):
    return text_terms(normalize(text), find_figures(text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Giải quyết 42/87 đơn.", "giải quyết <ratio> đơn ."),
        ("Đã GPMB 12,5 ha", "đã giải phóng mặt bằng <area> ha"),
        ("Quyết định số 97/QĐ-UBND ngày 01/02/2024", "quyết định số <document> ngày <date>"),
        ("", ""),
    ],
)
def test_figures_become_their_kinds(text, expected):
    assert terms(text) == expected


@given(st.text(alphabet="đạt 28,1% dự toán 42/87 GPMB UBND\u0301\n", max_size=60))
def test_terms_are_single_spaced_for_any_text(text):
    assert terms(text) == " ".join(terms(text).split())
