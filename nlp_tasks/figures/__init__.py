"""Amounts, percents, ratios, areas, counts, dates, periods and document numbers as typed values.

One scan over the text: a regular expression of named alternatives (`patterns`) says what begins at a
number or at a word of time; a small function for each name (`builders`) says whether it really is one, and
what it is worth. What a number counts is looked up in ``resources/units.toml`` (`units`). Then neighbours
lend each other what only one of them says (`ranges`).

Numbers follow the Vietnamese style (`numbers`): «.» parts thousands, «,» is the decimal sign.
"""

import re
from dataclasses import replace
from typing import cast

from nlp_tasks.figures.builders import BUILDERS
from nlp_tasks.figures.numbers import parse_number
from nlp_tasks.figures.patterns import NUMBER, PATTERNS, scanner
from nlp_tasks.figures.ranges import share_units
from nlp_tasks.figures.units import base_amount
from nlp_tasks.schema import Figure

__all__ = ["PATTERNS", "base_amount", "find_figures", "parse_number"]

_NUMBER_AT = re.compile(NUMBER)


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
    figures = share_units(text, _scan(text))
    return [replace(figure, field=field) for figure in figures] if field else figures


def _scan(text: str) -> list[Figure]:
    figures: list[Figure] = []
    search, position = scanner().search, 0
    while match := search(text, position):
        number = _NUMBER_AT.match(text, match.start())
        figure = _build(text, match, number)
        if figure is not None:
            figures.append(figure)
            position = figure.end
        else:
            position = number.end() if number else match.start() + 1
    return figures


def _build(text: str, match: re.Match[str], number: re.Match[str] | None) -> Figure | None:
    """Make what the pattern promises; what is no date or ratio after all may still be a number."""
    name = cast(str, match.lastgroup)
    figure = BUILDERS[name](text, match.start(), match.end())
    if figure is None and number and name != "number":
        return BUILDERS["number"](text, number.start(), number.end())
    return figure
