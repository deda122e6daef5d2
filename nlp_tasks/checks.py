"""What in a row doesn't add up: figures that contradict one another."""

import re
from collections.abc import Sequence
from itertools import pairwise

from nlp_tasks.schema import Figure, FigureKind, Span, Task, Warn

__all__ = ["find_warnings"]

# «42/87 đơn (05 khiếu nại, …), đạt tỷ lệ 47,7%»: the percentage is that of the ratio before it.
_SAME_THING = re.compile(
    r"[^.;]{0,60}?(?:\([^()]*\)[^.;]{0,20}?)?"
    r"(?:đạt|bằng|tương ứng|tương đương|chiếm|tỷ lệ|=|\()[^.;\d]{0,25}",
    re.IGNORECASE,
)
# … but not where it is one of something else: «79 % cùng kỳ», «99,3% số trẻ trong diện».
_OTHER_THING = re.compile(r"\s*(?:so với |so )?(?:cùng kỳ|năm trước|số |tổng số )", re.IGNORECASE)


def find_warnings(task: Task, figures: Sequence[Figure]) -> tuple[Warn, ...]:
    """Find the percentages that aren't what their ratio comes to.

    Parameters
    ----------
    task : Task
    figures : sequence of Figure
        All figures of the task.

    Returns
    -------
    tuple of Warn
        With the code ``arithmetic``; the spans are the ratio and the percentage.

    Examples
    --------
    >>> from nlp_tasks.figures import find_figures
    >>> task = Task(id="a/1", title="", result="Đã giải quyết 42/87 đơn, đạt tỷ lệ 47,7%.")
    >>> [warning] = find_warnings(task, find_figures(task.result, "result"))
    >>> warning.message
    '42/87 là 48,3 %, báo cáo ghi 47,7%'
    """
    found = []
    for field in ("title", "result", "plan"):
        text = getattr(task, field)
        shares = [f for f in figures if f.field == field and f.kind in (FigureKind.RATIO, FigureKind.PERCENT)]
        for ratio, percent in pairwise(shares):
            if (ratio.kind, percent.kind) != (FigureKind.RATIO, FigureKind.PERCENT):
                continue
            same = _SAME_THING.fullmatch(text, ratio.end, percent.start)
            if not same or _OTHER_THING.match(text, percent.end):
                continue
            if (share := _contradiction(ratio, percent)) is not None:
                message = f"{_ratio_text(ratio)} là {_vietnamese(share)} %, báo cáo ghi {percent.text}"
                spans = tuple(Span(f.field, f.start, f.end, f.text) for f in (ratio, percent))
                found.append(Warn("arithmetic", message, spans))
    return tuple(found)


def _contradiction(ratio: Figure, percent: Figure) -> float | None:
    """Return the ratio in percent where the written one is off by more than its last digit's rounding."""
    if not isinstance(ratio.value, float) or not isinstance(percent.value, float):
        return None
    share = 100 * ratio.value
    digits = len(percent.text.partition(",")[2].rstrip("% "))
    return share if abs(share - percent.value) > 1.01 * 10**-digits and share <= 200 else None


def _ratio_text(ratio: Figure) -> str:
    match = re.match(r"[\d.,]+\s*(?:/|trên)\s*[\d.,]*\d", ratio.text)
    return match[0] if match else ratio.text


def _vietnamese(number: float) -> str:
    return f"{number:.1f}".replace(".", ",")
