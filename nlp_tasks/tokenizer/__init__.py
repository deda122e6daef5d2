"""Sentences, units, syllables and words, each with its offsets in the text.

Sentences come first, then the units that stay whole (figures, document numbers, abbreviations), then the
words of what is left, by underthesea's model. Tokens and the whitespace between them rebuild the text.
Importing this package loads no model: `words` does so at the first call.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from nlp_tasks.schema import Token
from nlp_tasks.tokenizer.sentences import split_sentences
from nlp_tasks.tokenizer.units import find_units
from nlp_tasks.tokenizer.words import Segmenter, Underthesea, segment

__all__ = ["Tokenizer", "join_words", "split_sentences", "syllables"]


@dataclass(frozen=True, slots=True)
class Tokenizer:
    """Vietnamese words with offsets; figures and abbreviations stay whole.

    Parameters
    ----------
    segmenter : Segmenter
        What cuts text into words; underthesea's model, unless a test brings its own.

    Examples
    --------
    >>> tokenizer = Tokenizer()
    >>> [token.text for token in tokenizer.tokenize("Thu NSNN ước quý I/2024 đạt 113.000 triệu đồng.")]
    ['Thu', 'NSNN', 'ước', 'quý I/2024', 'đạt', '113.000 triệu đồng', '.']
    """

    segmenter: Segmenter = Underthesea()

    def tokenize(self, text: str) -> list[Token]:
        """Cut a text into words.

        Parameters
        ----------
        text : str
            Any text, decomposed Unicode included.

        Returns
        -------
        list of Token
            In order, without overlaps and outer spaces; only whitespace lies between them.
        """
        units = find_units(text)
        tokens: list[Token] = []
        position = 0
        for sentence in split_sentences(text):
            inside = []
            while position < len(units) and units[position].end <= sentence.end:
                inside.append(units[position])
                position += 1
            tokens += segment(sentence, inside, self.segmenter)
        return tokens

    def plain(self, text: str) -> str:
        """Return exactly what ``underthesea.word_tokenize(text, format="text")`` returns.

        Examples
        --------
        >>> Tokenizer().plain("Bồi thường, tái định cư")
        'Bồi_thường , tái định_cư'
        """
        return self.segmenter.plain(text)


_BLANKS = re.compile(r"\s+")
_PIECE = re.compile(r"\S+")


def join_words(tokens: Iterable[Token]) -> str:
    """Write tokens as PhoBERT reads them: spaces between words, ``_`` between the syllables of a word.

    Examples
    --------
    >>> join_words([Token(0, 7, "dự toán"), Token(8, 12, "tỉnh")])
    'dự_toán tỉnh'
    """
    return " ".join(_BLANKS.sub("_", token.text) for token in tokens)


def syllables(text: str) -> list[Token]:
    """Return the pieces between whitespace that hold a letter or a digit.

    They are what lengths are counted in: a summary has at most so many syllables.

    Examples
    --------
    >>> [s.text for s in syllables("đạt 28,1% – vượt")]
    ['đạt', '28,1%', 'vượt']
    """
    pieces = (Token(m.start(), m.end(), m[0]) for m in _PIECE.finditer(text))
    return [piece for piece in pieces if any(char.isalnum() for char in piece.text)]
