"""Where sentences end: at . ! ? … and at line breaks, not at semicolons, abbreviations or list numbers."""

import re
from collections.abc import Iterator
from functools import cache

from nlp_tasks.lexicon import load_table
from nlp_tasks.schema import Token

__all__ = ["split_sentences"]

# The stop with the quotes and brackets that it closes.
_STOP = re.compile(r"(?:[.!?…]+[\"”’»)\]]*)(?=\s|$)|\n|(?<=[^\W\dA-Z]{2})\.(?=[A-ZĐÀ-Ỹ][^\W\dA-Z])")
# «1.», «- 2.», «IV.», «a.» at the start of a sentence.
_NUMBER_OF_ITEM = re.compile(r"\s*(?:[-+•*]\s?)?(?:\d{1,3}(?:\.\d{1,2})*|[IVX]{1,5}|[a-zđA-ZĐ])\.")
_LAST_PIECE = re.compile(r"[^\s(\"“«,;:/-]*$")
_NEXT = re.compile(r"[ \t\u00a0]*(\S?)")


def split_sentences(text: str) -> list[Token]:
    """Cut a text into sentences.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    list of Token
        In order, without outer spaces; together they hold all that isn't whitespace.

    Notes
    -----
    A full stop inside a number, after an abbreviation (TP., ThS.) or after the number of an item at the start
    of a sentence ends nothing, nor does one before a small letter.

    Examples
    --------
    >>> [s.text for s in split_sentences("1. Đã duyệt. Thu 2.500 tỷ; TP. Lạng Sơn giao sau.")]
    ['1. Đã duyệt.', 'Thu 2.500 tỷ; TP. Lạng Sơn giao sau.']
    """
    bounds = [*_ends(text), len(text)]
    starts = [0, *bounds[:-1]]
    spans = (_strip(text, start, end) for start, end in zip(starts, bounds, strict=True))
    return [Token(start, end, text[start:end]) for start, end in spans if start < end]


def _ends(text: str) -> Iterator[int]:
    start = 0
    for match in _STOP.finditer(text):
        if _is_end(text, start, match):
            start = match.end()
            yield start


def _is_end(text: str, start: int, match: re.Match[str]) -> bool:
    stop = match[0][0]
    if stop in "\n!?":
        return True
    following = _following(text, match.end())
    if following.islower():
        return False
    if stop == "…" or match[0].startswith("..") or not following:
        return True
    before_names, anywhere = _abbreviations()
    last = _last_piece(text, start, match.start())
    if last in before_names:
        return False
    item = _NUMBER_OF_ITEM.match(text, start)
    return last in anywhere or item is None or item.end() <= match.start()


def _following(text: str, position: int) -> str:
    """Return the next sign on the line, or nothing."""
    match = _NEXT.match(text, position)
    return match[1] if match else ""


def _last_piece(text: str, start: int, end: int) -> str:
    match = _LAST_PIECE.search(text[max(start, end - 16) : end])
    return match[0] if match else ""


@cache
def _abbreviations() -> tuple[frozenset[str], frozenset[str]]:
    dotted = load_table("abbreviations")["dotted"]
    return frozenset(dotted["before_a_name"]), frozenset(dotted["anywhere"])


def _strip(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    return start, end
