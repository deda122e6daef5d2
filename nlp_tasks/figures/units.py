"""What the numbers of a report count, looked up in ``resources/units.toml``, and what it is worth."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

from nlp_tasks.figures.patterns import BLANK, YEAR
from nlp_tasks.lexicon import load_table
from nlp_tasks.schema import Figure, FigureKind

__all__ = ["Unit", "base_amount", "unit_after"]

_PERCENT = re.compile(rf"{BLANK}*(?:[%‰]|(?i:phần{BLANK}+trăm)(?!\w))")
_WORD_AFTER = re.compile(rf"{BLANK}*(tr\.đ|[^\W\d_]+(?:-[^\W\d_]+)*[23]?(?!\w))", re.IGNORECASE)
# «đợt 2 năm 2018»: the year is not counted.
_PART_OF_DATE = re.compile(
    rf"{BLANK}+(?i:năm{BLANK}+{YEAR}|tháng{BLANK}+\d{{1,2}}{BLANK}*/|ngày{BLANK}+\d{{1,2}}{BLANK}*/)"
)
_LONGEST_UNIT = 4


@dataclass(frozen=True, slots=True)
class Unit:
    """What stands behind a number.

    Parameters
    ----------
    kind : FigureKind
        What the number counts.
    text : str
        The words, lower case: «triệu đồng».
    end : int
        Where they end.
    is_measure : bool
        Whether they belong to a ratio: «15/29 ha», not «42/87 đơn».
    scale : float
        By how much they multiply: 1e6 for «triệu đồng».
    """

    kind: FigureKind
    text: str
    end: int
    is_measure: bool
    scale: float


@dataclass(frozen=True, slots=True)
class _Units:
    """The table of units, ready for look-ups.

    ``kinds`` tells of a unit its kind and whether it is a measure, ``worths`` its đồng or square metres.
    """

    scales: dict[str, float]
    kinds: dict[str, tuple[FigureKind, bool]]
    worths: dict[FigureKind, dict[str, float]]
    not_units: frozenset[str]
    rate: re.Pattern[str]


@cache
def _units() -> _Units:
    table = load_table("units")
    words = table["words"]
    kinds = {unit: (FigureKind.COUNT, False) for unit in words["nouns"]}
    kinds |= {unit: (FigureKind.COUNT, True) for unit in words["measures"]}
    kinds |= {unit: (FigureKind.AREA, True) for unit in table["areas"]}
    kinds |= {unit: (FigureKind.MONEY, True) for unit in table["currencies"]}
    rates = "|".join(map(re.escape, sorted(words["rates"], key=len, reverse=True)))
    rate = re.compile(rf"(?:{BLANK}?/{BLANK}?(?:{rates})(?!\w))+", re.IGNORECASE)
    worths = {FigureKind.MONEY: table["currencies"], FigureKind.AREA: table["areas"]}
    return _Units(table["scales"], kinds, worths, frozenset(words["not_units"]), rate)


def unit_after(text: str, position: int) -> Unit | None:
    """Read what the number that ends at a position counts.

    Examples
    --------
    >>> unit_after("bố trí 58 dự án", 9).text, unit_after("đạt 95,2", 8)
    ('dự án', None)
    """
    if percent := _PERCENT.match(text, position):
        sign = percent[0].strip().lower()
        return _with_rate(text, Unit(FigureKind.PERCENT, sign, percent.end(), True, 1.0))
    if _PART_OF_DATE.match(text, position):
        return None
    words, ends = _words_after(text, position)
    scaled, scale = _scales(words)
    used = scaled + _longest(words[scaled:])
    if not used:
        return None
    kind, is_measure = _kind(words[scaled:used], scale)
    return _with_rate(text, Unit(kind, " ".join(words[:used]), ends[used - 1], is_measure, scale))


def _words_after(text: str, position: int) -> tuple[list[str], list[int]]:
    words: list[str] = []
    ends: list[int] = []
    while len(words) < _LONGEST_UNIT + 2 and (match := _WORD_AFTER.match(text, position)):
        position = match.end()
        words.append(match[1].lower())
        ends.append(position)
    return words, ends


def _scales(words: Sequence[str]) -> tuple[int, float]:
    """How many words multiply, and by how much."""
    units, used, scale = _units(), 0, 1.0
    while used < len(words) and words[used] in units.scales:
        if " ".join(words[used : used + 2]) in units.not_units:
            break
        scale *= units.scales[words[used]]
        used += 1
    return used, scale


def _longest(words: Sequence[str]) -> int:
    """How many words, at most, make up a unit that the table has."""
    units = _units()
    if " ".join(words[:2]) in units.not_units:
        return 0
    lengths = range(min(len(words), _LONGEST_UNIT), 0, -1)
    return next((n for n in lengths if " ".join(words[:n]) in units.kinds), 0)


def _kind(unit: Sequence[str], scale: float) -> tuple[FigureKind, bool]:
    if unit:
        return _units().kinds[" ".join(unit)]
    # «21 tỷ» alone is money; of «nghìn» alone nothing can be said.
    return (FigureKind.MONEY, True) if scale >= 1e6 else (FigureKind.COUNT, False)


def _with_rate(text: str, unit: Unit) -> Unit:
    if rate := _units().rate.match(text, unit.end):
        return replace(unit, text=unit.text + re.sub(r"\s*/\s*", "/", rate[0]).lower(), end=rate.end())
    return unit


def base_amount(figure: Figure) -> float | None:
    """Return what a figure is worth in đồng or in square metres, to compare amounts.

    Parameters
    ----------
    figure : Figure
        As `find_figures` returns it.

    Returns
    -------
    float or None
        Đồng for money, square metres for areas. None for the other kinds, for foreign currencies and for
        rates («triệu đồng/ha»), which can't be compared with amounts.

    Examples
    --------
    >>> from nlp_tasks.figures import find_figures
    >>> [base_amount(f) for f in find_figures("chi 272,9 tỷ đồng cho 15 ha và 3 hộ")]
    [272900000000.0, 150000.0, None]
    """
    worths = _units().worths.get(figure.kind)
    if worths is None or "/" in figure.unit:
        return None
    words = figure.unit.split()
    scaled, scale = _scales(words)
    one = worths.get(" ".join(words[scaled:]) or "đồng", 0)
    # Rounded since 272.9 * 1e9 isn't a whole number of đồng in binary.
    return round(float(figure.value) * scale * one, 3) if one else None
