"""Why a label: the terms and findings that raised it over the runner-up, with their weights."""

import re
from collections.abc import Mapping
from functools import cache

from nlp_tasks.classify import Document, LinearClassifier
from nlp_tasks.lexicon import load_table
from nlp_tasks.schema import Reason

__all__ = ["explain"]

_MOST = 6
_LEAST = 0.05  # logits; what weighs less says nothing


def explain(about: str, classifier: LinearClassifier, document: Document) -> tuple[Reason, ...]:
    """Return what carried a label, the heaviest first.

    Parameters
    ----------
    about : str
        What the label is of, copied into the reasons: ``domain``, ``status`` or ``at_risk``.
    classifier : LinearClassifier
    document : Document

    Returns
    -------
    tuple of Reason
        At most six, each for the label (positive weight) or against it (negative).
    """
    found: dict[tuple[str, str], float] = {}
    for field, term, weight in classifier.contributions(document):
        key = (field, term) if field else ("", _finding(term))
        found[key] = found.get(key, 0.0) + weight
    heaviest = sorted(found.items(), key=lambda item: (-abs(item[1]), item[0]))[:_MOST]
    return tuple(
        Reason(about, field, term, round(weight, 2))
        for (field, term), weight in heaviest
        if abs(weight) >= _LEAST
    )


@cache
def _findings() -> Mapping[re.Pattern[str], str]:
    return {re.compile(pattern): text for pattern, text in load_table("findings")["findings"]}


@cache
def _finding(name: str) -> str:
    """Return the words for a named feature; its name where a model brings one that no pattern knows."""
    return next((text for pattern, text in _findings().items() if pattern.match(name)), name)
