"""What begins a figure: the table of patterns that the scan tries at each place."""

import re
from dataclasses import dataclass
from functools import cache

__all__ = ["BLANK", "DASH", "NUMBER", "PATTERNS", "START", "YEAR", "Pattern", "scanner"]

# A scanner reads «2.5OO» for «2.500»: a capital O behind a digit is a zero.
NUMBER = r"\d[\dO]*(?:[.,][\dO]+)*"
YEAR = r"(?:19|20)\d\d(?![\w])(?![.,/]\d)"
DASH = r"[-\u2010-\u2015]"
# Blanks inside a figure never cross a line.
BLANK = r"[^\S\n]"
_PAPERS = "NQ|QĐ|KH|CT|BC|TB|CV|TTr|KL|HD|NĐ|TT|CTr|ĐA|GM|PA|BB|QC|UBND|HĐND"
# Not inside a word or a number, a code (GN-24) or a road mark (Km13+500); «ngày02/12» lost its space.
START = r"(?:(?<!\w)|(?<=ngày)(?=\d))(?<![^\W\d_]-)(?<!\d[.,/+])"


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
        rf"|\d{{1,5}}{BLANK}?[-/]{BLANK}?(?:{_PAPERS}){BLANK}?[-/]{BLANK}?[A-ZĐ]{{2,}}(?!\w)",
        "Kế hoạch số 51/KH-UBND ngày 01/02/2024",
        "giải quyết 42/87 đơn, 30 tấn/ngày",
    ),
    Pattern(
        "date_words",
        rf"(?i:ngày){BLANK}+\d{{1,2}}{BLANK}+(?i:tháng){BLANK}+\d{{1,2}}(?!\w)(?:{BLANK}*,?{BLANK}*(?i:năm){BLANK}+{YEAR})?",
        "họp ngày 20 tháng 5 năm 2022",
        "trong 20 ngày của tháng 5",
    ),
    Pattern(
        "date",
        rf"\d{{1,2}}{BLANK}?/{BLANK}?\d{{1,2}}{BLANK}?/{BLANK}?(?:(?:19|20)\d\d|\d\d)(?![\w/])"
        rf"|\d{{1,2}}-\d{{1,2}}-{YEAR}|\d{{1,2}}\.\d{{1,2}}\.{YEAR}",
        "trước ngày 30/6/2024",
        "đạt 24,8/63 ha, chỉ tiêu 17.7",
    ),
    Pattern(
        "years",
        rf"(?:(?i:giai{BLANK}+đoạn|nhiệm{BLANK}+kỳ|năm{BLANK}+học|năm){BLANK}+)?(?:(?i:từ){BLANK}+)?(?:(?i:năm){BLANK}+)?"
        rf"(?:19|20)\d\d(?:{BLANK}*{DASH}{BLANK}*|{BLANK}+(?i:đến|tới){BLANK}+(?:(?i:năm){BLANK}+)?){YEAR}",
        "Chương trình giai đoạn 2021 - 2025",
        "năm 2024 giải ngân 95%",
    ),
    Pattern(
        "quarter",
        rf"(?i:quý|qúy){BLANK}*(?:IV|I{{1,3}}|[1-4])(?!\w)(?:(?:{BLANK}*[/-]{BLANK}*|{BLANK}+(?i:năm){BLANK}+|{BLANK}+){YEAR})?",
        "Tổng thu ước quý I/2024",
        "quý khách, quý hiếm, quỹ 4",
    ),
    Pattern(
        "half",
        rf"(?i:nửa|\d{{1,2}}{BLANK}+tháng|(?:ba|sáu|chín){BLANK}+tháng){BLANK}+(?i:đầu|cuối){BLANK}+(?i:năm)(?!\w)(?:{BLANK}+{YEAR})?"
        rf"|(?:\d{{1,2}}|(?i:ba|sáu|chín)){BLANK}+(?i:tháng){BLANK}+(?i:năm){BLANK}+{YEAR}",
        "6 tháng đầu năm 2024",
        "trong 6 tháng chưa giải quyết",
    ),
    Pattern(
        "month",
        rf"(?i:tháng){BLANK}+\d{{1,2}}(?!\w)(?![.,]\d|/\d{{1,2}}(?!\d))"
        rf"(?:(?:{BLANK}*[/-]{BLANK}*|{BLANK}+(?i:năm){BLANK}+){YEAR})?"
        rf"|(?:0?[1-9]|1[0-2])/{YEAR}",
        "hoàn thành trong tháng 10/2024",
        "15 tháng, hằng tháng 5,2% số hộ",
    ),
    Pattern(
        "year",
        rf"(?i:năm){BLANK}+{YEAR}",
        "Kế hoạch năm 2024",
        "trong năm 2.024 hộ nhận tiền",
    ),
    Pattern(
        "ratio",
        rf"{NUMBER}{BLANK}?/{BLANK}?{NUMBER}(?![\w/])"
        rf"|{NUMBER}{BLANK}+(?:trên(?:{BLANK}+tổng{BLANK}+số)?|trong{BLANK}+tổng{BLANK}+số){BLANK}+{NUMBER}(?!\w|{BLANK}*%)",
        "đã giải quyết 42/87 đơn",
        "tiếp 216 lượt/229 công dân",
    ),
    Pattern("number", NUMBER, "bố trí cho 58 dự án", "quốc lộ QL1A, dịch cúm A-H5"),
)


@cache
def scanner() -> re.Pattern[str]:
    """Return the one regular expression of all patterns, each a group of its name."""
    return re.compile(START + "(?:" + "|".join(f"(?P<{p.name}>{p.regex})" for p in PATTERNS) + ")")
