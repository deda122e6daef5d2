import pytest

from nlp_tasks.checks import find_warnings
from nlp_tasks.figures import find_figures
from nlp_tasks.schema import Task


def messages(result):
    task = Task(id="a/1", title="", result=result)
    return [
        (warning.code, warning.message) for warning in find_warnings(task, find_figures(result, "result"))
    ]


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
