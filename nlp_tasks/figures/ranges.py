"""What two neighbours share: «18 đến 25%» are two percents, «ngày 14 và 15/3» two days of March."""

import re
from collections.abc import Sequence
from dataclasses import replace

from nlp_tasks.figures.builders import is_day_of, says_day
from nlp_tasks.figures.patterns import BLANK, DASH
from nlp_tasks.schema import Figure, FigureKind

__all__ = ["share_units"]

_RANGE = re.compile(rf"{BLANK}*(?:{DASH}|(?i:đến|tới)(?!\w)){BLANK}*")
_AND = re.compile(rf"{BLANK}*(?:{DASH}|,|(?i:và|đến)(?!\w)){BLANK}*")
_AMOUNTS = (FigureKind.PERCENT, FigureKind.MONEY, FigureKind.AREA, FigureKind.COUNT)


def share_units(text: str, figures: Sequence[Figure]) -> list[Figure]:
    """Lend a bare number the unit, or the month, of the figure that it forms a range with.

    Parameters
    ----------
    text : str
    figures : sequence of Figure
        In the order of the text.

    Returns
    -------
    list of Figure
        As many, in the same order.
    """
    shared = list(figures)
    for i in range(len(shared) - 2, -1, -1):
        first, second = shared[i], shared[i + 1]
        if first.kind is FigureKind.COUNT and not first.unit:
            shared[i] = _as_end_of_range(text, first, second) or _as_day(text, first, second) or first
    return shared


def _as_end_of_range(text: str, first: Figure, second: Figure) -> Figure | None:
    is_amount = second.kind in _AMOUNTS and bool(second.unit) and float(first.value) < float(second.value)
    if is_amount and _RANGE.fullmatch(text, first.end, second.start):
        return replace(first, kind=second.kind, unit=second.unit)
    return None


def _as_day(text: str, first: Figure, second: Figure) -> Figure | None:
    """«ngày 14 và 15/3»: the 14 is a day of March."""
    if second.kind is not FigureKind.DATE or not first.text.isdigit():
        return None
    year, month, _ = str(second.value).rsplit("-", 2)
    joined = _AND.fullmatch(text, first.end, second.start)
    if not joined or not is_day_of(first.text, month) or not says_day(text, first.start):
        return None
    return replace(first, kind=FigureKind.DATE, value=f"{year}-{month}-{int(first.text):02}")
