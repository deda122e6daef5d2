"""How far the labels of models/fast change when the text is harmed.

Run `python benchmarks/robustness.py`; some minutes on two cores. Seed 0. Trained on all of c and r1-r18,
tested on r19-r21, as written and harmed in one way at a time.
"""

import random
import unicodedata
from collections.abc import Callable
from dataclasses import replace

import numpy as np
from labels import CORPUS, Rows, splits

from nlp_tasks.classify import Document, LinearClassifier
from nlp_tasks.pipeline import analyse
from nlp_tasks.schema import FIELDS, Task
from nlp_tasks.training import SETTINGS, Corpus, load_corpus

_LOOK_ALIKE = {
    "l": "1",
    "o": "0",
    "i": "l",
    "u": "ư",
    "a": "ă",
    "e": "c",
    "ấ": "ẫ",
    "ị": "i",
    "ầ": "ẩ",
    "n": "u",
}
_OLD_TONES = {"òa": "oà", "óa": "oá", "ỏa": "oả", "ọa": "oạ", "ủy": "uỷ", "úy": "uý", "ùy": "uỳ", "ụy": "uỵ"}


def bare(text: str) -> str:
    """Return a text without any diacritics."""
    parts = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(char for char in parts if not unicodedata.combining(char))


def lost_tones(text: str, rng: random.Random) -> str:
    """Take the diacritics off one syllable in twenty."""
    return " ".join(bare(word) if rng.random() < 0.05 else word for word in text.split(" "))


def misread(text: str, rng: random.Random) -> str:
    """Put a look-alike for one letter in a hundred."""
    return "".join(_LOOK_ALIKE.get(char, char) if rng.random() < 0.01 else char for char in text)


def run_together(text: str, rng: random.Random) -> str:
    """Leave out one space in fifty."""
    return "".join(char for char in text if char != " " or rng.random() >= 0.02)


def old_tones(text: str, rng: random.Random) -> str:
    """Put tone marks where old spelling had them."""
    for new, old in _OLD_TONES.items():
        text = text.replace(new, old)
    return text


HARMS: dict[str, Callable[[str, random.Random], str]] = {
    "as written": lambda text, rng: text,
    "misread letters, 1 %": misread,
    "diacritics lost, 5 % of the syllables": lost_tones,
    "spaces missing, 2 %": run_together,
    "decomposed Unicode": lambda text, rng: unicodedata.normalize("NFD", text),
    "old tone placement": old_tones,
    "upper case": lambda text, rng: text.upper(),
    "no diacritics": lambda text, rng: bare(text),
}


def main() -> None:
    """Print one line for each kind of harm."""
    corpus = load_corpus(CORPUS)
    [(train, test)] = splits(corpus)["r19–r21 left out"]
    models = {name: _trained(corpus, name, train) for name in ("domain", "status")}
    print("| text | domain | status |\n|---|---|---|")
    for title, harm in HARMS.items():
        rng = random.Random(0)
        tasks = [_harmed(corpus.labelled[i].task, harm, rng) for i in test]
        _print(title, tasks, corpus, models, test)
    emptied = [replace(corpus.labelled[i].task, plan="") for i in test]
    _print("plan emptied", emptied, corpus, models, test)


def _trained(corpus: Corpus, name: str, train: Rows) -> LinearClassifier:
    documents = corpus.documents(name)
    model = LinearClassifier(replace(SETTINGS[name], n_folds=0))
    return model.fit([documents[i] for i in train], list(corpus.labels(name)[train]))


def _harmed(task: Task, harm: Callable[[str, random.Random], str], rng: random.Random) -> Task:
    return replace(task, **{field: harm(getattr(task, field), rng) for field in FIELDS})


def _print(
    title: str, tasks: list[Task], corpus: Corpus, models: dict[str, LinearClassifier], test: Rows
) -> None:
    analyses = [analyse(task) for task in tasks]
    documents: dict[str, list[Document]] = {
        "domain": [analysis.domain_document for analysis in analyses],
        "status": [analysis.status_document for analysis in analyses],
    }
    shares = [
        float(np.mean(model.predict(documents[name]) == corpus.labels(name)[test]))
        for name, model in models.items()
    ]
    print(f"| {title} | {' | '.join(f'{100 * share:.1f} %' for share in shares)} |", flush=True)


if __name__ == "__main__":
    main()
