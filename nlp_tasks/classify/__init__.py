"""Classifiers of texts, by scikit-learn's verbs; each is stored without code."""

from nlp_tasks.classify.document import Document, TextClassifier, predictions
from nlp_tasks.classify.linear import LinearClassifier
from nlp_tasks.classify.ngrams import LinearSettings

__all__ = ["Document", "LinearClassifier", "LinearSettings", "TextClassifier", "predictions"]
