"""Amounts, percents, ratios, areas, counts, dates, periods and document numbers as typed values.

One scan over the text: a regular expression of named alternatives (`PATTERNS`) says what begins at a
number or at a word of time, a small function for each name says whether it really is one, and what
it is worth. What a number counts is looked up in ``resources/units.toml``.

Numbers follow the Vietnamese style: «.» parts thousands, «,» is the decimal sign.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import cast

from nlp_tasks.lexicon import load_table
from nlp_tasks.schema import Figure, FigureKind

__all__ = ["base_amount", "find_figures", "parse_number"]

# A scanner reads «2.5OO» for «2.500»: a capital O behind a digit is a zero.
_NUMBER = r"\d[\dO]*(?:[.,][\dO]+)*"
_YEAR = r"(?:19|20)\d\d(?![\w])(?![.,/]\d)"
_DASH = r"[-\u2010-\u2015]"
# Blanks inside a figure never cross a line.
_B = r"[^\S\n]"
_PAPERS = "NQ|QĐ|KH|CT|BC|TB|CV|TTr|KL|HD|NĐ|TT|CTr|ĐA|GM|PA|BB|QC|UBND|HĐND"
# Not inside a word or a number, a code (GN-24) or a road mark (Km13+500); «ngày02/12» lost its space.
_START = r"(?:(?<!\w)|(?<=ngày)(?=\d))(?<![^\W\d_]-)(?<!\d[.,/+])"


@dataclass(frozen=True, slots=True)
class Pattern:
    """One alternative of the scan.

    Parameters
    ----------
    name : str
        The key of the function that builds the figure.
    regex : str
        Without capturing groups.
    matches, rejects : str
        A sentence in which it is found, and one in which it isn't; a test runs both.
    """

    name: str
    regex: str
    matches: str
    rejects: str


# Order matters: the first alternative that fits wins, so what is longer or stricter comes first.
PATTERNS = (
    Pattern(
        "document",
        r"\d{1,5}[a-z]?(?:/(?:19|20)\d\d)?(?:/|-(?=[A-ZĐ]+[a-z]?/))(?=[A-ZĐ][A-Za-z]?[A-ZĐ])[A-ZĐ]\w*(?:[-/&][A-ZĐ]\w*)*"
        rf"|\d{{1,5}}{_B}?[-/]{_B}?(?:{_PAPERS}){_B}?[-/]{_B}?[A-ZĐ]{{2,}}(?!\w)",
        "Kế hoạch số 51/KH-UBND ngày 01/02/2024",
        "giải quyết 42/87 đơn, 30 tấn/ngày",
    ),
    Pattern(
        "date_words",
        rf"(?i:ngày){_B}+\d{{1,2}}{_B}+(?i:tháng){_B}+\d{{1,2}}(?!\w)(?:{_B}*,?{_B}*(?i:năm){_B}+{_YEAR})?",
        "họp ngày 20 tháng 5 năm 2022",
        "trong 20 ngày của tháng 5",
    ),
    Pattern(
        "date",
        rf"\d{{1,2}}{_B}?/{_B}?\d{{1,2}}{_B}?/{_B}?(?:(?:19|20)\d\d|\d\d)(?![\w/])"
        rf"|\d{{1,2}}-\d{{1,2}}-{_YEAR}|\d{{1,2}}\.\d{{1,2}}\.{_YEAR}",
        "trước ngày 30/6/2024",
        "đạt 24,8/63 ha, chỉ tiêu 17.7",
    ),
    Pattern(
        "years",
        rf"(?:(?i:giai{_B}+đoạn|nhiệm{_B}+kỳ|năm{_B}+học|năm){_B}+)?(?:(?i:từ){_B}+)?(?:(?i:năm){_B}+)?"
        rf"(?:19|20)\d\d(?:{_B}*{_DASH}{_B}*|{_B}+(?i:đến|tới){_B}+(?:(?i:năm){_B}+)?){_YEAR}",
        "Chương trình giai đoạn 2021 - 2025",
        "năm 2024 giải ngân 95%",
    ),
    Pattern(
        "quarter",
        rf"(?i:quý|qúy){_B}*(?:IV|I{{1,3}}|[1-4])(?!\w)(?:(?:{_B}*[/-]{_B}*|{_B}+(?i:năm){_B}+|{_B}+){_YEAR})?",
        "Tổng thu ước quý I/2024",
        "quý khách, quý hiếm, quỹ 4",
    ),
    Pattern(
        "half",
        rf"(?i:nửa|\d{{1,2}}{_B}+tháng|(?:ba|sáu|chín){_B}+tháng){_B}+(?i:đầu|cuối){_B}+(?i:năm)(?!\w)(?:{_B}+{_YEAR})?"
        rf"|(?:\d{{1,2}}|(?i:ba|sáu|chín)){_B}+(?i:tháng){_B}+(?i:năm){_B}+{_YEAR}",
        "6 tháng đầu năm 2024",
        "trong 6 tháng chưa giải quyết",
    ),
    Pattern(
        "month",
        rf"(?i:tháng){_B}+\d{{1,2}}(?!\w)(?![.,]\d|/\d{{1,2}}(?!\d))"
        rf"(?:(?:{_B}*[/-]{_B}*|{_B}+(?i:năm){_B}+){_YEAR})?"
        rf"|(?:0?[1-9]|1[0-2])/{_YEAR}",
        "hoàn thành trong tháng 10/2024",
        "15 tháng, hằng tháng 5,2% số hộ",
    ),
    Pattern(
        "year",
        rf"(?i:năm){_B}+{_YEAR}",
        "Kế hoạch năm 2024",
        "trong năm 2.024 hộ nhận tiền",
    ),
    Pattern(
        "ratio",
        rf"{_NUMBER}{_B}?/{_B}?{_NUMBER}(?![\w/])"
        rf"|{_NUMBER}{_B}+(?:trên(?:{_B}+tổng{_B}+số)?|trong{_B}+tổng{_B}+số){_B}+{_NUMBER}(?!\w|{_B}*%)",
        "đã giải quyết 42/87 đơn",
        "tiếp 216 lượt/229 công dân",
    ),
    Pattern("number", _NUMBER, "bố trí cho 58 dự án", "quốc lộ QL1A, dịch cúm A-H5"),
)


@dataclass(frozen=True, slots=True)
class _Unit:
    """What stands behind a number: its kind, its words, where they end."""

    kind: FigureKind
    text: str
    end: int
    is_measure: bool
    scale: float


@dataclass(frozen=True, slots=True)
class _Units:
    """The table of units, ready for look-ups: unit -> (kind, whether it is a measure)."""

    scales: dict[str, float]
    kinds: dict[str, tuple[FigureKind, bool]]
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
    rate = re.compile(rf"(?:{_B}?/{_B}?(?:{rates})(?!\w))+", re.IGNORECASE)
    return _Units(table["scales"], kinds, frozenset(words["not_units"]), rate)


@cache
def _scanner() -> re.Pattern[str]:
    return re.compile(_START + "(?:" + "|".join(f"(?P<{p.name}>{p.regex})" for p in PATTERNS) + ")")


_NUMBER_AT = re.compile(_NUMBER)
_PERCENT = re.compile(rf"{_B}*(?:[%‰]|(?i:phần{_B}+trăm)(?!\w))")
_WORD_AFTER = re.compile(rf"{_B}*(tr\.đ|[^\W\d_]+(?:-[^\W\d_]+)*[23]?(?!\w))", re.IGNORECASE)
# «đợt 2 năm 2018»: the year is not counted.
_PART_OF_DATE = re.compile(rf"{_B}+(?i:năm{_B}+{_YEAR}|tháng{_B}+\d{{1,2}}{_B}*/|ngày{_B}+\d{{1,2}}{_B}*/)")
_LONGEST_UNIT = 4


def find_figures(text: str, field: str = "") -> list[Figure]:
    """Find the figures of a text.

    Parameters
    ----------
    text : str
        One field of a task, as stored.
    field : str
        The field's name, copied into the figures.

    Returns
    -------
    list of Figure
        In order, without overlaps; ``text[f.start:f.end] == f.text``.

    Notes
    -----
    - A count takes its noun with it («58 dự án»), a ratio only a measure («15/29 ha»): in «42/87 đơn» the
      span is «42/87» and the unit «đơn».
    - Of a range («18 đến 25%») both ends become figures; the first borrows the unit of the second, which its
      own span then doesn't hold.
    - A map scale (1/10.000) is a ratio with the unit ``tỷ lệ bản đồ``.
    - What the text dates without a year starts with two hyphens: ``--04-29``, ``--04``, ``--Q3``, ``--H1``.
    - A number from 1950 to 2069 without a dot and with no measure behind it is a year.
    - The numbers that open an item («1. Tổ chức …») are no figures.

    Examples
    --------
    >>> for f in find_figures("Quý I/2024 thu 113.000 triệu đồng, bằng 28,1% dự toán"):
    ...     print([f.kind.value, f.text, f.value, f.unit])
    ['period', 'Quý I/2024', '2024-Q1', '']
    ['money', '113.000 triệu đồng', 113000.0, 'triệu đồng']
    ['percent', '28,1%', 28.1, '%']
    """
    return _share_units(text, _scan(text, field))


def _scan(text: str, field: str) -> list[Figure]:
    figures: list[Figure] = []
    search, position = _scanner().search, 0
    while match := search(text, position):
        name, start = cast(str, match.lastgroup), match.start()
        figure = _BUILDERS[name](text, start, match.end())
        number = _NUMBER_AT.match(text, start)
        if figure is None and number and name != "number":
            figure = _number(text, start, number.end())
        if figure is not None:
            figures.append(replace(figure, field=field) if field else figure)
            position = figure.end
        else:
            position = number.end() if number else start + 1
    return figures


def parse_number(text: str) -> float:
    """Read a number written in the Vietnamese style.

    Parameters
    ----------
    text : str
        Digits with «.» before each three, and «,» before decimals; a capital O is read as zero.

    Returns
    -------
    float
        The value. One dot that doesn't stand before three digits is taken for a decimal sign.

    Raises
    ------
    ValueError
        If the text is no number, or has more than one decimal sign (17.7.1).

    Examples
    --------
    >>> [parse_number(n) for n in ("113.000", "28,1", "1.234,5", "1.5", "05")]
    [113000.0, 28.1, 1234.5, 1.5, 5.0]
    """
    text = text.strip().replace("O", "0")
    # No amount has forty digits; a float of some hundred would be infinite.
    if len(text) > 40 or not re.fullmatch(r"\d+(?:[.,]\d+)*", text):
        raise ValueError(f"«{text}» is not a number such as 1.234,5")
    # The last sign is the decimal one if the other stands before it: 1.234,5 and 1,234.5.
    decimal = max(".,", key=text.rfind)
    thousands = "." if decimal == "," else ","
    whole, _, part = text.rpartition(decimal)
    if thousands in whole:
        return float(_whole(whole, thousands, text) + "." + part)
    # One dot parts thousands (113.000), one comma never does (28,125), two commas do (100,000,000).
    if text.count(decimal) > 1 or (decimal == "." and re.fullmatch(r"[1-9]\d{0,2}\.\d{3}", text)):
        return float(_whole(text, decimal, text))
    return float(text.replace(",", "."))


def _whole(number: str, sign: str, text: str) -> str:
    """Leave out the sign that parts thousands, or raise if it doesn't part them."""
    first, *groups = number.split(sign)
    if len(first) > 3 or any(len(group) != 3 or not group.isdigit() for group in groups):
        raise ValueError(f"«{text}» has more than one decimal sign")
    return first + "".join(groups)


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
    >>> [base_amount(f) for f in find_figures("chi 272,9 tỷ đồng cho 15 ha và 3 hộ")]
    [272900000000.0, 150000.0, None]
    """
    if figure.kind not in (FigureKind.MONEY, FigureKind.AREA) or "/" in figure.unit:
        return None
    units, words = _units(), figure.unit.split()
    scale = 1.0
    while words and words[0] in units.scales:
        scale *= units.scales[words.pop(0)]
    table = load_table("units")["currencies" if figure.kind is FigureKind.MONEY else "areas"]
    one = table.get(" ".join(words) or "đồng", 0)
    # Rounded since 272.9 * 1e9 isn't a whole number of đồng in binary.
    return round(float(figure.value) * scale * one, 3) if one else None


# What a number counts


def _unit_after(text: str, position: int) -> _Unit | None:
    if percent := _PERCENT.match(text, position):
        return _with_rate(
            text, _Unit(FigureKind.PERCENT, percent[0].strip().lower(), percent.end(), True, 1.0)
        )
    words, ends = _words_after(text, position)
    if not words:
        return None
    if _PART_OF_DATE.match(text, position):
        return None
    units = _units()
    scaled, scale = _scales(words)
    rest = words[scaled:]
    length = 0 if " ".join(rest[:2]) in units.not_units else _longest(rest, units.kinds)
    if not scaled + length:
        return None
    kind, is_measure = FigureKind.COUNT, False
    if length:
        kind, is_measure = units.kinds[" ".join(rest[:length])]
    elif scale >= 1e6:
        # «21 tỷ» alone is money; of «nghìn» alone nothing can be said.
        kind, is_measure = FigureKind.MONEY, True
    used = scaled + length
    return _with_rate(text, _Unit(kind, " ".join(words[:used]), ends[used - 1], is_measure, scale))


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


def _longest(words: Sequence[str], table: dict[str, tuple[FigureKind, bool]]) -> int:
    lengths = range(min(len(words), _LONGEST_UNIT), 0, -1)
    return next((n for n in lengths if " ".join(words[:n]) in table), 0)


def _with_rate(text: str, unit: _Unit) -> _Unit:
    if rate := _units().rate.match(text, unit.end):
        return replace(unit, text=unit.text + re.sub(r"\s*/\s*", "/", rate[0]).lower(), end=rate.end())
    return unit


# One builder for each pattern: (text, start, end) -> figure, or None if it isn't one after all


def _figure(text: str, start: int, end: int, kind: FigureKind, value: float | str, unit: str = "") -> Figure:
    return Figure("", start, end, text[start:end], kind, value, unit)


def _number(text: str, start: int, end: int) -> Figure | None:
    try:
        value = parse_number(text[start:end])
    except ValueError:
        return None
    unit = _unit_after(text, end)
    if _is_year(text[start:end], unit):
        return _figure(text, start, end, FigureKind.PERIOD, text[start:end])
    if unit is None:
        glued = text[end : end + 1].isalpha()
        return (
            None
            if glued or _opens_item(text, start, end)
            else _figure(text, start, end, FigureKind.COUNT, value)
        )
    return _compound(text, start, value, unit) or _figure(text, start, unit.end, unit.kind, value, unit.text)


def _is_year(number: str, unit: _Unit | None) -> bool:
    if not re.fullmatch(r"(?:19[5-9]|20[0-6])\d", number):
        return False
    # Counts from a thousand on are written with a dot; «2018 trường …» opens a clause after a year.
    return unit is None or not (unit.is_measure or number.endswith("00"))


def _opens_item(text: str, start: int, end: int) -> bool:
    """Whether the number is that of a list: «2. Phấn đấu …», «3) …»."""
    if end - start > 2 or text[end : end + 1] not in (".", ")") or text[end + 1 : end + 2].strip():
        return False
    before = text[max(0, start - 8) : start].rstrip(" \t\u00a0")
    return before.endswith("\n") or (not before and start <= 8)


def _compound(text: str, start: int, value: float, unit: _Unit) -> Figure | None:
    """«400 tỷ 176 triệu đồng»: one amount in two steps, told in the unit of the first."""
    if unit.kind is not FigureKind.MONEY or unit.text not in ("tỷ", "tỉ", "triệu"):
        return None
    number = re.compile(rf"{_B}+(\d{{1,3}})(?![\d.,/])").match(text, unit.end)
    second = _unit_after(text, number.end()) if number else None
    if (
        number is None
        or second is None
        or second.kind is not FigureKind.MONEY
        or not 1e3 <= second.scale < unit.scale
    ):
        return None
    total = value + float(number[1]) * second.scale / unit.scale
    currency = " ".join(second.text.split()[1:])
    return _figure(
        text, start, second.end, FigureKind.MONEY, round(total, 9), f"{unit.text} {currency}".strip()
    )


_SCALE_BEFORE = re.compile(r"(?:tỷ|tỉ)\s+lệ\s+$", re.IGNORECASE)


def _ratio(text: str, start: int, end: int) -> Figure | None:
    first, second = re.findall(_NUMBER, text[start:end])
    if _may_be_day(first, second) and "/" in text[start:end] and _is_day(text, start, end, first, second):
        return _figure(text, start, end, FigureKind.DATE, f"--{int(second):02}-{int(first):02}")
    try:
        part, whole = parse_number(first), parse_number(second)
    except ValueError:
        return None
    if "/" not in text[start:end] and (part > whole or _is_year(first, None)):
        return None
    value = part / whole if whole else 0.0
    unit = _unit_after(text, end)
    if (
        part == 1
        and whole >= 200
        and (unit is None or _SCALE_BEFORE.search(text[max(0, start - 12) : start]))
    ):
        return _figure(text, start, end, FigureKind.RATIO, value, "tỷ lệ bản đồ")
    if unit is None or unit.kind is FigureKind.PERCENT:
        return _figure(text, start, end, FigureKind.RATIO, value)
    return _figure(text, start, unit.end if unit.is_measure else end, FigureKind.RATIO, value, unit.text)


# «ngày 3/5» is a day whatever follows; «đến 3/5» is one unless it counts something («đến 3/5 xã»).
_SAYS_DAY = re.compile(r"(?:ngày|hạn|mốc|dịp|hôm|quốc khánh|lễ|sáng|chiều|tối|đêm)\s+$", re.IGNORECASE)
_MAY_SAY_DAY = re.compile(r"(?:trước|hết|đến|từ|sau|tới|vào|quá)\s+$", re.IGNORECASE)
_SAYS_RATIO = re.compile(
    r"(?:đạt|thứ|hạng|đủ|được|có|là|còn|xong|cả|mới|thành|chiếm|với|quyết|giao|trả|lên|gồm|non|học|thcs|thpt|huyện|xã)\s+$",
    re.IGNORECASE,
)


def _may_be_day(day: str, month: str) -> bool:
    return max(len(day), len(month)) <= 2 and _iso(day, month, "2024") is not None


def _is_day(text: str, start: int, end: int, day: str, month: str) -> bool:
    before = text[max(0, start - 12) : start]
    if _SAYS_DAY.search(before) or int(day) > int(month):
        return True
    if _unit_after(text, end) is not None:
        return False
    if _MAY_SAY_DAY.search(before):
        return True
    return int(day) < int(month) and not _SAYS_RATIO.search(before)


def _iso(day: str, month: str, year: str) -> str | None:
    try:
        return date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return None


def _date(text: str, start: int, end: int) -> Figure | None:
    day, month, *years = re.findall(r"\d+", text[start:end])
    year = years[0] if years else "2024"
    iso = _iso(day, month, year if len(year) == 4 else f"20{year}")
    if iso is None:
        return None
    return _figure(text, start, end, FigureKind.DATE, iso if years else f"--{iso[5:]}")


def _document(text: str, start: int, end: int) -> Figure:
    return _figure(text, start, end, FigureKind.DOCUMENT, re.sub(r"\s", "", text[start:end]))


def _period(text: str, start: int, end: int, part: str) -> Figure:
    year = re.search(r"(?:19|20)\d\d", text[start:end])
    value = "-".join(filter(None, (year[0] if year else "-", part)))
    return _figure(text, start, end, FigureKind.PERIOD, value)


def _years(text: str, start: int, end: int) -> Figure | None:
    first, last = re.findall(r"\d{4}", text[start:end])
    return _figure(text, start, end, FigureKind.PERIOD, f"{first}/{last}") if first < last else None


_QUARTERS = {"I": "Q1", "II": "Q2", "III": "Q3", "IV": "Q4", "1": "Q1", "2": "Q2", "3": "Q3", "4": "Q4"}


def _quarter(text: str, start: int, end: int) -> Figure:
    number = cast(re.Match[str], re.compile(r"IV|I+|[1-4]").search(text, start + 3))
    return _period(text, start, end, _QUARTERS[number[0]])


_PARTS = {"3 đầu": "Q1", "3 cuối": "Q4", "6 đầu": "H1", "6 cuối": "H2"}
_MONTHS = {"ba": "3", "sáu": "6", "chín": "9", "nửa": "6"}


def _half(text: str, start: int, end: int) -> Figure | None:
    words = text[start:end].lower().split()
    months = _MONTHS.get(words[0], words[0].lstrip("0"))
    side = "cuối" if "cuối" in words else "đầu"
    part = _PARTS.get(f"{months} {side}")
    if part is None and (side == "cuối" or not months or int(months) > 12):
        return None
    return _period(text, start, end, part or f"{months}M")


def _month(text: str, start: int, end: int) -> Figure | None:
    if _SAYS_NUMBER.search(text[max(0, start - 8) : start]):
        return _figure(text, start, end, FigureKind.DOCUMENT, text[start:end])
    month = int(re.findall(r"\d+", text[start:end])[0])
    return _period(text, start, end, f"{month:02}") if 1 <= month <= 12 else None


# «Nghị quyết số 11/2022»
_SAYS_NUMBER = re.compile(r"(?:^|\s)số\s+$", re.IGNORECASE)


def _year(text: str, start: int, end: int) -> Figure:
    return _period(text, start, end, "")


_BUILDERS: dict[str, Callable[[str, int, int], Figure | None]] = {
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


# What two neighbours share

_RANGE = re.compile(rf"{_B}*(?:{_DASH}|(?i:đến|tới)(?!\w)){_B}*")
_AND = re.compile(rf"{_B}*(?:{_DASH}|,|(?i:và|đến)(?!\w)){_B}*")
_AMOUNTS = (FigureKind.PERCENT, FigureKind.MONEY, FigureKind.AREA, FigureKind.COUNT)


def _share_units(text: str, figures: list[Figure]) -> list[Figure]:
    """Lend a bare number the unit, or the month, of the figure that it forms a range with."""
    for i in range(len(figures) - 2, -1, -1):
        first, second = figures[i], figures[i + 1]
        if first.kind is FigureKind.COUNT and not first.unit:
            figures[i] = _as_end_of_range(text, first, second) or _as_day(text, first, second) or first
    return figures


def _as_end_of_range(text: str, first: Figure, second: Figure) -> Figure | None:
    is_amount = second.kind in _AMOUNTS and bool(second.unit) and float(first.value) < float(second.value)
    if is_amount and _RANGE.fullmatch(text, first.end, second.start):
        return replace(first, kind=second.kind, unit=second.unit)
    return None


def _as_day(text: str, first: Figure, second: Figure) -> Figure | None:
    """«ngày 14 và 15/3»: the 14 is a day of March."""
    if (
        second.kind is not FigureKind.DATE
        or not first.text.isdigit()
        or not _AND.fullmatch(text, first.end, second.start)
    ):
        return None
    year, month, _ = str(second.value).rsplit("-", 2)
    if _iso(first.text, month, "2024") is None or not _SAYS_DAY.search(
        text[max(0, first.start - 12) : first.start]
    ):
        return None
    return replace(first, kind=FigureKind.DATE, value=f"{year}-{month}-{int(first.text):02}")
