"""Loads the tables of ``nlp_tasks/resources/``: cues, headers, abbreviations, spellings.

The tables are data, so that a user of another office can read and extend them; this module is the
only one that knows where they lie and checks their form.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib import resources
from typing import Any

__all__ = ["Phrases", "load_table"]

_HIDDEN = ""  # the name of a compound
# Marks between syllables count too: «phòng, chống» is a phrase, «đất, nước» is not «đất nước».
_SYLLABLE = re.compile(r"[\w-]+|[^\w\s]")


@cache
def load_table(name: str) -> dict[str, Any]:
    """Load ``nlp_tasks/resources/<name>.toml``.

    Parameters
    ----------
    name : str
        The table's name, without the ending.

    Returns
    -------
    dict
        The parsed TOML; callers must not change it, since it is shared.

    Raises
    ------
    FileNotFoundError
        If the package was installed without its resource files.

    Examples
    --------
    >>> load_table("abbreviations")["abbreviations"]["GPMB"]
    'giải phóng mặt bằng'
    """
    text = resources.files("nlp_tasks").joinpath("resources", f"{name}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


class Phrases:
    """Phrases under names, found in a text by their syllables: the longest that begins at a syllable wins.

    Words of ``resources/compounds.toml`` hide the phrases within them: «công trình» is no «trình».

    Parameters
    ----------
    names : mapping of str to sequence of str
        The phrases of each name, in small letters; a phrase under two names belongs to the first.

    Examples
    --------
    >>> phrases = Phrases({"waste": ["môi trường"], "school": ["trường"]})
    >>> [name for name, _, _ in phrases.find("Trường học và môi trường")]
    ['school', 'waste']
    """

    def __init__(self, names: Mapping[str, Sequence[str]]) -> None:
        self._by_first: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        known: dict[tuple[str, ...], str] = {}
        for name, phrases in [*names.items(), (_HIDDEN, load_table("compounds")["compounds"])]:
            for phrase in phrases:
                known.setdefault(tuple(_SYLLABLE.findall(phrase)), name)
        for syllables in sorted(known, key=len, reverse=True):
            self._by_first.setdefault(syllables[0], []).append((syllables, known[syllables]))

    def find(self, text: str) -> Iterator[tuple[str, int, int]]:
        """Yield the name, start and end of each phrase in order, without overlaps."""
        found = [(match[0], *match.span()) for match in _SYLLABLE.finditer(text.lower())]
        syllables = tuple(syllable for syllable, _, _ in found)
        position = 0
        while position < len(found):
            for phrase, name in self._by_first.get(syllables[position], ()):
                if syllables[position : position + len(phrase)] == phrase:
                    if name != _HIDDEN:
                        yield name, found[position][1], found[position + len(phrase) - 1][2]
                    position += len(phrase)
                    break
            else:
                position += 1
