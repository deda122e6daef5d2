"""One builder for each pattern: it says whether a find really is a figure, and what it is worth.

A builder takes the text and the bounds of the find, and gives None where it is no figure after all.
"""

import re
from collections.abc import Callable
from datetime import date
from typing import cast

from nlp_tasks.figures.numbers import parse_number
from nlp_tasks.figures.patterns import BLANK, NUMBER
from nlp_tasks.figures.units import Unit, unit_after
from nlp_tasks.schema import Figure, FigureKind

__all__ = ["BUILDERS", "is_day_of", "says_day"]

_LEAP_YEAR = "2024"  # for dates without a year, so that 29/2 is one
_SECOND_STEP = re.compile(rf"{BLANK}+(\d{{1,3}})(?![\d.,/])")
_SCALE_BEFORE = re.compile(r"(?:tỷ|tỉ)\s+lệ\s+$", re.IGNORECASE)
# «ngày 3/5» is a day whatever follows; «đến 3/5» is one unless it counts something («đến 3/5 xã»).
_SAYS_DAY = re.compile(r"(?:ngày|hạn|mốc|dịp|hôm|quốc khánh|lễ|sáng|chiều|tối|đêm)\s+$", re.IGNORECASE)
_MAY_SAY_DAY = re.compile(r"(?:trước|hết|đến|từ|sau|tới|vào|quá)\s+$", re.IGNORECASE)
_SAYS_RATIO = re.compile(
    r"(?:đạt|thứ|hạng|đủ|được|có|là|còn|xong|cả|mới|thành|chiếm|với|quyết|giao|trả|lên|gồm|non|học|thcs|thpt|huyện|xã)\s+$",
    re.IGNORECASE,
)
# «Nghị quyết số 11/2022»
_SAYS_NUMBER = re.compile(r"(?:^|\s)số\s+$", re.IGNORECASE)
_QUARTER = re.compile(r"IV|I+|[1-4]")
_QUARTERS = {"I": "Q1", "II": "Q2", "III": "Q3", "IV": "Q4", "1": "Q1", "2": "Q2", "3": "Q3", "4": "Q4"}
_PARTS = {"3 đầu": "Q1", "3 cuối": "Q4", "6 đầu": "H1", "6 cuối": "H2"}
_MONTHS = {"ba": "3", "sáu": "6", "chín": "9", "nửa": "6"}


def _figure(text: str, start: int, end: int, kind: FigureKind, value: float | str, unit: str = "") -> Figure:
    return Figure("", start, end, text[start:end], kind, value, unit)


def _before(text: str, position: int, width: int = 12) -> str:
    return text[max(0, position - width) : position]


# ---- amounts


def _number(text: str, start: int, end: int) -> Figure | None:
    try:
        value = parse_number(text[start:end])
    except ValueError:
        return None
    unit = unit_after(text, end)
    if _is_year(text[start:end], unit):
        return _figure(text, start, end, FigureKind.PERIOD, text[start:end])
    if unit is None:
        is_none = text[end : end + 1].isalpha() or _opens_item(text, start, end)
        return None if is_none else _figure(text, start, end, FigureKind.COUNT, value)
    return _compound(text, start, value, unit) or _figure(text, start, unit.end, unit.kind, value, unit.text)


def _is_year(number: str, unit: Unit | None) -> bool:
    if not re.fullmatch(r"(?:19[5-9]|20[0-6])\d", number):
        return False
    # Counts from a thousand on are written with a dot; «2018 trường …» opens a clause after a year.
    return unit is None or not (unit.is_measure or number.endswith("00"))


def _opens_item(text: str, start: int, end: int) -> bool:
    """Tell whether the number is that of a list: «2. Phấn đấu …», «3) …»."""
    if end - start > 2 or text[end : end + 1] not in (".", ")") or text[end + 1 : end + 2].strip():
        return False
    before = _before(text, start, 8).rstrip(" \t\u00a0")
    return before.endswith("\n") or (not before and start <= 8)


def _compound(text: str, start: int, value: float, unit: Unit) -> Figure | None:
    """«400 tỷ 176 triệu đồng»: one amount in two steps, told in the unit of the first."""
    if unit.text not in ("tỷ", "tỉ", "triệu"):
        return None
    number = _SECOND_STEP.match(text, unit.end)
    second = unit_after(text, number.end()) if number else None
    if number is None or second is None or second.kind is not FigureKind.MONEY:
        return None
    if not 1e3 <= second.scale < unit.scale:
        return None
    total = round(value + float(number[1]) * second.scale / unit.scale, 9)
    currency = " ".join(second.text.split()[1:])
    return _figure(text, start, second.end, FigureKind.MONEY, total, f"{unit.text} {currency}".strip())


def _ratio(text: str, start: int, end: int) -> Figure | None:
    first, second = re.findall(NUMBER, text[start:end])
    has_stroke = "/" in text[start:end]
    if has_stroke and is_day_of(first, second) and _is_day(text, start, end, int(first), int(second)):
        return _figure(text, start, end, FigureKind.DATE, f"--{int(second):02}-{int(first):02}")
    try:
        part, whole = parse_number(first), parse_number(second)
    except ValueError:
        return None
    if not has_stroke and (part > whole or _is_year(first, None)):
        return None
    return _quotient(text, start, end, part, whole)


def _quotient(text: str, start: int, end: int, part: float, whole: float) -> Figure:
    value = part / whole if whole else 0.0
    unit = unit_after(text, end)
    if part == 1 and whole >= 200 and (unit is None or _SCALE_BEFORE.search(_before(text, start))):
        return _figure(text, start, end, FigureKind.RATIO, value, "tỷ lệ bản đồ")
    if unit is None or unit.kind is FigureKind.PERCENT:
        return _figure(text, start, end, FigureKind.RATIO, value)
    return _figure(text, start, unit.end if unit.is_measure else end, FigureKind.RATIO, value, unit.text)


# ---- dates and document numbers


def is_day_of(day: str, month: str) -> bool:
    """Tell whether a month has a day, both in one or two digits.

    Examples
    --------
    >>> is_day_of("29", "2"), is_day_of("31", "4"), is_day_of("100", "4")
    (True, False, False)
    """
    return max(len(day), len(month)) <= 2 and _iso(day, month, _LEAP_YEAR) is not None


def says_day(text: str, position: int) -> bool:
    """Tell whether the words before a position announce a day.

    Examples
    --------
    >>> says_day("họp ngày 3/5", 9), says_day("đạt 3/5 xã", 4)
    (True, False)
    """
    return _SAYS_DAY.search(_before(text, position)) is not None


def _is_day(text: str, start: int, end: int, day: int, month: int) -> bool:
    """Tell whether what could be a day is no ratio."""
    if says_day(text, start) or day > month:
        return True
    if unit_after(text, end) is not None:
        return False
    before = _before(text, start)
    return _MAY_SAY_DAY.search(before) is not None or (day < month and not _SAYS_RATIO.search(before))


def _iso(day: str, month: str, year: str) -> str | None:
    try:
        return date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return None


def _date(text: str, start: int, end: int) -> Figure | None:
    day, month, *years = re.findall(r"\d+", text[start:end])
    year = years[0] if years else _LEAP_YEAR
    iso = _iso(day, month, year if len(year) == 4 else f"20{year}")
    if iso is None:
        return None
    return _figure(text, start, end, FigureKind.DATE, iso if years else f"--{iso[5:]}")


def _document(text: str, start: int, end: int) -> Figure:
    return _figure(text, start, end, FigureKind.DOCUMENT, re.sub(r"\s", "", text[start:end]))


# ---- periods


def _period(text: str, start: int, end: int, part: str) -> Figure:
    year = re.search(r"(?:19|20)\d\d", text[start:end])
    value = "-".join(filter(None, (year[0] if year else "-", part)))
    return _figure(text, start, end, FigureKind.PERIOD, value)


def _years(text: str, start: int, end: int) -> Figure | None:
    first, last = re.findall(r"\d{4}", text[start:end])
    return _figure(text, start, end, FigureKind.PERIOD, f"{first}/{last}") if first < last else None


def _year(text: str, start: int, end: int) -> Figure:
    return _period(text, start, end, "")


def _quarter(text: str, start: int, end: int) -> Figure:
    number = cast(re.Match[str], _QUARTER.search(text, start + len("quý")))
    return _period(text, start, end, _QUARTERS[number[0]])


def _half(text: str, start: int, end: int) -> Figure | None:
    words = text[start:end].lower().split()
    months = _MONTHS.get(words[0], words[0].lstrip("0"))
    side = "cuối" if "cuối" in words else "đầu"
    part = _PARTS.get(f"{months} {side}")
    if part is None and (side == "cuối" or not months or int(months) > 12):
        return None
    return _period(text, start, end, part or f"{months}M")


def _month(text: str, start: int, end: int) -> Figure | None:
    if _SAYS_NUMBER.search(_before(text, start, 8)):
        return _figure(text, start, end, FigureKind.DOCUMENT, text[start:end])
    month = int(re.findall(r"\d+", text[start:end])[0])
    return _period(text, start, end, f"{month:02}") if 1 <= month <= 12 else None


BUILDERS: dict[str, Callable[[str, int, int], Figure | None]] = {
    "document": _document,
    "date_words": _date,
    "date": _date,
    "years": _years,
    "quarter": _quarter,
    "half": _half,
    "month": _month,
    "year": _year,
    "ratio": _ratio,
    "number": _number,
}
"""The builder of each pattern's name."""
