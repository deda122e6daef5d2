"""One sentence a task: the budget, the sources, and what must be kept."""

import json
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp_tasks.lexicon import load_table
from nlp_tasks.schema import FIELDS, Status, Summary, Task
from nlp_tasks.store import read_labelled
from nlp_tasks.summarize import SummarySettings, summarize

ROOT = Path(__file__).parents[1]
CASES = [
    json.loads(line)
    for line in (ROOT / "tests" / "cases" / "summarize.jsonl").read_text(encoding="utf-8").splitlines()
]
CORPUS = [
    row
    for path in sorted((ROOT / "data" / "corpus").glob("*.jsonl"))
    if ".reports" not in path.name
    for row in read_labelled(path)
]
PIECES = [
    "Ban hành Kế hoạch số 34/KH-UBND ngày 12/3/2025",
    "đạt 61,4% dự toán",
    "đã giải quyết 31/64 đơn (03 khiếu nại",
    "tuy nhiên chưa có giá đất",
    "trong đó",
    "do vướng quy hoạch",
    "Đồng thời",
    "UBND xã đang rà soát",
    "96.500 triệu đồng",
    ";",
    ", ",
    ". ",
    ": ",
    " - ",
    ")",
    "“",
    "…",
    "\n",
]
texts = st.lists(st.sampled_from(PIECES) | st.text(max_size=12), max_size=14).map(" ".join)
tasks = st.builds(Task, st.just("T/1"), texts, texts, texts)


def make(case: dict[str, object]) -> Task:
    return Task(str(case["id"]), str(case["title"]), str(case["result"]), str(case["plan"]))


def words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text.lower()))


def check_well_formed(task: Task, summary: Summary, max_syllables: int) -> None:
    assert len(summary.text.split()) <= max_syllables
    assert all(getattr(task, s.field)[s.start : s.end] == s.text for s in summary.sources)
    assert words(summary.text) <= words(" ".join(s.text for s in summary.sources))
    assert bool(summary.text) == any(getattr(task, name).strip() for name in FIELDS)
    assert bool(summary.text) == bool(summary.sources)
    assert "  " not in summary.text
    runs = re.findall(r"\w+", summary.text.lower())
    seen: dict[tuple[str, ...], int] = {}
    assert all(seen.setdefault(tuple(runs[i : i + 6]), i) > i - 6 for i in range(len(runs) - 5)), summary.text


@pytest.mark.parametrize("max_syllables", [10, 20, 40])
def test_corpus_summaries_fit_the_budget_and_tell_their_sources(max_syllables: int) -> None:
    chosen = SummarySettings(max_syllables=max_syllables)
    for row in CORPUS:
        summary = summarize(row.task, row.status, chosen)
        check_well_formed(row.task, summary, max_syllables)
        assert summary.text.endswith(".") and not summary.text.endswith("..")
        assert summary.text[0] == summary.text[0].upper()
        assert summary.text.count("(") == summary.text.count(")")
        assert not re.search(r"[,;:]\s*[,;:.]|\s[,;:.](?=\s|$)", summary.text), summary.text


def test_corpus_summaries_open_with_no_connective() -> None:
    opening = ("Đồng thời", "Trong đó", "Ngoài ra", "Cụ thể", "Theo đó", "Tuy nhiên", "Bên cạnh đó", "Vì vậy")
    for row in CORPUS:
        assert not summarize(row.task, row.status).text.startswith(opening)


def test_blocked_corpus_summaries_differ_by_status() -> None:
    blocked = [row.task for row in CORPUS if row.status == "blocked"]
    changed = [task for task in blocked if summarize(task, "blocked") != summarize(task, "done")]
    assert len(changed) > len(blocked) / 4


def test_summary_is_the_same_each_time() -> None:
    for row in CORPUS[:100]:
        assert summarize(row.task, row.status) == summarize(row.task, row.status)


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_case_keeps_what_decides_and_drops_the_rest(case: dict[str, object]) -> None:
    text = summarize(make(case), str(case["status"])).text
    assert [part for part in case["keep"] if part not in text] == [], text  # type: ignore[attr-defined]
    assert [part for part in case["drop"] if part in text] == [], text  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("status", "result", "kept"),
    [
        (
            "on_track",
            "Trong kỳ các đơn vị đã tổ chức nhiều đợt ra quân, giải ngân đạt 61,4% kế hoạch vốn",
            "61,4%",
        ),
        (
            "blocked",
            "Sau nhiều lần làm việc với các hộ dân ở ba thôn, đến nay chưa có giá đất",
            "chưa có giá đất",
        ),
    ],
)
def test_ten_syllables_keep_what_decides(status: str, result: str, kept: str) -> None:
    summary = summarize(Task("T/1", "Dự án kè", result), status, SummarySettings(max_syllables=10))
    assert kept in summary.text


def test_result_that_names_the_object_gets_no_title() -> None:
    task = Task("T/1", "Xây dựng cầu Nậm Mạ", "Cầu Nậm Mạ đã xây dựng xong, thông xe ngày 02/9/2024.")
    assert {source.field for source in summarize(task, "done").sources} == {"result"}


def test_title_goes_in_front_without_its_goal_words() -> None:
    task = Task("T/1", "Phấn đấu hoàn thành nâng cấp đường Pá Hu", "Đã thi công 3,2/5,1 km.")
    assert summarize(task, "on_track").text == "Nâng cấp đường Pá Hu: đã thi công 3,2/5,1 km."


def test_title_is_not_cut_inside_an_enumeration() -> None:
    task = Task("T/1", "Sửa chữa đường trục, cầu bản, cống qua đường thôn Nà Pia", "Đã thi công 3,2/5,1 km.")
    text = summarize(task, "on_track").text
    assert text.startswith((f"{task.title}: ", "Đã thi công"))


def test_sentence_written_twice_is_told_once() -> None:
    said = "Tổng diện tích đất thu hồi của xã, phường hai bên tuyến là 12,4 ha của 58 hộ"
    for end in (".", " (có biểu kèm theo)."):
        task = Task("T/1", "Thu hồi đất làm đường tránh", f"{said} {said}{end}")
        text = summarize(task, "on_track").text
        assert text.count("12,4 ha của 58 hộ") == 1
        assert text.count("Tổng diện tích") + text.count("tổng diện tích") == 1


def test_share_is_not_told_behind_the_figure_of_another_sum() -> None:
    result = (
        "Thu ngân sách 113 tỷ đồng, bằng 28% dự toán. Trong đó: thu nội địa 83 tỷ đồng, bằng 30% dự toán."
    )
    text = summarize(Task("T/1", "Thu ngân sách", result), "on_track").text
    assert "30%" not in text or "nội địa" in text


def test_empty_task_gives_an_empty_summary() -> None:
    assert summarize(Task("T/1", " ", "", "\n"), "on_track") == Summary("", ())


def test_title_alone_is_the_summary() -> None:
    assert summarize(Task("T/1", "1. Rà soát quỹ đất công.", ""), "on_track").text == "Rà soát quỹ đất công."


def test_plan_beside_a_result_is_not_told_as_done() -> None:
    task = Task("T/1", "Nâng cấp trạm bơm", "Nhà thầu bỏ về.", "Chấm dứt hợp đồng, chọn nhà thầu khác.")
    assert "hấm dứt" not in summarize(task, "blocked").text


def test_proper_name_keeps_its_capital_behind_the_title() -> None:
    task = Task("T/1", "Thu ngân sách năm 2024", "Hà Nam thu 2.292 tỷ đồng, đạt 104% dự toán.")
    assert ": Hà Nam thu" in summarize(task, "done").text


@pytest.mark.parametrize("value", [0, -1, True, 2.5, "40"])
def test_settings_must_be_positive_integers(value: object) -> None:
    with pytest.raises(ValueError, match="max_syllables"):
        SummarySettings(max_syllables=value)  # type: ignore[arg-type]


def test_status_of_another_model_counts_as_on_track() -> None:
    for row in CORPUS[:50]:
        assert summarize(row.task, "cham_tien_do") == summarize(row.task, "on_track")


@settings(max_examples=150, deadline=None)
@given(tasks, st.sampled_from(list(Status)), st.integers(1, 45))
def test_any_text_gives_a_well_formed_summary(task: Task, status: Status, max_syllables: int) -> None:
    summary = summarize(task, status, SummarySettings(max_syllables=max_syllables))
    check_well_formed(task, summary, max_syllables)


@pytest.mark.parametrize("status", [item.value for item in Status])
def test_every_cue_group_has_a_weight(status: str) -> None:
    table = load_table("summary")
    assert set(table["cues"]) - {"none"} <= set(table["weights"][status]) >= {"base", "figure", "length"}


def test_no_phrase_of_the_cues_stands_in_two_groups() -> None:
    phrases = [phrase for group in load_table("summary")["cues"].values() for phrase in group]
    assert sorted(phrase for phrase in set(phrases) if phrases.count(phrase) > 1) == []


def test_long_text_is_summarized_from_its_clauses() -> None:
    result = " ".join(f"Thôn {i} đã họp dân {i} lần, đang đo đạc." for i in range(1, 2000))
    summary = summarize(Task("T/1", "Đo đạc đất", result + " Tiến độ đạt 61,4% kế hoạch."), "on_track")
    assert "61,4%" in summary.text
