"""What in a row doesn't add up: figures that contradict one another, or the words beside them."""

import re
from collections.abc import Sequence
from itertools import pairwise

from nlp_tasks.schema import Figure, FigureKind, Span, Task, Warn
from nlp_tasks.status import Base, Hit, Measure, StatusReading
from nlp_tasks.status.measures import REACHED

__all__ = ["find_warnings"]

# «42/87 đơn (05 khiếu nại, …), đạt tỷ lệ 47,7%»: the percentage is that of the ratio before it.
_SAME_THING = re.compile(
    r"[^.;]{0,60}?(?:\([^()]*\)[^.;]{0,20}?)?"
    r"(?:đạt|bằng|tương ứng|tương đương|chiếm|tỷ lệ|=|\()[^.;\d]{0,25}",
    re.IGNORECASE,
)
# … but not where it is one of something else: «79 % cùng kỳ», «99,3% số trẻ trong diện».
_OTHER_THING = re.compile(r"\s*(?:so với |so )?(?:cùng kỳ|năm trước|số |tổng số )", re.IGNORECASE)

_SAID_DONE = ("đã ", "được ", "vừa ")
_OTHER_CLAUSE = re.compile(r"[.;,]\s")


def find_warnings(task: Task, figures: Sequence[Figure], reading: StatusReading) -> tuple[Warn, ...]:
    """Find the percentages that aren't what their ratio comes to, and what is «done» but short by its figure.

    Parameters
    ----------
    task : Task
    figures : sequence of Figure
        All figures of the task.
    reading : StatusReading
        Of the same task.

    Returns
    -------
    tuple of Warn
        With the code ``arithmetic``, whose spans are the ratio and the percentage, or ``words_vs_figures``,
        whose spans are the words and the figure.

    Examples
    --------
    >>> from nlp_tasks.figures import find_figures
    >>> from nlp_tasks.normalize import normalize
    >>> from nlp_tasks.status import read_status
    >>> def warn(result):
    ...     task = Task(id="a/1", title="", result=result)
    ...     figures = find_figures(result, "result")
    ...     fields = {field: normalize(getattr(task, field)) for field in ("title", "result", "plan")}
    ...     return [w.message for w in find_warnings(task, figures, read_status(task, fields, figures))]
    >>> warn("Đã giải quyết 42/87 đơn, đạt tỷ lệ 47,7%.")
    ['42/87 là 48,3 %, báo cáo ghi 47,7%']
    >>> warn("Đã hoàn thành kiểm đếm 181/187 hộ.")
    ['lời văn ghi «Đã hoàn thành», số liệu mới 96,8 % (181/187)']
    """
    return (*_arithmetic(task, figures), *_words_vs_figures(task, reading))


def _words_vs_figures(task: Task, reading: StatusReading) -> list[Warn]:
    """Find what the words of a result call done while the figure right behind them is short of its whole."""
    found = []
    for hit in reading.hits:
        if hit.field != "result" or (hit.name, hit.scope) != ("done.completed", "fact"):
            continue
        words = task.result[hit.start : hit.end]
        short = next((m for m in reading.measures if _is_short_of(hit, m, task.result)), None)
        if short is not None and words.lower().startswith(_SAID_DONE):
            figure = short.figure
            share = f"{_vietnamese(short.share)} %"
            told = share if figure.kind is FigureKind.PERCENT else f"{share} ({figure.text})"
            spans = (
                Span("result", hit.start, hit.end, words),
                Span("result", figure.start, figure.end, figure.text),
            )
            message = f"lời văn ghi «{words}», số liệu mới {told}"
            found.append(Warn("words_vs_figures", message, spans))
    return found


def _is_short_of(hit: Hit, measure: Measure, text: str) -> bool:
    return (
        measure.base in (Base.TARGET, Base.WHOLE)
        and measure.share < REACHED
        and measure.figure.start >= hit.end
        and not _OTHER_CLAUSE.search(text, hit.end, measure.figure.start)
    )


def _arithmetic(task: Task, figures: Sequence[Figure]) -> list[Warn]:
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
    return found


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
