"""Small questions about a line of a report that several readers ask."""

import html
import re
import unicodedata
from functools import cache, lru_cache

from nlp_tasks.lexicon import load_table

__all__ = [
    "BARE_NUMBER",
    "HEADING",
    "UPPER",
    "ends_sentence",
    "fold",
    "is_closing",
    "is_heading",
    "nested",
    "phrases",
    "starts_page",
    "starts_section",
    "strip_markup",
]

UPPER = "A-ZĐÀÁÂÃÈÉÊÌÍÒÓÔÕÙÚÝĂĨŨƠƯẠẢẤẦẨẪẬẮẰẲẴẶẸẺẼẾỀỂỄỆỈỊỌỎỐỒỔỖỘỚỜỞỠỢỤỦỨỪỬỮỰỲỴỶỸ"
"""The capital letters of Vietnamese, for a character class: a range such as À-Ỹ holds small ones too."""

HEADING = re.compile(
    rf"(?:[IVXLC]{{1,6}}|[A-HĐ])(?:\s*[.)/]\s*|\s*[-–]\s+)(?=[{UPPER}][{UPPER}\w ])"
    r"|(?:Phần|PHẦN)\s+(?i:thứ\s+\w+|[IVX]+\b|\d|[A-Z]\b)\s*[.:-]?\s*"
)
"""«I. Lĩnh vực kinh tế», «A. KẾT QUẢ», «PHẦN THỨ NHẤT. KẾT QUẢ»; not «V.v.», «I-ốt …» nor «Phần lớn»."""

_BLOCK_TAGS = re.compile(r"\s*(?:</?(?:p|div|br|li|ul|ol|h[1-6])\b[^<>]*>\s*)+", re.IGNORECASE)
_INLINE_TAG = re.compile(r"</?(?:i|b|u|em|strong|span|font|sup|sub|a)\b[^<>]*>", re.IGNORECASE)
_FINISHED = re.compile(r"[.;:!?…]['\"”’)]*$")
_D = str.maketrans("đĐ", "dD")
_MAX_HEADING_SYLLABLES = 30

BARE_NUMBER = re.compile(r"\(?(?:\d{1,3}(?:\.\d{1,2})*|[IVXLC]{1,6}|[A-ZĐ]|[a-zđ])[.)/]?\)?|[-+*•–]")
"""A cell that holds a row's number, letter or dash and nothing else: «1.2», «(IV)», «-»."""


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """Return a text in lower case, without diacritics and with single spaces, for comparing wordings.

    Examples
    --------
    >>> fold("  Số  TT: Kết Quả ĐẠT ")
    'so tt: ket qua dat'
    """
    letters = (c for c in unicodedata.normalize("NFD", text.translate(_D)) if not unicodedata.combining(c))
    return " ".join("".join(letters).casefold().split())


@cache
def phrases(table: str, key: str) -> tuple[str, ...]:
    """Return a list of ``resources/headers.toml``, folded.

    Examples
    --------
    >>> phrases("roles", "number")
    ('so tt', 'stt', 'tt', 'so thu tu')
    """
    return tuple(map(fold, load_table("headers")[table][key]))


def strip_markup(text: str) -> str:
    """Take out the tags and marks that text recognition leaves; «tỷ lệ <10%» keeps its sign.

    Examples
    --------
    >>> strip_markup("<p>Tỷ lệ <i>hộ nghèo</i> &lt; 10%, **dưới** <5%</p>")
    'Tỷ lệ hộ nghèo < 10%, dưới <5%'
    """
    text = _INLINE_TAG.sub("", _BLOCK_TAGS.sub(" ", text.replace("**", "")))
    return unicodedata.normalize("NFC", html.unescape(text)).strip()


def is_closing(line: str) -> bool:
    """Tell whether a line closes the report: «Nơi nhận:», «TM. UỶ BAN NHÂN DÂN».

    Examples
    --------
    >>> is_closing("Nơi nhận: - Như trên"), is_closing("1. Lập quy hoạch")
    (True, False)
    """
    return fold(line[:80]).startswith(phrases("closing", "openers"))


def is_heading(line: str) -> bool:
    """Tell whether a line is a heading by its number or its wording.

    Examples
    --------
    >>> is_heading("I. Lĩnh vực kinh tế"), is_heading("LĨNH VỰC KINH TẾ"), is_heading("1. Lập quy hoạch")
    (True, True, False)
    """
    if len(line.split()) > _MAX_HEADING_SYLLABLES:
        return False
    return HEADING.match(line) is not None or starts_section(line)


def starts_section(line: str) -> bool:
    """Tell whether a line opens like a heading and is no sentence: «Lĩnh vực kinh tế».

    Examples
    --------
    >>> starts_section("Lĩnh vực kinh tế:"), starts_section("Lĩnh vực y tế: đã khám cho 500 người.")
    (True, False)
    """
    line = line.strip().rstrip(":")
    sentence = not line[:1].isupper() or re.search(r"[.:;]", line)
    return not sentence and fold(line[:80]).startswith(phrases("sections", "openers"))


def starts_page(line: str) -> bool:
    """Tell whether a line is a page's head or foot: «Báo cáo của UBND huyện Cao Lộc», «Trang 3».

    Examples
    --------
    >>> starts_page("BIỂU SỐ 2"), starts_page("Văn hóa - xã hội")
    (True, False)
    """
    return fold(line[:80]).startswith(phrases("pages", "openers"))


def ends_sentence(text: str) -> bool:
    """Tell whether a text stops where a sentence or a clause may.

    Examples
    --------
    >>> ends_sentence("chọn xong nhà thầu;"), ends_sentence("Đã ban hành kế hoạch và")
    (True, False)
    """
    return _FINISHED.search(text) is not None


def nested(section: str, title: str) -> str:
    """Return the heading of what stands below a title inside a section.

    Examples
    --------
    >>> nested("I. Kinh tế", "2. Đầu tư công"), nested("", "2. Đầu tư công")
    ('I. Kinh tế › 2. Đầu tư công', '2. Đầu tư công')
    """
    return f"{section} › {title}" if section else title
