"""Shortens titles and clauses, and writes the chosen pieces as one sentence."""

import re
from collections.abc import Iterable

from nlp_tasks.schema import Span, Summary
from nlp_tasks.summarize.clauses import Field, Piece, trim
from nlp_tasks.summarize.rules import Rules

__all__ = ["find_titles", "shorten", "write"]

# A title may end before «; …», «. …», «: …», « (…»; not at a comma, which may be one of an enumeration.
_TITLE_END = re.compile(r"[;:.](?=\s|$)|\s\(")
_LEAST = 4  # no shortened title has fewer syllables
_OPENING = re.compile(r"(\w+)(\s+\w+)?")
_STRAY = re.compile(r"\s*[,;:]\s*(?=[,;:.](?:\s|$))|\s+(?=[,;:.](?:\s|$))")  # «xong ; , đang»; not «1:500»
_BRACKET = re.compile(r"(\([^()]*\)|\[[^\[\]]*\]|“[^“”]*”|«[^«»]*»)|[()\[\]“”«»]")  # in pairs or loose
_EDGES = " .,;:-–—…/&+"


def find_titles(field: Field, rules: Rules) -> list[Piece]:
    """Return the title without its goal words, whole and cut before deadlines, the shortest first."""
    whole = field.whole()
    first, last = field.index(whole.start), field.index(whole.end)
    opening = _skip_goals(field, first, last, rules)
    start = field.spots[opening] if opening > first else whole.start
    cuts = [match.start() for match in _TITLE_END.finditer(field.text, start, whole.end)]
    ends = rules.phrases["title_ends"]
    cuts += [field.spots[i] for i in range(opening, last) if ends.at(field.words, i)[1]]
    ranges = {trim(field.text, start, cut) for cut in cuts if not field.closed[cut]}
    pieces = [piece for piece in (Piece(field, a, b) for a, b in ranges) if len(piece.words) >= _LEAST]
    pieces.append(Piece(field, *trim(field.text, start, whole.end)))
    return sorted((piece for piece in pieces if piece.spans), key=lambda piece: piece.end)


def _skip_goals(field: Field, i: int, last: int, rules: Rules) -> int:
    """Return the syllable behind «Tiếp tục thực hiện …»."""
    goals = rules.phrases["goals"]
    while True:
        group, n = goals.at(field.words, i)
        # Without «phấn đấu», «phấn đấu xã đạt chuẩn» would be told as done.
        aim = group == "aim" and not goals.at(field.words, i + n)[1]
        if not n or aim or i + n > last - 3 or "," in field.text[field.spots[i] : field.spots[i + n]]:
            return i
        i += n


def shorten(piece: Piece, key: int, budget: int, rules: Rules) -> Piece:
    """Return at most ``budget`` spans in a row that hold offset ``key`` and end in no loose word."""
    field, spans = piece.field, piece.spans
    at = next((i for i, (_, end) in enumerate(spans) if key < end), 0)
    wanted = at if field.closed[key] else min(len(spans) - 1, at + min(6, budget // 2))
    first = min(max(0, wanted - budget + 1), at)
    stop = min(first + budget, len(spans))
    if stop < len(spans):
        ends = range(max(wanted, first + budget // 2), stop)
        stop = next((i + 1 for i in reversed(ends) if field.text[spans[i][1] - 1] in ",;"), stop)
        while stop > max(first, at) + 1 and _is_loose(field, *spans[stop - 1], rules):
            stop -= 1
    start, end = trim(field.text, spans[first][0], spans[stop - 1][1])
    return Piece(field, start, end) if start < end else Piece(field, *spans[first])


def _is_loose(field: Field, start: int, end: int, rules: Rules) -> bool:
    word = field.text[start:end].strip(_EDGES).lower()
    return not word or word in rules.words["no_end"] or bool(field.closed[end])


def write(parts: Iterable[tuple[str, Piece]], rules: Rules) -> Summary:
    """Join pieces, each with the sign before it; tidy the sentence and keep where its pieces came from."""
    sentence = ""
    sources = []
    for sign, piece in parts:
        text = piece.field.text[piece.start : piece.end]
        sources.append(Span(piece.field.name, piece.start, piece.end, text))
        sentence += f"{sign} {_lower_first(text, rules)}" if sentence else text
    return Summary(_tidy(sentence), tuple(sources))


def _lower_first(text: str, rules: Rules) -> str:
    """Take a sentence's capital away: «Tỉnh đã duyệt»; not «Hà Nội đã duyệt», «UBND xã», «Huế thu»."""
    opening = _OPENING.match(text)
    if opening is None or not opening[1].istitle() or opening[1] in rules.words["proper"]:
        return text
    is_name = (opening[2] or "").strip().istitle() and opening[1].lower() not in rules.words["common"]
    small = text[0].lower()
    return text if is_name or small.upper() != text[0] else small + text[1:]


def _tidy(sentence: str) -> str:
    """Return the sentence with balanced brackets, a capital and one full stop."""
    flat = " ".join(_BRACKET.sub(_keep_pair, " ".join(sentence.split())).split())
    bare = _STRAY.sub("", flat).strip(_EDGES)
    if not bare:
        return " ".join(sentence.split())
    capital = bare[0].upper()
    return (capital if capital.lower() == bare[0] else bare[0]) + bare[1:] + "."


def _keep_pair(match: re.Match[str]) -> str:
    """Keep a pair of brackets; a loose one goes, or leaves a dash where it stood between two letters."""
    around = match.string[match.start() - 1 : match.start()], match.string[match.end() : match.end() + 1]
    return match[1] or ("-" if all(sign.isalnum() for sign in around) else "")
