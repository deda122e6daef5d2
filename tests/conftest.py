"""What tests share: a tiny model folder, trained once a session from a few dozen rows of the corpus."""

from itertools import islice
from pathlib import Path

import pytest

from nlp_tasks import training
from nlp_tasks.classify import LinearSettings

ROOT = Path(__file__).parent.parent
_SOURCES = ("c1", "c9")  # a writer of long rows and one of short rows
_ROWS = 20  # of each source
_SETTINGS = LinearSettings(
    field_weights={"title": 1.0, "result": 1.0}, syllable_weight=0.0, char_weight=0.0, n_folds=2
)


@pytest.fixture(scope="session")
def tiny_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a model folder of the right form that loads at once; its labels are poor. Don't write to it."""
    corpus = tmp_path_factory.mktemp("corpus")
    for source in _SOURCES:
        with (ROOT / "data" / "corpus" / f"{source}.jsonl").open(encoding="utf-8") as lines:
            (corpus / f"{source}.jsonl").write_text("".join(islice(lines, _ROWS)), encoding="utf-8")
    folder = tmp_path_factory.mktemp("models") / "tiny"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(training, "SETTINGS", dict.fromkeys(training.SETTINGS, _SETTINGS))
        training.save_models(training.train_models(training.load_corpus(corpus)), folder, corpus)
    return folder
