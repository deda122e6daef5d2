"""The table ``nlp_tasks/resources/summary.toml`` in the form in which clauses are cut and valued by it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from nlp_tasks.lexicon import load_table

__all__ = ["Phrases", "Rules", "load_rules"]


class Phrases:
    """Phrases of whole syllables, by group.

    Examples
    --------
    >>> cues = Phrases({"obstacle": ["vướng"], "solved": ["không vướng"]})
    >>> cues.at(["không", "vướng", "gì"], 0), cues.at(["không", "vướng", "gì"], 1)
    (('solved', 2), ('obstacle', 1))
    """

    def __init__(self, groups: Mapping[str, Iterable[str]]) -> None:
        self._groups = {
            tuple(phrase.split()): group for group, phrases in groups.items() for phrase in phrases
        }
        self._longest: dict[str, int] = {}
        for phrase in self._groups:
            self._longest[phrase[0]] = max(len(phrase), self._longest.get(phrase[0], 0))

    def at(self, words: Sequence[str], i: int) -> tuple[str, int]:
        """Return group and length of the longest phrase that starts at syllable ``i``; length 0 if none."""
        longest = self._longest.get(words[i], 0) if i < len(words) else 0
        for n in range(min(longest, len(words) - i), 0, -1):
            group = self._groups.get(tuple(words[i : i + n]))
            if group is not None:
                return group, n
        return "", 0


@dataclass(frozen=True, slots=True)
class Rules:
    """The tables of phrases and of single words, and the weights; the file says what each is for."""

    phrases: Mapping[str, Phrases]
    words: Mapping[str, frozenset[str]]
    weights: Mapping[str, Mapping[str, float]]


@cache
def load_rules() -> Rules:
    """Load the table once."""
    table = load_table("summary")
    return Rules(
        phrases={
            name: Phrases(table[name]) for name in ("cues", "joints", "openings", "goals", "title_ends")
        },
        words={name: frozenset(entries) for name, entries in table["words"].items()},
        weights=table["weights"],
    )
