"""What the viewer says, in Vietnamese or English, and how it writes numbers, dates and periods."""

import re
from dataclasses import dataclass
from typing import Any

from nlp_tasks.assets import domain_names, status_names
from nlp_tasks.lexicon import load_table

__all__ = ["LANGUAGES", "Texts", "markdown_escaped"]

LANGUAGES = {"vi": "Tiếng Việt", "en": "English"}
"""The languages of the viewer by their own names, the first one shown first."""

_QUARTERS = {"1": "I", "2": "II", "3": "III", "4": "IV"}
_PERIODS = {
    "quarter": re.compile(r"(?P<year>\d{4})-Q(?P<n>[1-4])"),  # 2024-Q1, not 2024-Q5
    "half_1": re.compile(r"(?P<year>\d{4})-H1"),  # 2024-H1, not 2024-H2
    "half_2": re.compile(r"(?P<year>\d{4})-H2"),  # 2024-H2, not 2024-H1
    "months": re.compile(r"(?P<year>\d{4})-(?P<n>\d{1,2})M"),  # 2024-9M, not 2024-09
    "month": re.compile(r"(?P<year>\d{4})-(?P<n>\d{2})"),  # 2024-05, not 2024-5M
    "year": re.compile(r"(?P<year>\d{4})"),  # 2024, not 2024-05
}
_MARKDOWN = re.compile(r"([!-/:-@\[-`{-~])")  # all ASCII punctuation: «*», «:», «<»; not letters


@dataclass(frozen=True)
class Texts:
    """The strings of one language; calling it gives one of them.

    Parameters
    ----------
    language : {"vi", "en"}

    Examples
    --------
    >>> Texts("vi")("overview"), Texts("en")("found", n=1, total=2)
    ('Tổng quan', '1 / 2 tasks. Click a row to open it.')
    """

    language: str = "vi"

    def __call__(self, key: str, **values: object) -> str:
        """Return the string of this key, with the words in braces filled in."""
        return str(self._table[key]).format(**values)

    @property
    def _table(self) -> dict[str, Any]:
        return dict(load_table("viewer")[self.language])

    def status(self, label: str) -> str:
        """Return the name of a status; a label that isn't known stays as it is."""
        return status_names(self.language).get(label, label)

    def domain(self, label: str) -> str:
        """Return the name of a domain; a label of another taxonomy stays as it is."""
        return domain_names(self.language).get(label, label)

    def kind(self, kind: str) -> str:
        """Return the name of what a figure counts."""
        return str(self._table["kinds"].get(kind, kind))

    def number(self, value: float, digits: int = 4) -> str:
        """Write a number as the language does, with at most so many digits after the comma.

        Examples
        --------
        >>> Texts("vi").number(1234.5), Texts("en").number(1234.5), Texts("vi").number(113000.0)
        ('1.234,5', '1,234.5', '113.000')
        """
        written = f"{value:,.{digits}f}"
        if "." in written:
            written = written.rstrip("0").rstrip(".")
        return written if self.language == "en" else written.translate(str.maketrans(",.", ".,"))

    def percent(self, share: float) -> str:
        r"""Write a share of 1 as a percentage with one digit.

        Examples
        --------
        >>> Texts("vi").percent(0.982), Texts("en").percent(0.982), Texts("vi").percent(1.0)
        ('98,2\xa0%', '98.2%', '100\xa0%')
        """
        return self.number(100 * share, digits=1) + ("%" if self.language == "en" else "\N{NO-BREAK SPACE}%")

    def date(self, iso: str) -> str:
        """Write an ISO date as day/month/year; anything else stays as it is.

        Examples
        --------
        >>> Texts("vi").date("2024-03-15"), Texts("vi").date("tháng 3")
        ('15/03/2024', 'tháng 3')
        """
        match = re.fullmatch(r"(\d{4})-(\d{2})-(\d{2})", iso)
        return f"{match[3]}/{match[2]}/{match[1]}" if match else iso

    def period(self, period: str) -> str:
        """Write a reporting period in words; anything else stays as it is.

        Examples
        --------
        >>> Texts("vi").period("2024-Q1"), Texts("vi").period("2024-05"), Texts("en").period("2024-9M")
        ('Quý I/2024', 'Tháng 5/2024', 'First 9 months of 2024')
        """
        for key, pattern in _PERIODS.items():
            if match := pattern.fullmatch(period):
                n = match.groupdict().get("n", "").lstrip("0")
                n = _QUARTERS.get(n, n) if key == "quarter" and self.language == "vi" else n
                return self(key, n=n, year=match["year"])
        return period


def markdown_escaped(text: str) -> str:
    r"""Return the text so that Streamlit's Markdown shows it as it is.

    Examples
    --------
    >>> print(markdown_escaped("a_b*.jsonl :red[x]"))
    a\_b\*\.jsonl \:red\[x\]
    """
    return _MARKDOWN.sub(r"\\\1", text)
