"""Domain, status and risk on texts by writers that the model has not seen, beside simpler ways.

Run `make benchmark-labels` (or `python benchmarks/labels.py`); it takes some twenty minutes on two cores. All
models see the same data in the same run. A source is one file of data/corpus; c6 and c8 are one. No seed:
nothing in any of the models is random.

The settings and tables were chosen with r1-r6 and r13-r15 against the rest, and on r against c. r19-r21 were
measured only when they had been chosen, and none of their errors was read.
"""

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, confusion_matrix, f1_score
from sklearn.pipeline import make_pipeline

from nlp_tasks.classify import LinearClassifier
from nlp_tasks.pipeline import AT_RISK
from nlp_tasks.schema import Status
from nlp_tasks.tokenizer import Tokenizer, join_words
from nlp_tasks.training import SETTINGS, Corpus, calibration_error, load_corpus

CORPUS = Path(__file__).parent.parent / "data" / "corpus"
Rows = NDArray[np.int64]
Folds = list[tuple[Rows, Rows]]


@dataclass(frozen=True)
class Predicted:
    """What a model says of the test rows of all folds, in the order of the folds."""

    rows: Rows
    classes: NDArray[np.str_]
    proba: NDArray[np.float64]

    @property
    def labels(self) -> NDArray[np.str_]:
        """The most probable label of each row."""
        labels: NDArray[np.str_] = self.classes[self.proba.argmax(axis=1)]
        return labels


def ours(corpus: Corpus, name: str, folds: Folds, *, calibrated: bool = False) -> Predicted:
    """Predict by the classifier of models/fast, trained on each fold's own rows alone."""
    documents, y = corpus.documents(name), corpus.labels(name)
    parts = []
    for train, test in folds:
        settings = SETTINGS[name] if calibrated else replace(SETTINGS[name], n_folds=0)
        model = LinearClassifier(settings)
        model.fit([documents[i] for i in train], list(y[train]), [corpus.sources[i] for i in train])
        parts.append(model.predict_proba([documents[i] for i in test]))
    return Predicted(_tested(folds), np.unique(y), np.concatenate(parts))


def plain(corpus: Corpus, name: str, folds: Folds, texts: list[str] | None = None) -> Predicted:
    """Predict by TF-IDF(1,2) and logistic regression (C=10, balanced) over the joined text."""
    texts = texts or [" ".join((t.task.title, t.task.result, t.task.plan)) for t in corpus.labelled]
    y = corpus.labels(name)
    parts = []
    for train, test in folds:
        model = make_pipeline(
            TfidfVectorizer(ngram_range=(1, 2)),
            LogisticRegression(C=10, max_iter=2000, class_weight="balanced"),
        )
        model.fit([texts[i] for i in train], y[train])
        parts.append(model.predict_proba([texts[i] for i in test]))
    return Predicted(_tested(folds), np.unique(y), np.concatenate(parts))


def words(corpus: Corpus, name: str, folds: Folds) -> Predicted:
    """Predict as `plain`, over the words that underthesea finds in place of syllables."""
    tokenizer = Tokenizer()
    tasks = [labelled.task for labelled in corpus.labelled]
    texts = [
        " ".join(join_words(tokenizer.tokenize(text)) for text in (t.title, t.result, t.plan)) for t in tasks
    ]
    return plain(corpus, name, folds, texts)


def majority(corpus: Corpus, name: str, folds: Folds) -> Predicted:
    """Predict the most frequent label of the training rows."""
    y = corpus.labels(name)
    classes = np.unique(y)
    parts = []
    for train, test in folds:
        shares = np.array([(y[train] == label).mean() for label in classes])
        parts.append(np.tile(shares, (len(test), 1)))
    return Predicted(_tested(folds), classes, np.concatenate(parts))


def keywords(corpus: Corpus, name: str, folds: Folds) -> Predicted:
    """Predict by the cues alone: an obstacle is blocked, something done and nothing open is done."""
    y = corpus.labels(name)
    classes, rows = np.unique(y), _tested(folds)
    if name == "domain":
        return majority(corpus, name, folds)
    proba = np.zeros((len(rows), len(classes)))
    for row, index in enumerate(rows):
        hits = corpus.analyses[index].reading.hits
        facts = {hit.kind for hit in hits if hit.field == "result" and hit.scope == "fact"}
        done = facts & {"done", "reached"} and not facts & {"not_yet", "ongoing", "partial"}
        label = Status.BLOCKED if "obstacle" in facts else Status.DONE if done else Status.ON_TRACK
        proba[row, list(classes).index(label)] = 1.0
    return Predicted(rows, classes, proba)


def at_risk(corpus: Corpus, folds: Folds, status: Predicted) -> float:
    """Return F1 of `at_risk`, put together as the pipeline does it."""
    truth = np.array([labelled.at_risk for labelled in corpus.labelled])
    y, documents = corpus.labels("status"), corpus.documents("risk")
    late = []
    for train, test in folds:
        going_on = train[y[train] == Status.ON_TRACK]
        labels = [AT_RISK[0] if truth[i] else AT_RISK[1] for i in going_on]
        model = LinearClassifier(replace(SETTINGS["risk"], n_folds=0))
        model.fit([documents[i] for i in going_on], labels)
        late.append(model.predict([documents[i] for i in test]) == AT_RISK[0])
    predicted = (status.labels == Status.BLOCKED) | (
        (status.labels == Status.ON_TRACK) & np.concatenate(late)
    )
    return float(f1_score(truth[status.rows], predicted))


def splits(corpus: Corpus) -> dict[str, Folds]:
    """Return the folds of each line of the table."""
    sources = np.array(corpus.sources)
    rows = np.arange(len(sources))
    written = np.char.startswith(sources, "c")
    number = np.array([int(source[1:]) for source in sources])
    pages = [~written & (number > first) & (number <= first + 3) for first in range(0, 21, 3)]
    last = ~written & (number >= 19)
    return {
        "one source left out": [(rows[sources != s], rows[sources == s]) for s in np.unique(sources)],
        "c → r": [(rows[written], rows[~written])],
        "r → c": [(rows[~written], rows[written])],
        "three files of r left out": [(rows[~part], rows[part]) for part in pages],
        "r19–r21 left out": [(rows[~last], rows[last])],
    }


def _tested(folds: Folds) -> Rows:
    return np.concatenate([test for _, test in folds])


MODELS: dict[str, Callable[[Corpus, str, Folds], Predicted]] = {
    "most frequent label": majority,
    "cues alone": keywords,
    "TF-IDF(1,2) + LR": plain,
    "the same, underthesea's words": words,
    "models/fast": ours,
}
_USUAL = ("TF-IDF(1,2) + LR", "models/fast")
_MODELS_OF = {
    "c → r": tuple(MODELS),
    "r19–r21 left out": tuple(MODELS),
    "one source left out": ("models/fast",),  # forty folds: the others would take half an hour
}


def main(wanted: str = "") -> None:
    """Print the tables; with an argument, only the lines whose name contains it."""
    corpus = load_corpus(CORPUS)
    print("| split | label | model | n | accuracy | macro-F1 |\n|---|---|---|---|---|---|")
    for line, folds in splits(corpus).items():
        if wanted in line:
            _print_line(corpus, line, folds)
    for line in ("three files of r left out", "r19–r21 left out"):
        if wanted in line:
            _print_details(corpus, line, splits(corpus)[line])


def _print_line(corpus: Corpus, line: str, folds: Folds) -> None:
    for name in ("domain", "status"):
        y = corpus.labels(name)
        for title, model in MODELS.items():
            if title not in _MODELS_OF.get(line, _USUAL):
                continue
            predicted = model(corpus, name, folds)
            accuracy = accuracy_score(y[predicted.rows], predicted.labels)
            f1 = f1_score(y[predicted.rows], predicted.labels, average="macro")
            print(
                f"| {line} | {name} | {title} | {len(predicted.rows)} | {accuracy:.3f} | {f1:.3f} |",
                flush=True,
            )


def _print_details(corpus: Corpus, line: str, folds: Folds) -> None:
    """Print scores, coverage, lengths and costs of models/fast on one split."""
    print(f"\n{line}, models/fast:")
    predicted = {name: ours(corpus, name, folds, calibrated=True) for name in ("domain", "status")}
    for name, found in predicted.items():
        y = corpus.labels(name)[found.rows]
        right = found.labels == y
        order = np.argsort(-found.proba.max(axis=1), kind="stable")
        curve = [
            f"{share:.0%} {right[order[: round(share * len(y))]].mean():.3f}" for share in (0.5, 0.7, 0.9, 1)
        ]
        print(f"- {name}: calibration error {calibration_error(y, found.classes, found.proba):.3f}")
        print(f"- {name}: accuracy of the surest {', '.join(curve)}")
        for title, rows in _by_length(corpus, found.rows):
            print(f"- {name}, {title}: {right[rows].mean():.3f} of {np.count_nonzero(rows)}")
    status = predicted["status"]
    y = corpus.labels("status")[status.rows]
    print(f"- at_risk: F1 {at_risk(corpus, folds, status):.3f}")
    print(f"- {', '.join(status.classes)} by predicted: {confusion_matrix(y, status.labels).tolist()}")


def _by_length(corpus: Corpus, rows: Rows) -> Iterator[tuple[str, NDArray[np.bool_]]]:
    tasks = [corpus.labelled[i].task for i in rows]
    lengths = np.array([len(f"{t.title} {t.result} {t.plan}".split()) for t in tasks])
    yield "under 40 syllables", lengths < 40
    yield "40 to 80", (lengths >= 40) & (lengths <= 80)
    yield "over 80", lengths > 80


if __name__ == "__main__":
    main(*sys.argv[1:])
