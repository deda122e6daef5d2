"""Train the models of models/fast from data/corpus: `make models`. Fixed seed, some minutes on two cores."""

import time
from pathlib import Path

from nlp_tasks.training import load_corpus, save_models, train_models

ROOT = Path(__file__).parent.parent


def main() -> None:
    """Train, store, and print the out-of-fold figures."""
    start = time.perf_counter()
    corpus = load_corpus(ROOT / "data" / "corpus")
    print(f"{len(corpus.labelled)} tasks of {len(set(corpus.sources))} sources", flush=True)
    trained = train_models(corpus)
    save_models(trained, ROOT / "models" / "fast", ROOT / "data" / "corpus")
    for name, figures in trained.figures.items():
        print(f"{name}: accuracy {figures['accuracy']:.3f}, macro-F1 {figures['macro_f1']:.3f}")
    print(f"models/fast written in {time.perf_counter() - start:.0f} s")


if __name__ == "__main__":
    main()
