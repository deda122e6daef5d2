"""Train models/fast from data/corpus: `make models`. Some minutes on two cores; nothing is random."""

import time
from collections import Counter
from pathlib import Path
from typing import Any

from nlp_tasks.training import Corpus, Trained, load_corpus, save_models, train_models

ROOT = Path(__file__).parent.parent
CORPUS = ROOT / "data" / "corpus"
FOLDER = ROOT / "models" / "fast"


def main() -> None:
    """Train, store, write the card, and print the out-of-fold figures."""
    start = time.perf_counter()
    corpus = load_corpus(CORPUS)
    print(f"{len(corpus.labelled)} tasks of {len(set(corpus.sources))} sources", flush=True)
    trained = train_models(corpus)
    save_models(trained, FOLDER, CORPUS)
    (FOLDER / "README.md").write_text(card(trained, corpus), encoding="utf-8")
    for name, figures in trained.figures.items():
        print(f"{name}: accuracy {figures['accuracy']:.3f}, macro-F1 {figures['macro_f1']:.3f}")
    print(f"models/fast written in {time.perf_counter() - start:.0f} s")


def card(trained: Trained, corpus: Corpus) -> str:
    """Fill the model card with the figures of this training."""
    figures = trained.figures
    parts = [
        (name, f["n_tasks"], f["accuracy"], f["macro_f1"], f["calibration_error"])
        for name, f in figures.items()
    ]
    labels = [
        (label, f["n_tasks"], f["precision"], f["recall"], f["f1"])
        for label, f in figures["status"]["labels"].items()
    ]
    review = [
        (
            name,
            f"{found['target']:.0%}",
            f"{found['coverage']:.1%}",
            f"{found['accuracy']:.1%}",
            f"{found['accuracy_at_90_percent']:.1%}",
        )
        for name in ("domain", "status")
        for found in [figures[name]["review"]]
    ]
    shares = Counter(corpus.labels("status"))
    return (
        (ROOT / "tools" / "fast_card.md")
        .read_text(encoding="utf-8")
        .format(
            n_tasks=len(corpus.labelled),
            n_sources=len(set(corpus.sources)),
            figures=_table(("classifier", "tasks", "accuracy", "macro-F1", "calibration error"), parts),
            labels=_table(("label", "tasks", "precision", "recall", "F1"), labels),
            review=_table(
                ("label", "aim", "kept", "right among the kept", "right among the surest 90 %"), review
            ),
            **{status: round(100 * n / len(corpus.labelled)) for status, n in shares.items()},
        )
    )


def _table(header: tuple[str, ...], rows: list[tuple[Any, ...]]) -> str:
    lines = [header, ("---",) * len(header), *rows]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines)


if __name__ == "__main__":
    main()
