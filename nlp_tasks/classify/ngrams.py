"""Documents -> a sparse matrix: TF-IDF of word and character n-grams by field, and named features."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal, Self

import numpy as np
import scipy.sparse as sp
from sklearn.feature_extraction import DictVectorizer
from sklearn.feature_extraction.text import TfidfVectorizer

from nlp_tasks.classify.document import Document

__all__ = ["LinearSettings", "NgramFeatures"]

_DIGITS = re.compile(r"\d[\d.,/-]*")
Kind = Literal["word", "syllable", "char"]


@dataclass(frozen=True, slots=True)
class LinearSettings:
    """How the linear classifier looks at a text.

    Parameters
    ----------
    field_weights : mapping of field to float
        The fields that are read. A higher weight makes a field's terms cheaper for the model to rely on.
    word_weight, syllable_weight, char_weight : float
        The same for each kind of n-gram; 0 leaves the kind out. Words tell «quy_hoạch» from its
        syllables, syllables don't depend on the segmentation, characters forgive misread letters.
    value_weight : float
        The same for the named features, which are few and dense: a low weight leaves the n-grams a say.
    ngrams : (int, int)
        Shortest and longest n-gram of words and of syllables.
    char_ngrams : (int, int)
        The same of characters, within words.
    min_df : int
        Terms in fewer training documents are dropped; character n-grams need one more.
    C : float
        Inverse strength of the L2 penalty: higher follows the training data more closely.
    balanced : bool
        Whether rare labels weigh as much as frequent ones; without it the model keeps the shares of the
        training data, and its scores need no correction for them.
    n_folds : int
        Folds of the out-of-fold predictions that fit the temperature; 0 leaves the scores uncalibrated,
        which is enough where only the labels count.
    seed : int
        Seed of the folds where no groups are given.
    """

    field_weights: Mapping[str, float] = field(default_factory=lambda: {"text": 1.0})
    word_weight: float = 0.5
    syllable_weight: float = 1.0
    char_weight: float = 0.5
    value_weight: float = 1.0
    ngrams: tuple[int, int] = (1, 2)
    char_ngrams: tuple[int, int] = (2, 5)
    min_df: int = 2
    C: float = 10.0
    balanced: bool = True
    n_folds: int = 5
    seed: int = 0

    def __post_init__(self) -> None:
        if self.C <= 0 or self.min_df < 1 or self.n_folds < 0 or self.n_folds == 1:
            raise ValueError("C must be positive, min_df at least 1 and n_folds 0 or at least 2")
        if not self.field_weights or not any(self.kind_weights.values()):
            raise ValueError("at least one field and one kind of n-gram need a weight")

    @property
    def kind_weights(self) -> dict[Kind, float]:
        """The weight of each kind of n-gram."""
        return {"word": self.word_weight, "syllable": self.syllable_weight, "char": self.char_weight}


class NgramFeatures:
    """The vectorisers of all fields side by side, and the named features.

    Parameters
    ----------
    settings : LinearSettings
    """

    def __init__(self, settings: LinearSettings) -> None:
        self.settings = settings
        self.vectorizers: list[tuple[str, Kind, TfidfVectorizer]] = [
            (name, kind, self._new(kind))
            for kind, weight in settings.kind_weights.items()
            if weight
            for name in settings.field_weights
        ]
        self.names = DictVectorizer()

    def _new(self, kind: Kind, vocabulary: Sequence[str] | None = None) -> TfidfVectorizer:
        settings = self.settings
        if kind == "char":
            return TfidfVectorizer(
                lowercase=False,
                analyzer="char_wb",
                ngram_range=settings.char_ngrams,
                min_df=settings.min_df + (settings.min_df > 1),
                sublinear_tf=True,
                vocabulary=vocabulary,
            )
        return TfidfVectorizer(
            lowercase=False,
            token_pattern=r"\S+",
            ngram_range=settings.ngrams,
            min_df=settings.min_df,
            sublinear_tf=True,
            vocabulary=vocabulary,
        )

    def fit(self, X: Sequence[Document]) -> Self:
        """Learn the terms of each field; a field in which no term is frequent enough drops out."""
        kept = []
        for name, kind, vectorizer in self.vectorizers:
            try:
                vectorizer.fit(_texts(_folded(X, name), kind))
            except ValueError:  # as in a column that is always empty
                continue
            kept.append((name, kind, vectorizer))
        self.vectorizers = kept
        self.names.fit([document.values for document in X])
        return self

    def transform(self, X: Sequence[Document]) -> sp.csr_matrix:
        """Return a matrix of shape (n_documents, n_features)."""
        texts = {name: _folded(X, name) for name in {name for name, _, _ in self.vectorizers}}
        parts = [
            vectorizer.transform(_texts(texts[name], kind)) * self._weight(name, kind)
            for name, kind, vectorizer in self.vectorizers
        ]
        values = self.names.transform([document.values for document in X]) * self.settings.value_weight
        return sp.hstack([*parts, values]).tocsr()

    @cached_property
    def feature_names(self) -> list[tuple[str, str]]:
        """Field and term of each column; a named feature has no field."""
        terms = [
            (name, str(term))
            for name, _, vectorizer in self.vectorizers
            for term in vectorizer.get_feature_names_out()
        ]
        return [*terms, *(("", str(name)) for name in self.names.get_feature_names_out())]

    def _weight(self, name: str, kind: Kind) -> float:
        return self.settings.field_weights[name] * self.settings.kind_weights[kind]

    def state(self) -> dict[str, Any]:
        """Return what `from_state` needs, each vocabulary as one string: skops stores a dict tenfold."""
        return {
            "vectorizers": [
                {
                    "field": name,
                    "kind": kind,
                    "terms": "\n".join(vectorizer.get_feature_names_out()),
                    "idf": vectorizer.idf_.astype(np.float32),
                }
                for name, kind, vectorizer in self.vectorizers
            ],
            "names": "\n".join(self.names.get_feature_names_out()),
        }

    @classmethod
    def from_state(cls, settings: LinearSettings, state: dict[str, Any]) -> Self:
        """Rebuild the features from their stored state."""
        features = cls(settings)
        features.vectorizers = []
        for part in state["vectorizers"]:
            vectorizer = features._new(part["kind"], part["terms"].split("\n"))
            vectorizer.idf_ = part["idf"].astype(np.float64)
            features.vectorizers.append((part["field"], part["kind"], vectorizer))
        names = [name for name in state["names"].split("\n") if name]
        features.names.fit([dict.fromkeys(names, 0.0)])
        return features


def _folded(X: Sequence[Document], name: str) -> list[str]:
    """Return a field of all documents in lower case, numbers folded to «0»."""
    return [_DIGITS.sub("0", document.fields.get(name, "").lower()) for document in X]


def _texts(folded: list[str], kind: Kind) -> list[str]:
    """Return texts as a vectoriser wants them: only words keep the ``_`` between their syllables."""
    return folded if kind == "word" else [text.replace("_", " ") for text in folded]
