"""Spans that stay whole, whatever the words around them: figures, document numbers, abbreviations."""

import re
from functools import cache

from nlp_tasks.figures import find_figures
from nlp_tasks.lexicon import load_table
from nlp_tasks.schema import Figure, FigureKind, Token

__all__ = ["find_units"]

# Short forms with a hyphen, a stroke or an ampersand inside: KT-XH, P.CT, NN&PTNT; not Rọ Khoang-Rọ Phải.
_LINKED = r"[A-ZĐ][A-ZĐa-z]{0,3}(?:[-/&.][A-ZĐ]{2,}\w?)+|[A-ZĐ]{2,}(?:[-/&][A-ZĐ]+)+"
_NUMBER = re.compile(r"\d[\dO]*(?:[.,][\dO]+)*")


def find_units(text: str) -> list[Token]:
    """Find what the tokenizer must not cut.

    Parameters
    ----------
    text : str
        The whole text: a figure needs its context.

    Returns
    -------
    list of Token
        In order, without overlaps. A count keeps its number only: «58 dự án» is «58» and words.

    Examples
    --------
    >>> [unit.text for unit in find_units("Thu NSNN quý I/2024 của 58 dự án KT-XH")]
    ['NSNN', 'quý I/2024', '58', 'KT-XH']
    """
    units = [_of_figure(text, figure) for figure in find_figures(text)]
    taken = {position for unit in units for position in range(unit.start, unit.end)}
    for match in _short_forms().finditer(text):
        if taken.isdisjoint(range(match.start(), match.end())):
            units.append(Token(match.start(), match.end(), match[0]))
    return sorted(units, key=lambda unit: unit.start)


def _of_figure(text: str, figure: Figure) -> Token:
    if figure.kind is not FigureKind.COUNT:
        return Token(figure.start, figure.end, figure.text)
    number = _NUMBER.match(text, figure.start)
    end = number.end() if number else figure.end
    return Token(figure.start, end, text[figure.start : end])


@cache
def _short_forms() -> re.Pattern[str]:
    known = sorted(load_table("abbreviations")["abbreviations"], key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{_LINKED}|{'|'.join(map(re.escape, known))})(?![\w\u0300-\u036f])")
