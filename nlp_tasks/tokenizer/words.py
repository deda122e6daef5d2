"""The one door to underthesea: words of a sentence, brought back to offsets in the text.

The model has learnt from newspapers. It glues «đồng» of an amount to the next word («đồng bằng») and
abbreviations to their neighbours («NSNN ước»). So it reads a short number in place of each figure, and a
word that reaches over the border of a unit is cut there.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol, cast

from nlp_tasks.schema import Token

__all__ = ["Segmenter", "Underthesea", "segment"]


class Segmenter(Protocol):
    """What cuts a sentence into words; a test may bring its own."""

    def words(self, sentence: str) -> list[str]:
        """Return the words, whose characters without spaces are those of the sentence."""
        ...

    def plain(self, text: str) -> str:
        """Return the words of the text with ``_`` inside and spaces between."""
        ...


@dataclass(frozen=True, slots=True)
class Underthesea:
    """`underthesea.word_tokenize`, pinned in ``pyproject.toml``; imported at the first call."""

    def words(self, sentence: str) -> list[str]:
        """Return the words of a sentence, their characters as written.

        Examples
        --------
        >>> Underthesea().words("Bồi thường, tái định cư")
        ['Bồi thường', ',', 'tái', 'định cư']
        """
        from underthesea import word_tokenize

        return cast(list[str], word_tokenize(sentence, use_token_normalize=False))

    def plain(self, text: str) -> str:
        """Return what underthesea returns by itself, as text."""
        from underthesea import word_tokenize

        return cast(str, word_tokenize(text, format="text"))


# Read by the model in place of a figure: any short number will do.
_PLACEHOLDER = "15"
_IS_FIGURE = re.compile(r"\d|\s")


@dataclass(frozen=True, slots=True)
class _Piece:
    """A run of non-space characters as the model sees it, with the text's span behind each character."""

    text: str
    spans: Sequence[tuple[int, int]]
    is_unit: bool


def segment(sentence: Token, units: Iterable[Token], segmenter: Segmenter) -> list[Token]:
    """Cut a sentence into words.

    Parameters
    ----------
    sentence : Token
        A span of the text.
    units : iterable of Token
        The units inside it, in order, with offsets in the same text.
    segmenter : Segmenter
        What knows words.

    Returns
    -------
    list of Token
        Words and units, with offsets in the text.
    """
    pieces = list(_pieces(sentence, units))
    words = segmenter.words(" ".join(piece.text for piece in pieces))
    spans = [span for piece in pieces for span in piece.spans]
    ends = _word_ends(words, len(spans)) or _piece_ends(pieces)
    return [_token(sentence, spans[start:end]) for start, end in _cut(pieces, ends)]


def _pieces(sentence: Token, units: Iterable[Token]) -> Iterator[_Piece]:
    position = 0
    for unit in units:
        start, end = unit.start - sentence.start, unit.end - sentence.start
        yield from _plain_pieces(sentence, position, start)
        # An abbreviation is read as it stands, since it is a noun and a number in its place would mislead.
        shown = _PLACEHOLDER if _IS_FIGURE.search(unit.text) else unit.text
        yield _Piece(shown, [(unit.start, unit.end)] * len(shown), is_unit=True)
        position = end
    yield from _plain_pieces(sentence, position, len(sentence.text))


_RUN = re.compile(r"\S+")


def _plain_pieces(sentence: Token, start: int, end: int) -> Iterator[_Piece]:
    for match in _RUN.finditer(sentence.text, start, end):
        text, spans = _composed(match[0], sentence.start + match.start())
        yield _Piece(text, spans, is_unit=False)


def _composed(text: str, start: int) -> tuple[str, list[tuple[int, int]]]:
    """Compose the text, as the model needs it, and tell the source span of each character."""
    if unicodedata.is_normalized("NFC", text):
        return text, [(i, i + 1) for i in range(start, start + len(text))]
    bases = [i for i, char in enumerate(text) if i == 0 or not unicodedata.combining(char)]
    shown: list[str] = []
    spans: list[tuple[int, int]] = []
    for base, end in zip(bases, [*bases[1:], len(text)], strict=True):
        composed = unicodedata.normalize("NFC", text[base:end])
        # What doesn't compose into one sign is shown by its letter, so that no token starts with a mark.
        shown.append(composed[0])
        spans.append((start + base, start + end))
    return "".join(shown), spans


def _word_ends(words: Iterable[str], length: int) -> list[int]:
    """Where words end, counted in non-space characters; empty if the model has lost or added any."""
    ends, position = [], 0
    for word in words:
        position += len("".join(word.split()))
        ends.append(position)
    return ends if position == length else []


def _piece_ends(pieces: Iterable[_Piece]) -> list[int]:
    ends, position = [], 0
    for piece in pieces:
        position += len(piece.text)
        ends.append(position)
    return ends


def _cut(pieces: Iterable[_Piece], ends: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Words as ranges of non-space characters: cut at the borders of units, never inside one."""
    borders = set(ends)
    position = 0
    for piece in pieces:
        start, position = position, position + len(piece.text)
        if piece.is_unit:
            borders -= set(range(start + 1, position))
            borders |= {start, position}
    borders.discard(0)
    start = 0
    for end in sorted(borders):
        yield start, end
        start = end


def _token(sentence: Token, spans: Sequence[tuple[int, int]]) -> Token:
    start, end = spans[0][0], spans[-1][1]
    return Token(start, end, sentence.text[start - sentence.start : end - sentence.start])
