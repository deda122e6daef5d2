"""What a classifier reads of a text: its syllables, marks and typed figures.

«đạt 28,1% dự toán, 42/87 đơn» says the same of every year and place once the numbers are gone: each figure
becomes its kind, with its unit behind it where it has one, so that the models learn «<percent> dự toán» and
not the numbers of one report.
"""

import re
from collections.abc import Sequence

from nlp_tasks.normalize import Normalized
from nlp_tasks.schema import Figure, FigureKind

__all__ = ["text_terms"]

_TERM = re.compile(r"<\w+>|\d[\d.,/-]*|[^\W\d]+|[^\w\s]")
_COUNTED = (FigureKind.MONEY, FigureKind.COUNT, FigureKind.AREA)


def text_terms(normalized: Normalized, figures: Sequence[Figure]) -> str:
    """Return the terms of a text, parted by single spaces, in small letters.

    Parameters
    ----------
    normalized : Normalized
    figures : sequence of Figure
        Those of the text, in source offsets and in order.

    Returns
    -------
    str

    Examples
    --------
    >>> from nlp_tasks.figures import find_figures
    >>> from nlp_tasks.normalize import normalize
    >>> text = "Thu 113.000 triệu đồng, bằng 28,1% dự toán"
    >>> text_terms(normalize(text), find_figures(text))
    'thu <money> triệu đồng , bằng <percent> dự toán'
    """
    pieces = []
    position = 0
    for figure in figures:
        start, end = normalized.from_source(figure.start, figure.end)
        if start < position:  # two figures within one written-out abbreviation
            continue
        unit = figure.unit if figure.kind in _COUNTED else ""
        pieces += [normalized.text[position:start], f" <{figure.kind.value}> {unit} "]
        position = end
    pieces.append(normalized.text[position:])
    return " ".join(_TERM.findall("".join(pieces).lower()))
