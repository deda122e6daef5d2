"""The labelled corpus -> split by source -> fit -> figures -> a model folder."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import accuracy_score, f1_score, precision_recall_fscore_support

from nlp_tasks.classify import Document, LinearClassifier, LinearSettings
from nlp_tasks.errors import SchemaError
from nlp_tasks.pipeline import AT_RISK, FORMAT, Analysis, analyse
from nlp_tasks.schema import LabelledTask, Status
from nlp_tasks.store import read_labelled

__all__ = [
    "SETTINGS",
    "Corpus",
    "Trained",
    "calibration_error",
    "load_corpus",
    "review_thresholds",
    "save_models",
    "train_models",
]

_STATUS = LinearSettings(
    field_weights={"title": 0.7, "result": 1.5, "plan": 0.3},
    word_weight=0.0,
    syllable_weight=0.7,
    char_weight=0.0,
    value_weight=0.25,
    C=8.0,
    balanced=False,
    n_folds=9,
)
SETTINGS = {
    "domain": LinearSettings(
        field_weights={"title": 1.5, "result": 1.0, "plan": 0.6},
        word_weight=0.0,
        char_weight=0.0,
        value_weight=0.25,
        n_folds=9,
    ),
    "status": _STATUS,
    "risk": _STATUS,
}
"""What a task is about stands in its title, how it stands in its result.

Chosen on c against r1-r6 and on r against c; status without class weights, since the shares of the labels in
the corpus are nearer to reality than equal ones.
"""

_REVIEW_TARGETS = {"domain": 0.98, "status": 0.95}
# What costs an office most is a stuck task that is called finished.
_NEVER: dict[str, str] = {Status.DONE: Status.BLOCKED}
_NO_SCORE = 1.01


@dataclass(frozen=True, slots=True)
class Corpus:
    """Labelled tasks, analysed, each with the source (the writer) that it comes from."""

    labelled: tuple[LabelledTask, ...]
    analyses: tuple[Analysis, ...]
    sources: tuple[str, ...]

    def labels(self, name: str) -> NDArray[np.str_]:
        """Return ``domain`` or ``status`` of every task, an array of shape (n_tasks,)."""
        return np.array([getattr(task, name) for task in self.labelled])

    def documents(self, name: str) -> list[Document]:
        """Return what the classifier of that name reads of every task."""
        return [a.domain_document if name == "domain" else a.status_document for a in self.analyses]


@dataclass(frozen=True, slots=True)
class Trained:
    """The three classifiers, the review thresholds and the out-of-fold figures."""

    classifiers: Mapping[str, LinearClassifier]
    thresholds: Mapping[str, Mapping[str, float]]
    figures: Mapping[str, Any]


def load_corpus(folder: Path) -> Corpus:
    """Read and analyse all labelled files of a folder.

    Parameters
    ----------
    folder : Path
        Holds ``*.jsonl`` files, and ``sources.json`` with the files that are of one writer.

    Raises
    ------
    SchemaError
        If a row is not what the annotation guideline wants, or the folder holds no corpus.
    """
    paths = sorted(path for path in folder.glob("*.jsonl") if not path.name.endswith(".reports.jsonl"))
    if not paths:
        raise SchemaError(f"{folder}: không có tệp dữ liệu nào (*.jsonl)")
    writers = folder / "sources.json"
    same = json.loads(writers.read_text(encoding="utf-8")) if writers.exists() else {}
    labelled = [(task, same.get(path.stem, path.stem)) for path in paths for task in read_labelled(path)]
    return Corpus(
        labelled=tuple(task for task, _ in labelled),
        analyses=tuple(analyse(task.task) for task, _ in labelled),
        sources=tuple(source for _, source in labelled),
    )


def train_models(corpus: Corpus) -> Trained:
    """Fit the domain, status and risk classifiers; figures come from folds of whole sources.

    Parameters
    ----------
    corpus : Corpus

    Returns
    -------
    Trained
    """
    going_on = np.flatnonzero(corpus.labels("status") == Status.ON_TRACK)
    risk = np.array([AT_RISK[0] if task.at_risk else AT_RISK[1] for task in corpus.labelled])
    rows = {"domain": np.arange(len(risk)), "status": np.arange(len(risk)), "risk": going_on}
    labels = {"domain": corpus.labels("domain"), "status": corpus.labels("status"), "risk": risk}
    classifiers: dict[str, LinearClassifier] = {}
    figures: dict[str, Any] = {}
    thresholds: dict[str, dict[str, float]] = {}
    for name, settings in SETTINGS.items():
        documents = corpus.documents(name)
        y = labels[name][rows[name]]
        sources = [corpus.sources[i] for i in rows[name]]
        classifier = LinearClassifier(settings).fit([documents[i] for i in rows[name]], list(y), sources)
        classifiers[name] = classifier
        figures[name] = _figures(y, classifier)
        if name in _REVIEW_TARGETS:
            target = _REVIEW_TARGETS[name]
            thresholds[name] = review_thresholds(y, classifier, target, _NEVER if name == "status" else None)
            figures[name]["review"] = {"target": target, **_coverage(y, classifier, thresholds[name])}
    return Trained(classifiers, thresholds, figures)


def _figures(y: NDArray[np.str_], classifier: LinearClassifier) -> dict[str, Any]:
    proba = classifier.out_of_fold_
    classes = classifier.classes_
    predicted = classes[proba.argmax(axis=1)]
    precision, recall, f1, support = precision_recall_fscore_support(
        y, predicted, labels=classes, zero_division=0
    )
    return {
        "n_tasks": len(y),
        "accuracy": round(float(accuracy_score(y, predicted)), 4),
        "macro_f1": round(float(f1_score(y, predicted, average="macro")), 4),
        "calibration_error": round(calibration_error(y, classes, proba), 4),
        "temperature": round(classifier.temperature_, 3),
        "labels": {
            str(label): {
                "precision": round(float(precision[i]), 3),
                "recall": round(float(recall[i]), 3),
                "f1": round(float(f1[i]), 3),
                "n_tasks": int(support[i]),
            }
            for i, label in enumerate(classes)
        },
    }


def _coverage(
    y: NDArray[np.str_], classifier: LinearClassifier, thresholds: Mapping[str, float]
) -> dict[str, float]:
    """Return the share of rows above their label's threshold, and the share of right ones among them."""
    scores = classifier.out_of_fold_.max(axis=1)
    predicted = classifier.classes_[classifier.out_of_fold_.argmax(axis=1)]
    kept = scores >= np.array([thresholds[label] for label in predicted])
    right = predicted == y
    surest = np.argsort(-scores, kind="stable")[: round(0.9 * len(scores))]
    return {
        "coverage": round(float(kept.mean()), 3),
        "accuracy": round(float(right[kept].mean()), 4) if kept.any() else 0.0,
        "accuracy_at_90_percent": round(float(right[surest].mean()), 4),
    }


def calibration_error(
    y: NDArray[np.str_], classes: NDArray[np.str_], proba: NDArray[np.float64], n_bins: int = 10
) -> float:
    """Return the expected calibration error of the predicted labels.

    Parameters
    ----------
    y : array of shape (n_tasks,)
    classes : array of shape (n_labels,)
    proba : array of shape (n_tasks, n_labels), rows sum to 1
    n_bins : int
        Bins of equal width over [0, 1].

    Returns
    -------
    float
        Mean distance between score and share of right labels, weighted by the bins' sizes.

    References
    ----------
    Naeini et al. 2015, «Obtaining Well Calibrated Probabilities Using Bayesian Binning».

    Examples
    --------
    >>> classes = np.array(["a", "b"])
    >>> proba = np.array([[0.75, 0.25]] * 4)
    >>> calibration_error(np.array(["a", "a", "a", "b"]), classes, proba)
    0.0
    """
    scores = proba.max(axis=1)
    right = classes[proba.argmax(axis=1)] == y
    bins = np.minimum((scores * n_bins).astype(int), n_bins - 1)
    gaps = [
        abs(scores[bins == b].mean() - right[bins == b].mean()) * (bins == b).mean() for b in np.unique(bins)
    ]
    return float(sum(gaps))


def review_thresholds(
    y: Sequence[str] | NDArray[np.str_],
    classifier: LinearClassifier,
    target: float,
    never: Mapping[str, str] | None = None,
) -> dict[str, float]:
    """Return for each predicted label the lowest score that may stand without a review.

    Parameters
    ----------
    y : sequence of str, length n_tasks
        The labels that the classifier was fitted on.
    classifier : LinearClassifier
        Freshly fitted, so that it has ``out_of_fold_``.
    target : float
        In [0, 1]: the share of the unreviewed rows of each label that has to be right.
    never : mapping of str to str, optional
        A label, and what must not hide under it: its threshold lies above every out-of-fold task of the
        second label that was called the first.

    Returns
    -------
    dict of str to float
        Rounded to two places; 1.01, which no score reaches, where no threshold does.

    References
    ----------
    Conformal risk control for a selective classifier, label by label: of n rows above the threshold k are
    wrong, and (k + 1) / (n + 1) may not exceed 1 - target. Angelopoulos et al. 2022,
    https://arxiv.org/abs/2208.02814.
    """
    scores = classifier.out_of_fold_.max(axis=1)
    predicted = classifier.classes_[classifier.out_of_fold_.argmax(axis=1)]
    truth = np.asarray(y)
    thresholds = {}
    for label in classifier.classes_:
        here = predicted == label
        lowest = _lowest_score(scores[here], truth[here] == label, 1 - target)
        worst = scores[here & (truth == (never or {}).get(str(label), ""))]
        thresholds[str(label)] = max([lowest, *(round(float(score) + 0.01, 2) for score in worst)])
    return thresholds


def _lowest_score(scores: NDArray[np.float64], right: NDArray[np.bool_], risk: float) -> float:
    for threshold in (step / 100 for step in range(100)):
        kept = scores >= threshold
        if (np.count_nonzero(~right[kept]) + 1) / (np.count_nonzero(kept) + 1) <= risk:
            return threshold
    return _NO_SCORE


def save_models(trained: Trained, folder: Path, corpus_folder: Path) -> None:
    """Write a model folder: three skops files and ``config.json``.

    Parameters
    ----------
    trained : Trained
    folder : Path
        Made if it isn't there; files of the same names are replaced.
    corpus_folder : Path
        The training data, whose hash goes into the configuration.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name, classifier in trained.classifiers.items():
        classifier.save(folder / f"{name}.skops")
    config = {
        "format": FORMAT,
        "thresholds": trained.thresholds,
        "figures": trained.figures,
        "settings": {name: asdict(c.settings or LinearSettings()) for name, c in trained.classifiers.items()},
        "labels": {name: [str(label) for label in c.classes_] for name, c in trained.classifiers.items()},
        "data_sha256": _hash(corpus_folder),
        "libraries": {name: version(name) for name in ("scikit-learn", "skops", "numpy", "underthesea")},
    }
    text = json.dumps(config, ensure_ascii=False, indent=2)
    (folder / "config.json").write_text(text + "\n", encoding="utf-8")


def _hash(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(folder.glob("*.json*")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()
