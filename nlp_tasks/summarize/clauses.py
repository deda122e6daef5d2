"""Cuts the fields of a task into clauses, each with its offsets."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from nlp_tasks.figures import find_figures
from nlp_tasks.schema import Figure
from nlp_tasks.summarize.rules import Rules
from nlp_tasks.tokenizer import split_sentences

__all__ = ["Clause", "Field", "Piece", "find_repeat", "read_clauses", "read_field", "trim"]

_SYLLABLE = re.compile(r"\w+")
_SPACED = re.compile(r"\S+")
# Joints: «làm xong; đang» «xong 3 tổ: A» «đã đo, đang lập» «xong – trong đó»; not «28,1» «1:500» «40-BC».
_JOINT = re.compile(r";|[,:](?=\s)|\s[-–—]\s")
_BRACKET = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|“[^“”]*”|«[^«»]*»")
# Bullets: «- Đã đo», «1. Đã đo», «a) Đã đo»; not «2.748 lao động», «15 hộ».
_BULLET = re.compile(r"(?:[\s\-–—+*•·●▪o]*[\-–—+*•·●▪]\s*|\s*\(?\d{1,2}[.)]\s+|\s*[a-zđ]\)\s+)+(?=\S)")
_EDGES = " \t\n\r\u00a0.,;:-–—…/&+"
_NO_VERB = frozenset({"measure", "detail", "cause", "total"})
_RUN = 6  # so many syllables in a row that stand twice are a slip of the writer
_SHORT = 3  # no clause is shorter, unless a semicolon ends it
_LONG = 15  # a clause above this is also cut at the commas of a list


@dataclass(frozen=True, slots=True)
class Field:
    """A field with what its clauses are cut and valued by.

    ``spots`` are the offsets of its syllables ``words``; ``cues`` are offsets with groups, ``verbs`` the
    offsets of what shows a verb. ``closed`` has a 1 where no cut may fall, inside figures and brackets.
    """

    name: str
    text: str
    words: list[str]
    spots: list[int]
    figures: list[Figure]
    cues: list[tuple[int, str]]
    verbs: list[int]
    closed: bytearray

    def index(self, offset: int) -> int:
        """Return the first syllable at or behind an offset."""
        return bisect_left(self.spots, offset)

    def whole(self) -> "Piece":
        """Return the field without bullets, outer marks and what it says twice."""
        start, end = trim(self.text, 0, len(self.text))
        repeat = find_repeat(self.words, self.index(start), self.index(end))
        return Piece(self, start, self.spots[repeat] if repeat < self.index(end) else end)


@dataclass(frozen=True, slots=True)
class Piece:
    """A range of a field, in characters."""

    field: Field
    start: int
    end: int

    @property
    def words(self) -> list[str]:
        """Syllables in small letters."""
        return self.field.words[self.field.index(self.start) : self.field.index(self.end)]

    @property
    def spans(self) -> list[tuple[int, int]]:
        """Where the pieces between spaces stand; their number is the length of a summary."""
        return [match.span() for match in _SPACED.finditer(self.field.text, self.start, self.end)]

    @property
    def figures(self) -> list[Figure]:
        """The figures that begin in it."""
        figures = self.field.figures
        a, b = (bisect_left(figures, at, key=lambda figure: figure.start) for at in (self.start, self.end))
        return figures[a:b]

    @property
    def has_verb(self) -> bool:
        """Whether one of the places of its field that show a verb lies in it."""
        verbs = self.field.verbs
        return bisect_left(verbs, self.end) > bisect_left(verbs, self.start)

    @property
    def cues(self) -> list[tuple[int, str]]:
        """Offset and group of the cues that begin in it."""
        cues = self.field.cues
        a, b = (bisect_left(cues, (at, "")) for at in (self.start, self.end))
        return cues[a:b]


@dataclass(frozen=True, slots=True)
class Clause:
    """A piece that can stand in a summary.

    ``body`` is where it goes on behind its connective; ``hangs`` says that it lacks the clause before it.
    """

    piece: Piece
    sentence: int
    body: int
    hangs: bool


def read_field(name: str, text: str, rules: Rules) -> Field:
    """Find syllables, figures, cues and verbs of a field."""
    matches = list(_SYLLABLE.finditer(text))
    words = [match.group().lower() for match in matches]
    spots = [match.start() for match in matches]
    cues: list[tuple[int, str]] = []
    verbs: list[int] = []
    i = 0
    while i < len(words):
        group, n = rules.phrases["cues"].at(words, i)
        span = range(i, i + (n or 1))
        if group != "none":
            cues += [(spots[i], group)] if n else []
            is_verb = n and group not in _NO_VERB
            verbs += [spots[k] for k in span if words[k] in rules.words["markers"] or (is_verb and k == i)]
        i = span.stop
    figures = find_figures(text, name)
    closed = bytearray(len(text) + 1)
    for start, end in [(f.start, f.end) for f in figures] + [m.span() for m in _BRACKET.finditer(text)]:
        closed[start:end] = b"\1" * (end - start)
    return Field(name, text, words, spots, figures, cues, verbs, closed)


def read_clauses(field: Field, rules: Rules) -> list[Clause]:
    """Return the clauses of a field in their order."""
    clauses: list[Clause] = []
    openings = rules.phrases["openings"]
    for number, sentence in enumerate(split_sentences(field.text)):
        opens = True
        for start, end, hangs in _split(field, sentence.start, sentence.end, rules):
            piece = Piece(field, *trim(field.text, start, end))
            first, last = field.index(piece.start), field.index(piece.end)
            opening = first
            while opening < last and (found := openings.at(field.words, opening))[0] == "connective":
                opening += found[1]
            if opening < last:
                body = piece.start if opening == first else field.spots[opening]
                clauses.append(Clause(piece, number, body, hangs and not opens))
                opens = False
    return clauses


def trim(text: str, start: int, end: int) -> tuple[int, int]:
    """Return a range without bullets at its beginning and marks at its ends."""
    bullet = _BULLET.match(text, start, end)
    start = bullet.end() if bullet else start
    while end > start and text[end - 1] in _EDGES:
        end -= 1
    while start < end and text[start] in _EDGES:
        start += 1
    return start, end


def find_repeat(words: Sequence[str], first: int, last: int) -> int:
    """Return where a run of `_RUN` syllables stands for the second time, ``last`` if nowhere.

    Examples
    --------
    >>> words = "xã đã đo xong 12 hộ xã đã đo xong 12 hộ".split()
    >>> find_repeat(words, 0, len(words))
    6
    """
    seen: dict[tuple[str, ...], int] = {}
    for i in range(first, last - _RUN + 1):
        if seen.setdefault(tuple(words[i : i + _RUN]), i) <= i - _RUN:
            return i
    return last


def _split(field: Field, start: int, end: int, rules: Rules) -> Iterator[tuple[int, int, bool]]:
    """Cut a sentence at its joints and where it begins again: «Xã đã giao đất cho 12 hộ Xã đã giao …»."""
    words, last = field.words, field.index(end)
    first = field.index(start)
    for i in range(first + _RUN, last - _RUN + 1):
        if words[i] == words[first] and words[i : i + _RUN] == words[first : first + _RUN]:
            yield from _split_at_joints(field, start, field.spots[i], rules)
            start, first = field.spots[i], i
    yield from _split_at_joints(field, start, end, rules)


def _split_at_joints(field: Field, start: int, end: int, rules: Rules) -> Iterator[tuple[int, int, bool]]:
    joints = [match.span() for match in _JOINT.finditer(field.text, start, end)]
    joints = [joint for joint in joints if not field.closed[joint[1] - 1]]
    left, hangs = start, False
    for (here, after), (until, _) in pairwise([*joints, (end, end)]):
        kind = _kind(field, left, here, after, until, rules)
        if kind:
            yield left, here, hangs
            left, hangs = after, kind == "hanging"
    yield left, end, hangs


def _kind(field: Field, left: int, here: int, after: int, until: int, rules: Rules) -> str:
    """Return ``hanging`` or ``free`` for what follows a joint, from ``after`` to ``until``; else empty."""
    words, sign = field.words, field.text[here]
    first, i, last = (field.index(at) for at in (left, after, until))
    group = rules.phrases["joints"].at(words, i)[0]
    if sign == ";":
        return group or "free"
    if i - first < _SHORT or last - i < _SHORT:
        return ""
    loose = words[i - 1] in rules.words["no_end"]
    said = Piece(field, left, here).has_verb
    if sign == ":":
        return "" if loose else "hanging" if said else "free"
    if group or not said or sign != ",":
        return group
    stop = field.spots[i + 6] if i + 6 < last else until
    if Piece(field, after, stop).has_verb:  # «đã họp dân, bàn giao mốc»; not «đã mua loa, đèn, ghế đã lắp»
        return "" if "," in field.text[left:here] else "free"
    parallel = words[i] in words[i - 3 : i]  # «mừng Đảng, mừng Xuân»
    return "hanging" if last - first > _LONG and not loose and not parallel and not words[i].isdigit() else ""
