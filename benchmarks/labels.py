"""Domain and status on texts by writers that the model has not seen, beside plain TF-IDF.

Run `make benchmark-labels` (or `python benchmarks/labels.py`); it takes some minutes on two cores. Both
models see the same data in the same run. A source is one file of data/corpus; c6 and c8 are one. No seed:
nothing in either model is random.

The settings of the model were chosen with c1-c8 against c9-c16 both ways and on r against c. The errors of
c against r were read once while the cues were written, so that line is not wholly unseen.
"""

import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, f1_score
from sklearn.pipeline import make_pipeline

from nlp_tasks.classify import LinearClassifier
from nlp_tasks.training import SETTINGS, Corpus, load_corpus

CORPUS = Path(__file__).parent.parent / "data" / "corpus"
Rows = NDArray[np.int64]


def plain(corpus: Corpus, name: str, train: Rows, test: Rows) -> NDArray[np.str_]:
    """Predict by TF-IDF(1,2) and logistic regression (C=10, balanced) over the joined text."""
    texts = [" ".join((t.task.title, t.task.result, t.task.plan)) for t in corpus.labelled]
    y = corpus.labels(name)
    model = make_pipeline(
        TfidfVectorizer(ngram_range=(1, 2)),
        LogisticRegression(C=10, max_iter=2000, class_weight="balanced"),
    )
    model.fit([texts[i] for i in train], y[train])
    return np.asarray(model.predict([texts[i] for i in test]))


def ours(corpus: Corpus, name: str, train: Rows, test: Rows) -> NDArray[np.str_]:
    """Predict by the classifier of models/fast, trained on these rows alone."""
    documents, y = corpus.documents(name), corpus.labels(name)
    model = LinearClassifier(replace(SETTINGS[name], n_folds=0))
    model.fit([documents[i] for i in train], list(y[train]))
    return model.predict([documents[i] for i in test])


def splits(corpus: Corpus) -> dict[str, list[tuple[Rows, Rows]]]:
    """Return the train and test rows of each line of the table."""
    sources = np.array(corpus.sources)
    written = np.char.startswith(sources, "c")
    return {
        "leave one source of c out": list(_leave_one_out(sources, np.flatnonzero(written))),
        "train on c, test on r": [(np.flatnonzero(written), np.flatnonzero(~written))],
        "train on r, test on c": [(np.flatnonzero(~written), np.flatnonzero(written))],
        "leave one source of all out": list(_leave_one_out(sources, np.arange(len(sources)))),
    }


def _leave_one_out(sources: NDArray[np.str_], rows: Rows) -> Iterator[tuple[Rows, Rows]]:
    for source in np.unique(sources[rows]):
        here = sources[rows] == source
        yield rows[~here], rows[here]


def main(wanted: str = "") -> None:
    """Print the table; with an argument, only the lines whose name contains it."""
    corpus = load_corpus(CORPUS)
    print("| split | label | model | n | accuracy | macro-F1 |\n|---|---|---|---|---|---|")
    for line, parts in splits(corpus).items():
        if wanted not in line:
            continue
        for name in ("domain", "status"):
            y = corpus.labels(name)[np.concatenate([test for _, test in parts])]
            for model in (plain, ours):
                predicted = np.concatenate([model(corpus, name, train, test) for train, test in parts])
                accuracy, f1 = accuracy_score(y, predicted), f1_score(y, predicted, average="macro")
                title = "TF-IDF(1,2) + LR" if model is plain else "models/fast"
                print(f"| {line} | {name} | {title} | {len(y)} | {accuracy:.3f} | {f1:.3f} |", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
