"""The fast classifier: word and character n-grams and named features into a calibrated linear model.

References
----------
Character n-grams within words for short, misspelt text: Cavnar and Trenkle 1994. Temperature scaling of
the logits, fitted on out-of-fold predictions: Guo et al. 2017, https://arxiv.org/abs/1706.04599.
"""

import json
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Self

import numpy as np
import scipy.sparse as sp
import skops.io
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax, softmax
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold, StratifiedKFold

from nlp_tasks.classify.document import Document
from nlp_tasks.classify.ngrams import LinearSettings, NgramFeatures
from nlp_tasks.errors import ModelError

__all__ = ["LinearClassifier"]

_FORMAT = 1
# What a damaged file makes zipfile, zlib, json and skops raise.
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    KeyError,
    ValueError,
    EOFError,
    NotImplementedError,
    TypeError,
    AttributeError,
    OSError,
)


class LinearClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """N-grams and named features, logistic regression, one temperature.

    Parameters
    ----------
    settings : LinearSettings, optional

    Attributes
    ----------
    classes_ : array of shape (n_labels,)
        The labels, sorted.
    temperature_ : float
        What the logits are divided by; above 1 where the model was over-confident out of fold.
    out_of_fold_ : array of shape (n_documents, n_labels)
        Calibrated out-of-fold probabilities of the training documents, where there are folds; not stored.

    Examples
    --------
    >>> X = [Document({"text": text}) for text in ["lập quy_hoạch", "thu ngân_sách"] * 5]
    >>> model = LinearClassifier(LinearSettings(min_df=1)).fit(X, ["planning", "finance"] * 5)
    >>> str(model.predict([Document({"text": "điều_chỉnh quy_hoạch"})])[0])
    'planning'
    """

    def __init__(self, settings: LinearSettings | None = None) -> None:
        self.settings = settings

    def fit(self, X: Sequence[Document], y: Sequence[str], groups: Sequence[str] | None = None) -> Self:
        """Learn the terms and weights, and the temperature from out-of-fold predictions.

        Parameters
        ----------
        X : sequence of Document, length n_documents
        y : sequence of str, length n_documents
        groups : sequence of str, optional
            Documents of one group (a report, a source) fall into one fold, so that the temperature is
            that of texts by unknown writers.

        Returns
        -------
        self

        Raises
        ------
        ValueError
            If there are fewer than two labels, or the lengths differ.
        """
        settings = self.settings or LinearSettings()
        labels = np.asarray(y, dtype=str)
        if len(X) != len(labels):
            raise ValueError(f"{len(X)} documents but {len(labels)} labels")
        self.classes_ = np.unique(labels)
        if len(self.classes_) < 2:
            raise ValueError(f"at least two labels are needed, not {list(self.classes_)}")
        self.temperature_ = 1.0
        if settings.n_folds:
            logits = self._out_of_fold_logits(X, labels, groups, settings)
            self.temperature_ = _fit_temperature(logits, np.searchsorted(self.classes_, labels))
            self.out_of_fold_ = softmax(logits / self.temperature_, axis=1)
        self._features = NgramFeatures(settings).fit(X)
        self._model = _fit_model(self._features.transform(X), labels, settings)
        return self

    def predict_proba(self, X: Sequence[Document]) -> NDArray[np.float64]:
        """Return calibrated probabilities, an array of shape (n_documents, n_labels)."""
        if not X:
            return np.zeros((0, len(self.classes_)))
        logits = _logits(self._model, self._features.transform(X))
        proba: NDArray[np.float64] = softmax(logits / self.temperature_, axis=1)
        return proba

    def predict(self, X: Sequence[Document]) -> NDArray[np.str_]:
        """Return the most probable label of each document, an array of shape (n_documents,)."""
        labels: NDArray[np.str_] = self.classes_[self.predict_proba(X).argmax(axis=1)]
        return labels

    def contributions(self, document: Document) -> list[tuple[str, str, float]]:
        """Return what each feature of a document adds to the label's lead over the runner-up.

        Parameters
        ----------
        document : Document

        Returns
        -------
        list of (field, term, weight)
            In the order of the columns; a named feature has no field. The weights are calibrated logits;
            together with the labels' own biases they add up to the lead.
        """
        row = self._features.transform([document])
        order = np.argsort(-_logits(self._model, row)[0], kind="stable")
        coef = self._model.coef_
        lead = coef[order[0]] - coef[order[1]] if len(coef) > 1 else coef[0] * (1 if order[0] else -1)
        names = self._features.feature_names
        weights = row.data * lead[row.indices] / self.temperature_
        return [(*names[column], float(weight)) for column, weight in zip(row.indices, weights, strict=True)]

    def _out_of_fold_logits(
        self,
        X: Sequence[Document],
        labels: NDArray[np.str_],
        groups: Sequence[str] | None,
        settings: LinearSettings,
    ) -> NDArray[np.float64]:
        """Predict each fold by a model that has seen neither its texts nor its vocabulary."""
        logits = np.zeros((len(X), len(self.classes_)))
        for train, test in _folds(labels, groups, settings):
            known = np.unique(labels[train])
            if len(known) < 2:
                continue
            features = NgramFeatures(settings).fit([X[i] for i in train])
            model = _fit_model(features.transform([X[i] for i in train]), labels[train], settings)
            columns = np.searchsorted(self.classes_, known)
            # A label that a fold's training part lacks gets a logit that no softmax sees.
            part = np.full((len(test), len(self.classes_)), -30.0)
            part[:, columns] = _logits(model, features.transform([X[i] for i in test]))
            logits[test] = part
        return logits

    def save(self, path: Path) -> None:
        """Store the classifier as one skops file: arrays, strings and a logistic regression."""
        settings = self.settings or LinearSettings()
        state = {
            "format": _FORMAT,
            "settings": json.dumps(asdict(settings)),
            "temperature": float(self.temperature_),
            "model": self._model,
            "features": self._features.state(),
        }
        skops.io.dump(state, path, compression=zipfile.ZIP_DEFLATED, compresslevel=9)

    @classmethod
    def load(cls, path: Path) -> Self:
        """Load a stored classifier; nothing in the file is run.

        Raises
        ------
        ModelError
            If the file is missing, broken, of another format, or holds a type that skops doesn't trust.
        """
        try:
            untrusted = skops.io.get_untrusted_types(file=path)
            if untrusted:
                raise ModelError(
                    f"{path}: tệp mô hình chứa kiểu không được tin cậy ({', '.join(untrusted)}); "
                    "đừng dùng tệp này, hãy chép lại mô hình từ nguồn tin cậy"
                )
            return cls._from_state(skops.io.load(path, trusted=[]), path)
        except FileNotFoundError as error:
            raise ModelError(
                f"{path}: thiếu tệp mô hình; hãy chép lại cả thư mục mô hình", code="missing_model"
            ) from error
        except _BROKEN as error:
            raise ModelError(f"{path}: tệp mô hình bị hỏng; hãy chép lại hoặc huấn luyện lại") from error

    @classmethod
    def _from_state(cls, state: Any, path: Path) -> Self:
        if not isinstance(state, dict) or state.get("format") != _FORMAT:
            raise ModelError(f"{path}: tệp mô hình thuộc phiên bản khác; hãy huấn luyện lại")
        settings = _settings_from(json.loads(state["settings"]))
        classifier = cls(settings)
        classifier._model = state["model"]
        classifier._features = NgramFeatures.from_state(settings, state["features"])
        classifier.classes_ = classifier._model.classes_
        classifier.temperature_ = state["temperature"]
        return classifier


def _settings_from(stored: dict[str, Any]) -> LinearSettings:
    ngrams = {name: tuple(stored[name]) for name in ("ngrams", "char_ngrams")}
    return LinearSettings(**{**stored, **ngrams})


def _folds(
    labels: NDArray[np.str_], groups: Sequence[str] | None, settings: LinearSettings
) -> list[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    if groups is not None and len(set(groups)) >= 2:
        splitter = GroupKFold(min(settings.n_folds, len(set(groups))))
        return list(splitter.split(labels, labels, groups))
    _, counts = np.unique(labels, return_counts=True)
    n_folds = max(2, min(settings.n_folds, int(counts.min())))
    if counts.min() < 2:
        return list(GroupKFold(2).split(labels, labels, np.arange(len(labels)) // 2))
    return list(StratifiedKFold(n_folds, shuffle=True, random_state=settings.seed).split(labels, labels))


def _fit_model(X: sp.csr_matrix, y: NDArray[np.str_], settings: LinearSettings) -> LogisticRegression:
    weight = "balanced" if settings.balanced else None
    model = LogisticRegression(C=settings.C, class_weight=weight, max_iter=1000).fit(X, y)
    # Half the size on disk; the third decimal of a score doesn't move.
    model.coef_ = model.coef_.astype(np.float32)
    return model


def _logits(model: LogisticRegression, X: sp.csr_matrix) -> NDArray[np.float64]:
    """Return logits of shape (n_documents, n_labels), for two labels as well."""
    scores = model.decision_function(X)
    if scores.ndim == 1:
        scores = np.column_stack([np.zeros_like(scores), scores])
    return np.asarray(scores, dtype=np.float64)


def _fit_temperature(logits: NDArray[np.float64], y: NDArray[np.int64]) -> float:
    """Return the temperature in [0.2, 5] with the least log loss."""

    def loss(log_temperature: float) -> float:
        scores = log_softmax(logits / np.exp(log_temperature), axis=1)
        return -float(scores[np.arange(len(y)), y].mean())

    best = minimize_scalar(loss, bounds=(np.log(0.2), np.log(5.0)), method="bounded")
    return float(np.exp(best.x))
