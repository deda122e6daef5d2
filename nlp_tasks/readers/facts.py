"""The report's own facts: number, date, period, place and issuer, as far as it says them.

Offices print them in the block above the title (Decree 30/2020/NĐ-CP, annex I), in the title and in
the header of the results' column. Nothing is guessed: what isn't written stays empty.
"""

import itertools
import re
from collections import Counter
from collections.abc import Sequence

from nlp_tasks.readers.plain import UPPER, fold
from nlp_tasks.schema import ReportFacts

__all__ = ["find_facts", "find_period"]

_CODE = r"[A-ZĐ]{2,}(?:\s?[-–]\s?[A-ZĐa-z0-9&]+)*"
# «219/BC-UBND», «1234/2024/BC-UBND», «12/BC-BQLDA»; a Party committee's «45-BC/TU»
_REF = rf"\d{{1,5}}\s*(?:/\s*(?:\d{{4}}\s*/\s*)?{_CODE}|[-–]\s*[A-ZĐ]{{2,}}\s*/\s*[A-ZĐ]{{2,}})"
_REFS = (
    # «Số: 241/BC-UBND» at the head of its own line or column, not «Công văn số: 45/UBND»
    re.compile(rf"(?:^|\t|\s{{3}})\s*(?i:số)\s*:?\s*({_REF})", re.MULTILINE),
    # «(Kèm theo Báo cáo số 219/BC-UBND ngày 15/3/2024 …)», not «thực hiện Kế hoạch số 51/KH-UBND»
    re.compile(rf"(?i:báo cáo|bc)\s+(?i:số)\s*:?\s*({_REF})"),
)
_BLANK_REF = re.compile(r"(?:^|\t|\s{3})\s*(?i:số)\s*:?[\s.…_]*/\s*[A-ZĐ]{2}", re.MULTILINE)
_DATE = re.compile(
    r"(?i:ngày)\s+(\d{1,2})(?:\s*[/.-]\s*|\s+(?i:tháng)\s+)(\d{1,2})(?:\s*[/.-]\s*|\s+(?i:năm)\s+)(\d{4})"
)
# «Lạng Sơn, ngày 15 tháng 3 năm 2024» in a line or column of its own, the day perhaps not filled in;
# not «số liệu tính đến ngày 20/9/2022 như sau»
_DATE_LINE = re.compile(
    r"(?:^|,|\t|\s{3})\s*(?i:ngày)(?P<day>[ .…\d]*)(?:tháng|/)(?P<month>[ .…\d]*)(?:năm|/)"
    r"\s*(?P<year>\d{4})\s*(?:$|\t)",
    re.MULTILINE,
)

_YEAR = r"(?:\s*(?:/|-|,|năm|của năm)\s*)*(?P<year>20\d\d|19\d\d)?"
_PERIODS: dict[str, re.Pattern[str]] = {
    # «quý I/2024», «quý 3 năm 2024»; not «quý khách»
    "Q": re.compile(rf"\bquý\s+(?P<n>IV|I{{1,3}}|[1-4])\b{_YEAR}", re.I),
    # «9 tháng đầu năm 2024», «chín tháng»; not «3 tháng cuối năm»
    "9M": re.compile(rf"\b(?:9|09|chín)\s+tháng(?:\s+đầu)?{_YEAR}", re.I),
    "H2": re.compile(rf"\b(?:6|06|sáu)\s+tháng\s+cuối{_YEAR}", re.I),
    "H1": re.compile(rf"\b(?:6|06|sáu)\s+tháng(?!\s+cuối)(?:\s+đầu)?{_YEAR}", re.I),
    # «tháng 5/2024», «tháng 05 năm 2024»; full dates are taken out before
    "M": re.compile(rf"\btháng\s+(?P<n>1[0-2]|0?[1-9])\b{_YEAR}", re.I),
}
_YEAR_ALONE = re.compile(r"\bnăm\s+(20\d\d|19\d\d)\b", re.I)
_ANY_YEAR = re.compile(r"\b(20\d\d|19\d\d)\b")
_QUARTERS = {"I": 1, "II": 2, "III": 3, "IV": 4, "1": 1, "2": 2, "3": 3, "4": 4}

_LEVELS = "tỉnh|thành phố|tp|quận|huyện|thị xã|thị trấn|phường|xã|đặc khu"
_COMMITTEE = r"(?:uỷ|ủy)\s+ban\s+nhân\s+dân|ubnd"
_SYLLABLE = rf"[{UPPER}][\w’'-]*"
_NAME = rf"(?:{_SYLLABLE}|\d{{1,2}})(?:[ ]+{_SYLLABLE}){{0,4}}"
_ISSUER_OF_PLACE = re.compile(rf"(?i:{_COMMITTEE})\s+((?i:{_LEVELS}))\.?(?:\s+({_NAME}))?")
_OFFICE_KINDS = (
    "SỞ|BAN|CỤC|CHI CỤC|VĂN PHÒNG|PHÒNG|CÔNG AN|TRUNG TÂM|THANH TRA|BỘ|TỔNG CỤC|KHO BẠC|HẠT|ĐỘI|TRẠM|CÔNG TY"
)
_OFFICE = re.compile(rf"((?:{_OFFICE_KINDS})\s+[^\d]{{2,80}})$")
_FIELD_START = re.compile(rf"((?:^(?i:{_OFFICE_KINDS})\s|,\s|\s-\s|\svà\s))(\w)")
_PLACE_IN_OFFICE = re.compile(rf"\b((?i:{_LEVELS}))\s+((?!(?:thành|tỉnh|huyện)\b)\w+(?:\s\w+){{1,3}})$", re.I)
_ACRONYM = re.compile(r"\b(?:hđnd|ubnd|qlda|gpmb|kt-xh|xdcb|ubmttq)\b")
# «HUYỆN ỦY THÁI THỤY», «TỈNH UỶ LẠNG SƠN»; not «Huyện ủy giao»
_PARTY = re.compile(rf"^\s*((?i:tỉnh|thành|huyện|quận|thị)\s+(?i:ủy|uỷ))\s+({_NAME})\s*$", re.MULTILINE)
_PARTY_LEVELS = {
    "tinh uy": "tỉnh",
    "thanh uy": "thành phố",
    "huyen uy": "huyện",
    "quan uy": "quận",
    "thi uy": "thị xã",
}
_TITLE_LINE = re.compile(r"\s*(?:BÁO CÁO|BIỂU|PHỤ LỤC|BẢNG TỔNG HỢP|TỔNG HỢP|Báo cáo|Biểu)\b")
_AFTER_TITLE = re.compile(r"\s*(?i:kính gửi|thực hiện|căn cứ|trong\b|[-–_]{3})")
_COLUMN_GAP = re.compile(r"\t|\s{3,}")
_DATE_LINE_PLACE = re.compile(rf"({_NAME}),\s+(?i:ngày)\s")


def find_facts(head: str, results_header: str, body: str) -> ReportFacts:
    """Find what a report says of itself.

    Parameters
    ----------
    head : str
        Everything above the table or the first task, columns parted by tabs or spaces.
    results_header : str
        The header of the results' column, where there is a table; else empty.
    body : str
        The whole text: for the full name of a place that the head only calls «thành phố», and for the
        date where it stands by the signature.

    Returns
    -------
    ReportFacts

    Examples
    --------
    >>> head = "(Kèm theo Báo cáo số 219/BC-UBND ngày 15/3/2024 của UBND thành phố)"
    >>> facts = find_facts(head, "Kết quả quý I/2024", "… quy hoạch chung thành phố Lạng Sơn …")
    >>> facts.ref, facts.date, facts.period, facts.issuer
    ('219/BC-UBND', '2024-03-15', '2024-Q1', 'UBND thành phố Lạng Sơn')
    """
    date = _find_date(head, body)
    year = date[:4] or _year_of_blank_date(head)
    place, issuer = _find_place(head, body)
    period = _find_own_period(head, results_header, year)
    ref = _ref_match(head)
    number = re.sub(r"\s+", "", ref[1]).replace("–", "-") if ref else ""
    return ReportFacts(ref=number, date=date, period=period, place=place, issuer=issuer)


def _find_own_period(head: str, results_header: str, year: str) -> str:
    """Return the title's period; where that is a bare year, the results' column may say which quarter."""
    title, column = find_period(_title(head), year), find_period(results_header, year)
    finer = (period for period in (title, column) if "-" in period)
    return next(finer, title or column or find_period(head, year))


def _ref_match(head: str) -> re.Match[str] | None:
    """Find the report's own number; where «Số:    /BC-UBND» is left blank, no other takes its place."""
    if own := _REFS[0].search(head):
        return own
    return None if _BLANK_REF.search(head) else _REFS[1].search(head)


def _find_date(head: str, body: str) -> str:
    """Return the date beside the report's own number, else that of the date line, there or by the signature.

    A date line whose day isn't filled in gives none, and no other date may take its place.
    """
    own = _ref_match(head)
    if own and own.re is _REFS[1] and (date := _DATE.search(head, own.end(), own.end() + 60)):
        return _iso(date)
    line = _DATE_LINE.search(head) or next(reversed(list(_DATE_LINE.finditer(body))), None)
    date = _DATE.search(line[0]) if line else None
    return _iso(date) if date else ""


def _year_of_blank_date(head: str) -> str:
    line = _DATE_LINE.search(head)
    return line["year"] if line else ""


def _title(head: str) -> str:
    """Return the lines from «BÁO CÁO» on, up to whom it is for; the whole head has the law it cites too."""
    lines = head.splitlines()
    start = next((n for n, line in enumerate(lines) if _TITLE_LINE.match(line)), len(lines))
    end = next((n for n in range(start, len(lines)) if _AFTER_TITLE.match(lines[n])), len(lines))
    return "\n".join(lines[start:end])


def _iso(match: re.Match[str]) -> str:
    day, month, year = (int(part) for part in match.groups())
    return f"{year:04d}-{month:02d}-{day:02d}" if 1 <= month <= 12 and 1 <= day <= 31 else ""


def find_period(text: str, year: str = "") -> str:
    """Return the reporting period that a text names first; a bare year only where it names no other.

    The first is the report's own: titles go on with the next («nhiệm vụ quý II»).

    Parameters
    ----------
    text : str
        A title, a header or a file's name.
    year : str
        The year to take where the text names none, such as that of the report's date.

    Returns
    -------
    str
        ``2024-Q1``, ``2024-H1``, ``2024-9M``, ``2024-05``, ``2024``, or empty.

    Examples
    --------
    >>> find_period("Kết quả quý I, phương hướng nhiệm vụ quý II năm 2024")
    '2024-Q1'
    >>> find_period("Kết quả 6 tháng đầu năm, nhiệm vụ 6 tháng cuối năm 2024")
    '2024-H1'
    """
    text = _DATE_LINE.sub(" ", _DATE.sub(" ", text))
    found = [
        (match.start(), kind, match) for kind, pattern in _PERIODS.items() if (match := pattern.search(text))
    ]
    if found:
        _, kind, match = min(found, key=lambda hit: hit[0])
        later = _ANY_YEAR.search(text, match.end())
        year = match["year"] or (later[1] if later else year)
        return _period(kind, match, year) if year else ""
    alone = _YEAR_ALONE.search(text)
    return alone[1] if alone else ""


def _period(kind: str, match: re.Match[str], year: str) -> str:
    if kind == "Q":
        return f"{year}-Q{_QUARTERS[match['n'].upper()]}"
    if kind == "M":
        return f"{year}-{int(match['n']):02d}"
    return f"{year}-{kind}"


def _find_place(head: str, body: str) -> tuple[str, str]:
    """Return place and issuer; a level without a name takes the name that the text gives it most often."""
    letterhead = _letterhead(head)
    if party := _PARTY.search("\n".join(letterhead)):
        level, name = _PARTY_LEVELS[fold(party[1])], _title_case(_trim_name(party[2]))
        return f"{level} {name}", f"{_sentence_case(' '.join(party[1].split()))} {name}"
    committees = _committees(" ".join(letterhead)) or _own_committee(head) or _committees(_flat(head))
    office = _office(letterhead)
    if not committees:
        line = _DATE_LINE_PLACE.search(head)
        place = _committees(f"UBND {office}") or [_place_in(office)]
        level, name = place[-1]
        return (f"{level} {name}" if name else line[1] if line else ""), office
    # Two in a letterhead are the office above and, below it, the one that writes.
    level, name = committees[-1] if committees[-1][1] else committees[0]
    name = name or _name_in_text(level, body)
    place_name = f"{level} {name}" if name else ""
    return place_name, office or f"UBND {level} {name}".strip()


def _office(letterhead: Sequence[str]) -> str:
    """Return the office of a letterhead, lines that its name is broken over put together."""
    for n, line in enumerate(letterhead):
        if match := _OFFICE.match(line.strip()):
            more = itertools.takewhile(_goes_on, letterhead[n + 1 :])
            return _office_name(" ".join([match[1], *(text.strip() for text in more)]))
    return ""


def _goes_on(line: str) -> bool:
    """Tell whether a line of a letterhead goes on with the office's name above it."""
    return line.strip().isupper() and not re.match(r"\s*(?:CỘNG|ĐỘC|SỐ|ĐẢNG|[*_-])", line)


def _office_name(name: str) -> str:
    """Turn «SỞ KẾ HOẠCH VÀ ĐẦU TƯ TỈNH LẠNG SƠN» into «Sở Kế hoạch và Đầu tư tỉnh Lạng Sơn».

    By the rules of Decree 30/2020/NĐ-CP, annex II: a capital begins the kind of office, each of its
    fields, and every syllable of a place.
    """
    name = " ".join(name.split()).lower()
    name = _FIELD_START.sub(lambda match: match[1] + match[2].upper(), name)
    name = _PLACE_IN_OFFICE.sub(lambda match: f"{match[1].lower()} {match[2].title()}", name)
    name = _ACRONYM.sub(lambda match: match[0].upper(), name)
    return name[:1].upper() + name[1:]


def _place_in(office: str) -> tuple[str, str]:
    match = _PLACE_IN_OFFICE.search(office)
    return (match[1], match[2]) if match else ("", "")


def _flat(text: str) -> str:
    return re.sub(r"\s*\n\s*", " ", text)


def _letterhead(head: str) -> list[str]:
    """Give the left column of the lines above the title «BÁO CÁO»."""
    lines: list[str] = []
    for line in head.splitlines():
        if _TITLE_LINE.match(line):
            break
        lines.append(_COLUMN_GAP.split(line.strip())[0])
    else:
        return []
    return lines


def _own_committee(head: str) -> list[tuple[str, str]]:
    """Find the issuer in «Báo cáo số 219/BC-UBND … của UBND thành phố»."""
    match = _REFS[1].search(head)
    return _committees(_flat(head[match.end() : match.end() + 120])) if match else []


def _committees(text: str) -> list[tuple[str, str]]:
    """Return level and name of each «UBND …»."""
    return [
        (_level(match[1]), _title_case(_trim_name(match[2] or "")))
        for match in _ISSUER_OF_PLACE.finditer(text)
    ]


def _level(text: str) -> str:
    level = " ".join(text.lower().split())
    return "thành phố" if level == "tp" else level


_HEAD_WORDS = re.compile(
    r"\s+(?:CỘNG|UỶ|ỦY|Uỷ|Ủy|UBND|Cộng|ĐỘC|Độc|SỐ|Số|BÁO|Báo|VĂN|Văn|SỞ|BAN|PHÒNG|CÔNG|TRUNG|CHỦ|Chủ|TỈNH|HUYỆN|THÀNH|Kính)\b.*",
    re.S,
)


def _trim_name(name: str) -> str:
    """Cut what a line join has put behind a name: «THÁI THỤY CỘNG HOÀ …»."""
    return _HEAD_WORDS.sub("", f" {name}").strip()


def _title_case(name: str) -> str:
    return " ".join(part.capitalize() for part in name.split()) if name.isupper() else name


def _sentence_case(name: str) -> str:
    """Turn «SỞ XÂY DỰNG» into «Sở xây dựng»: capitals of a letterhead say nothing of the spelling."""
    return name[:1] + name[1:].lower() if name.isupper() else name


def _name_in_text(level: str, body: str) -> str:
    names = Counter(re.findall(rf"(?<!\w)(?i:{level})\s+({_NAME})", body))
    merged = Counter({name: _support(name, names) for name in names})
    return max(merged, key=lambda name: (merged[name], -len(name)), default="")


def _support(name: str, names: Counter[str]) -> int:
    """Count a name with the longer ones that begin with it: «Lạng Sơn» counts «Lạng Sơn Chương trình»."""
    return sum(n for other, n in names.items() if fold(other) == fold(name) or other.startswith(f"{name} "))
