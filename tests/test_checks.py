import pytest

from nlp_tasks.checks import find_warnings
from nlp_tasks.figures import find_figures
from nlp_tasks.normalize import normalize
from nlp_tasks.schema import FIELDS, Task
from nlp_tasks.status import read_status


def messages(result):
    task = Task(id="a/1", title="", result=result)
    figures = find_figures(result, "result")
    fields = {field: normalize(getattr(task, field)) for field in FIELDS}
    warnings = find_warnings(task, figures, read_status(task, fields, figures))
    assert all(task.result[span.start : span.end] == span.text for w in warnings for span in w.spans)
    return [(warning.code, warning.message) for warning in warnings]


@pytest.mark.parametrize(
    ("result", "message"),
    [
        (
            "Giải quyết 42/87 đơn (05 khiếu nại, 02 tố cáo), đạt tỷ lệ 47,7%.",
            "42/87 là 48,3 %, báo cáo ghi 47,7%",
        ),
        ("Cấp 31/58 giấy, bằng 35%.", "31/58 là 53,4 %, báo cáo ghi 35%"),
    ],
)
def test_percentage_that_is_not_its_ratio_is_told(result, message):
    assert messages(result) == [("arithmetic", message)]


@pytest.mark.parametrize(
    "result",
    [
        "Hồ sơ trực tuyến là 520/532 đạt 97,7%.",
        "Hoàn thành 15/29 ha, tương ứng 51,7% diện tích.",
        "Thả nuôi 1.480/3.200 ha, bằng 79 % cùng kỳ.",
        "Có 137/137 xã tổ chức cho trẻ uống, đạt 99,3% số trẻ trong diện.",
        "Có 7/19 xã đạt chuẩn. Tỷ lệ hộ nghèo 12%.",
        "",
    ],
)
def test_figures_that_agree_or_count_other_things_are_left_alone(result):
    assert messages(result) == []


@pytest.mark.parametrize(
    ("result", "message"),
    [
        ("Đã hoàn thành kiểm đếm 181/187 hộ.", "lời văn ghi «Đã hoàn thành», số liệu mới 96,8 % (181/187)"),
        ("Đã hoàn thành giải ngân đạt 60% kế hoạch.", "lời văn ghi «Đã hoàn thành», số liệu mới 60,0 %"),
    ],
)
def test_words_that_say_done_over_a_figure_that_is_short_are_told(result, message):
    assert messages(result) == [("words_vs_figures", message)]


@pytest.mark.parametrize(
    "result",
    [
        "Đã hoàn thành kiểm đếm 187/187 hộ.",
        "Đã hoàn thành vượt 8% kế hoạch.",
        "Chưa hoàn thành kiểm đếm, mới 181/187 hộ.",
        "Đã hoàn thành phần móng; giải ngân đạt 60% kế hoạch.",
        "Phấn đấu hoàn thành, đến nay đạt 60% kế hoạch.",
    ],
)
def test_words_and_figures_that_agree_are_left_alone(result):
    assert messages(result) == []
