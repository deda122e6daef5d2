"""What a classifier reads, what it must offer, and what comes out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol, Self

import numpy as np
from numpy.typing import NDArray

from nlp_tasks.schema import Prediction

__all__ = ["Document", "TextClassifier", "predictions"]


@dataclass(frozen=True, slots=True)
class Document:
    """A text to classify, in named fields, with features that were read off it elsewhere.

    Parameters
    ----------
    fields : mapping of str to str
        Terms parted by single spaces; the syllables of a word may be joined by ``_``.
    values : mapping of str to float
        Named features of about [0, 1]; a missing name counts as 0.
    """

    fields: Mapping[str, str]
    values: Mapping[str, float] = field(default_factory=dict)


class TextClassifier(Protocol):
    """What every classifier offers."""

    classes_: NDArray[np.str_]

    def fit(self, X: Sequence[Document], y: Sequence[str], groups: Sequence[str] | None = None) -> Self:
        """Learn from documents and their labels; documents of one group never part ways."""
        ...

    def predict_proba(self, X: Sequence[Document]) -> NDArray[np.float64]:
        """Return an array of shape (n_documents, n_labels) whose rows sum to 1."""
        ...

    def save(self, path: Path) -> None:
        """Store the classifier in one file that runs no code when it is loaded."""
        ...


def predictions(classes: NDArray[np.str_], proba: NDArray[np.float64], digits: int = 4) -> list[Prediction]:
    """Turn rows of probabilities into predictions, rounded so that they don't depend on the machine.

    Parameters
    ----------
    classes : array of shape (n_labels,)
    proba : array of shape (n_documents, n_labels)
    digits : int
        Decimal places that are kept.

    Returns
    -------
    list of Prediction

    Examples
    --------
    >>> predictions(np.array(["blocked", "done"]), np.array([[0.25, 0.75]]))[0].label
    'done'
    """
    rounded = np.round(proba, digits)
    best = rounded.argmax(axis=1)
    labels = [str(label) for label in classes]
    return [
        Prediction(labels[index], float(row[index]), dict(zip(labels, map(float, row), strict=True)))
        for index, row in zip(best, rounded, strict=True)
    ]
