"""Spacing, tone marks, spelling and abbreviations, for the models' eyes only.

What a reader sees stays as written: every normalised text keeps, for each of its characters, where in
the source it came from, and every change that was made is told as a `Step` that can be replayed.

Each stage is a function from a text to its edits; the stages run in a fixed order, and the last two run
until nothing changes, so that normalising twice is the same as once.
"""

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from nlp_tasks.lexicon import load_table

__all__ = ["Normalized", "NormalizeSettings", "Step", "normalize", "replay"]


@dataclass(frozen=True, slots=True)
class NormalizeSettings:
    """Which stages run.

    Parameters
    ----------
    punctuation : bool
        Fold dashes to ``-`` and quotes to ``"`` and ``'``. Without it the models meet each sign in several
        forms.
    tones : bool
        Put tone marks where most texts have them (hoà -> hòa, thuỷ -> thủy). Without it a word has two
        spellings.
    spelling : bool
        Mend misreadings of scanners by ``resources/spelling.toml``, O and l among digits too. Without it cues
        such as «phân đấu» go unread.
    abbreviations : bool
        Write out ``resources/abbreviations.toml`` (GPMB -> giải phóng mặt bằng). Without it the models must
        have seen the short form.

    Spaces, invisible characters and Unicode composition are always mended.
    """

    punctuation: bool = True
    tones: bool = True
    spelling: bool = True
    abbreviations: bool = True


@dataclass(frozen=True, slots=True)
class Step:
    """One change: at source offset ``start`` the stage ``name`` put ``after`` for ``before``.

    Parameters
    ----------
    name : str
        ``invisible``, ``nfc``, ``space``, ``punctuation``, ``tone``, ``digit``, ``spelling`` or
        ``abbreviation``.
    before, after : str
        What the stage found and what it left; ``before`` may be the work of an earlier step.
    start : int
        Where ``before`` begins in the source.
    """

    name: str
    before: str
    after: str
    start: int


@dataclass(frozen=True, slots=True)
class Normalized:
    """A normalised text with its way back to the source.

    Parameters
    ----------
    text, source : str
        After and before.
    offsets : tuple of int, of length ``len(text) + 1``
        Source offset at which each character of ``text`` begins; never falls; the last one is the end.
    steps : tuple of Step
        What was changed, in order.
    """

    text: str
    source: str
    offsets: tuple[int, ...]
    steps: tuple[Step, ...] = ()

    def to_source(self, start: int, end: int) -> tuple[int, int]:
        """Return the span of the source that ``text[start:end]`` stands for.

        A part of a written-out abbreviation stands for the whole abbreviation.

        Examples
        --------
        >>> result = normalize("công tác GPMB dự án")
        >>> start, end = result.to_source(9, 19)
        >>> result.text[9:19], result.source[start:end]
        ('giải phóng', 'GPMB')
        """
        if end <= start:
            return self.offsets[start], self.offsets[start]
        last = self.offsets[end - 1]
        later = (offset for offset in self.offsets[end:] if offset > last)
        return self.offsets[start], next(later, len(self.source))

    def from_source(self, start: int, end: int) -> tuple[int, int]:
        """Return the span of ``text`` that stands for ``source[start:end]``.

        Examples
        --------
        >>> result = normalize("công tác GPMB dự án")
        >>> start, end = result.from_source(14, 19)
        >>> result.text[start:end]
        'dự án'
        """
        return bisect_left(self.offsets, start), bisect_left(self.offsets, end)


@dataclass(frozen=True, slots=True)
class _Edit:
    start: int
    end: int
    after: str


_Stage = Callable[[str], Iterator[_Edit]]


def normalize(text: str, settings: NormalizeSettings = NormalizeSettings()) -> Normalized:
    """Normalise a text.

    Parameters
    ----------
    text : str
        Any text, decomposed Unicode included.
    settings : NormalizeSettings
        Which stages run.

    Returns
    -------
    Normalized
        The text for the models, with offsets into ``text`` and the steps that led there.

    Examples
    --------
    >>> result = normalize("Phân đấu  hoà giải – GPMB theo 219/BC-UBND")
    >>> result.text
    'Phấn đấu hòa giải - giải phóng mặt bằng theo 219/BC-UBND'
    >>> [(step.name, step.before, step.after) for step in result.steps][-1]
    ('abbreviation', 'GPMB', 'giải phóng mặt bằng')
    """
    result = Normalized(text, text, tuple(range(len(text) + 1)))
    for name, stage in _first_stages(settings):
        result = _apply(result, name, stage)
    # A mended phrase may bring out another one; misreadings overlap at most a few deep.
    for _ in range(_MOST_ROUNDS):
        before = result
        for name, stage in _last_stages(settings):
            result = _apply(result, name, stage)
        if result is before:
            break
    return result


_MOST_ROUNDS = 10


def replay(source: str, steps: Sequence[Step]) -> str:
    """Apply recorded steps to a source text.

    Returns
    -------
    str
        The normalised text that the steps were recorded for.

    Raises
    ------
    ValueError
        If a step doesn't fit, because the steps belong to another text.

    Examples
    --------
    >>> result = normalize("xã  NTM")
    >>> replay(result.source, result.steps) == result.text
    True
    """
    result = Normalized(source, source, tuple(range(len(source) + 1)))
    index = 0
    while index < len(steps):
        # Steps of one stage touch different places: they are applied together, as they were made.
        edits, position = [], 0
        name = steps[index].name
        while index < len(steps) and steps[index].name == name:
            step = steps[index]
            found = _find(result, step, position)
            if found is None:
                break
            edits.append(_Edit(found, found + len(step.before), step.after))
            position = found + len(step.before)
            index += 1
        if not edits:
            raise ValueError(f"step {steps[index]} does not fit the text")
        result = _rewrite(result, name, edits)
    return result.text


def _find(result: Normalized, step: Step, position: int) -> int | None:
    """Where ``step.before`` stands in the text, at the step's source offset and not before ``position``."""
    for i in range(position, len(result.text) + 1):
        if result.offsets[i] > step.start:
            return None
        if result.offsets[i] == step.start and result.text.startswith(step.before, i):
            return i
    return None


def _apply(result: Normalized, name: str, stage: _Stage) -> Normalized:
    edits = [edit for edit in stage(result.text) if result.text[edit.start : edit.end] != edit.after]
    return _rewrite(result, name, edits) if edits else result


def _rewrite(result: Normalized, name: str, edits: Sequence[_Edit]) -> Normalized:
    pieces: list[str] = []
    offsets: list[int] = []
    steps: list[Step] = []
    position = 0
    for edit in edits:
        pieces += result.text[position : edit.start], edit.after
        offsets += result.offsets[position : edit.start]
        offsets += _spread(result, edit)
        before = result.text[edit.start : edit.end]
        steps.append(Step(name, before, edit.after, result.offsets[edit.start]))
        position = edit.end
    pieces.append(result.text[position:])
    offsets += result.offsets[position:]
    return Normalized("".join(pieces), result.source, tuple(offsets), result.steps + tuple(steps))


def _spread(result: Normalized, edit: _Edit) -> Sequence[int]:
    """Offsets for the characters of ``edit.after``: one to one where lengths agree, else all at the start."""
    if len(edit.after) == edit.end - edit.start:
        return result.offsets[edit.start : edit.end]
    return [result.offsets[edit.start]] * len(edit.after)


# Stages that mend characters


def _first_stages(settings: NormalizeSettings) -> Iterator[tuple[str, _Stage]]:
    # Invisible characters go first: one may stand between a letter and its mark and keep them apart.
    yield "invisible", _invisible
    yield "nfc", _nfc
    yield "space", _space
    if settings.punctuation:
        yield "punctuation", _punctuation
    if settings.tones:
        yield "tone", _tone


def _last_stages(settings: NormalizeSettings) -> Iterator[tuple[str, _Stage]]:
    if settings.spelling:
        yield "digit", _digit
        yield "spelling", _spelling
    if settings.abbreviations:
        yield "abbreviation", _abbreviation


# Soft hyphen, zero-width space and joiners, direction marks, byte order mark.
_INVISIBLE = re.compile("[\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]+")
_SPACE = re.compile(r"\s+")
_NO_SPACE_BEFORE = frozenset(",;)")
_FOLDED = {
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-"),
    **dict.fromkeys("“”„‟″«»", '"'),
    **dict.fromkeys("‘’‚‛′", "'"),
}
_PUNCTUATION = re.compile("[" + "".join(_FOLDED) + "]")


def _invisible(text: str) -> Iterator[_Edit]:
    return (_Edit(m.start(), m.end(), "") for m in _INVISIBLE.finditer(text))


def _nfc(text: str) -> Iterator[_Edit]:
    if unicodedata.is_normalized("NFC", text):
        return
    for start, end in _clusters(text):
        yield _Edit(start, end, unicodedata.normalize("NFC", text[start:end]))


def _clusters(text: str) -> Iterator[tuple[int, int]]:
    """Pieces that compose by themselves: a new one begins where a character can't join what is before it."""
    starts = [i for i, char in enumerate(text) if i == 0 or not _joins(char)]
    yield from zip(starts, [*starts[1:], len(text)], strict=True)


def _joins(char: str) -> bool:
    # Hangul vowels and finals, and a few Indic vowel signs, compose though their class is 0.
    return (
        bool(unicodedata.combining(char))
        or unicodedata.category(char) in ("Mc", "Mn")
        or "\u1160" <= char <= "\u11ff"
    )


def _space(text: str) -> Iterator[_Edit]:
    for match in _SPACE.finditer(text):
        start, end = match.span()
        at_edge = start == 0 or end == len(text)
        if at_edge or text[end] in _NO_SPACE_BEFORE or text[start - 1] == "(":
            yield _Edit(start, end, "")
        else:
            yield _Edit(start, end, "\n" if "\n" in match[0] else " ")


def _punctuation(text: str) -> Iterator[_Edit]:
    return (_Edit(m.start(), m.end(), _FOLDED[m[0]]) for m in _PUNCTUATION.finditer(text))


# Tone marks: grave, acute, tilde, hook above, dot below.
_TONES = "\u0300\u0301\u0303\u0309\u0323"
_FINALS = "nmcptiyuo"
# Pairs of vowels whose mark is misplaced. In an open syllable the old style holds (hòa, khỏe, thủy); before
# a final, and after q, the second vowel carries it (hoàn, quý).
_OPEN = ("oa", "oe", "uy")
_CLOSED = ("oa", "oă", "oe", "uy", "iê", "yê", "uô", "ươ", "uâ", "uê")


def _toned(vowel: str, tone: str) -> str:
    return unicodedata.normalize("NFC", vowel + tone)


@cache
def _tone_pairs() -> tuple[dict[str, str], dict[str, str]]:
    """Misplaced -> right, for open and for closed syllables, in small letters."""
    opened = {a + _toned(b, t): _toned(a, t) + b for a, b in map(tuple, _OPEN) for t in _TONES}
    closed = {_toned(a, t) + b: a + _toned(b, t) for a, b in map(tuple, _CLOSED) for t in _TONES}
    # A lost horn: nuớc and nưóc for nước. The vowels uơ and ưo stand before no final.
    closed |= {"u" + _toned("ơ", t): "ư" + _toned("ơ", t) for t in ("", *_TONES)}
    closed |= {"ư" + _toned("o", t): "ư" + _toned("ơ", t) for t in ("", *_TONES)}
    return opened, closed


@cache
def _tone_pattern() -> re.Pattern[str]:
    opened, closed = ("|".join(pairs) for pairs in _tone_pairs())
    after_q = "|".join(_toned("u", tone) + vowel for tone in _TONES for vowel in "aăâeêioôơy")
    # Behind a vowel the pair belongs to no Vietnamese syllable, behind q the u to the consonant (quý, quà).
    return re.compile(
        rf"(?<=q)(?P<q>{after_q})|(?<![aeiouyăâêôơưq])"
        rf"(?:(?P<open>{opened})(?![\w\u0300-\u036f])|(?P<closed>{closed})(?=[{_FINALS}]))"
    )


def _tone(text: str) -> Iterator[_Edit]:
    opened, closed = _tone_pairs()
    for match in _tone_pattern().finditer(_lower(text)):
        after = _second_toned(match[0]) if match["q"] else (opened if match["open"] else closed)[match[0]]
        yield _Edit(match.start(), match.end(), _with_capitals(after, text[match.start() : match.end()]))


def _second_toned(pair: str) -> str:
    """Move the mark from the first vowel to the second: «úy» of «qúy» becomes «uý»."""
    first, tone = tuple(unicodedata.normalize("NFD", pair[0]))
    return first + _toned(pair[1], tone)


def _with_capitals(after: str, before: str) -> str:
    return "".join(a.upper() if b.isupper() else a for a, b in zip(after, before, strict=True))


# Stages that mend words

# A scanner's letters among digits: 2.OOO, 1l5.
_MISREAD_DIGITS = re.compile(r"(?<![^\W\d])\d(?:[\d.,/]|[OoIl](?=[\dOo]|[^\w]|$))*")


def _digit(text: str) -> Iterator[_Edit]:
    for match in _MISREAD_DIGITS.finditer(text):
        if after := _as_digits(match[0]):
            yield _Edit(match.start(), match.end(), after)


def _as_digits(number: str) -> str | None:
    # «10l» may be ten litres: l and I are ones only between digits.
    mended = re.sub(r"(?<=\d)[Oo]+", lambda m: "0" * len(m[0]), number)
    mended = re.sub(r"(?<=[\d])[Il](?=\d)", "1", mended)
    return mended if mended != number else None


def _spelling(text: str) -> Iterator[_Edit]:
    lower = _lower(text)
    table = _spelling_table()
    for match in _spelling_pattern().finditer(lower):
        start, end = match.span()
        right, unless_after, unless_before = table[match[0]]
        # The two tests cost nothing for most entries, whose sets are empty.
        if unless_after and _word_before(lower, start) in unless_after:
            continue
        if unless_before and _word_behind(lower, end) in unless_before:
            continue
        yield _Edit(start, end, _recase(right, text[start:end]))


def _lower(text: str) -> str:
    """Small letters, character by character: «İ» would grow and shift the offsets."""
    lower = text.lower()
    return lower if len(lower) == len(text) else "".join(c if len(c.lower()) > 1 else c.lower() for c in text)


@cache
def _spelling_table() -> dict[str, tuple[str, frozenset[str], frozenset[str]]]:
    """Misread form -> (right form, words that must not be before it, words that must not follow)."""
    table = load_table("spelling")
    nothing: frozenset[str] = frozenset()
    entries = {
        wrong.lower(): (right, nothing, nothing)
        for right, forms in table["spelling"].items()
        for wrong in forms
    }
    for guard in table["guarded"]:
        neighbours = frozenset(guard["unless_after"]), frozenset(guard["unless_before"])
        entries |= {wrong: (guard["right"], *neighbours) for wrong in guard["wrong"]}
    return entries


@cache
def _spelling_pattern() -> re.Pattern[str]:
    return _alternation(_spelling_table())


def _alternation(words: Iterable[str]) -> re.Pattern[str]:
    longest_first = sorted(words, key=len, reverse=True)
    return re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, longest_first)) + r")(?![\w\u0300-\u036f])")


_LAST_WORD = re.compile(r"(\w+)\s$")
_NEXT_WORD = re.compile(r"\s(\w+)")


def _word_before(text: str, position: int) -> str:
    match = _LAST_WORD.search(text, max(0, position - 12), position)
    return match[1] if match else ""


def _word_behind(text: str, position: int) -> str:
    match = _NEXT_WORD.match(text, position)
    return match[1] if match else ""


def _recase(right: str, before: str) -> str:
    """Give the right form the capitals of what it replaces, syllable by syllable; its own stay."""
    if before.isupper():
        return right.upper()
    pairs = zip(right.split(" "), before.split(" "), strict=True)
    return " ".join(new[0].upper() + new[1:] if old[0].isupper() else new for new, old in pairs)


@cache
def _abbreviations() -> dict[str, str]:
    table: dict[str, str] = load_table("abbreviations")["abbreviations"]
    return table


@cache
def _abbreviation_pattern() -> re.Pattern[str]:
    longest_first = sorted(_abbreviations(), key=len, reverse=True)
    # Not in a document number (219/BC-UBND), nor in another short form (HT-TĐC).
    return re.compile(
        r"(?<![\w/&-])(?:" + "|".join(map(re.escape, longest_first)) + r")(?![\w/&\u0300-\u036f]|-\w)"
    )


def _abbreviation(text: str) -> Iterator[_Edit]:
    table = _abbreviations()
    return (_Edit(m.start(), m.end(), table[m[0]]) for m in _abbreviation_pattern().finditer(text))
