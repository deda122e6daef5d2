"""All stages in a row: a task in, a tagged task out. Pure: no files but the model folder, no engine."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any, Self

import numpy as np

from nlp_tasks.assets import asset
from nlp_tasks.checks import find_warnings
from nlp_tasks.classify import Document, LinearClassifier, predictions
from nlp_tasks.errors import ModelError
from nlp_tasks.explain import explain as reasons_of
from nlp_tasks.figures import find_figures
from nlp_tasks.normalize import normalize
from nlp_tasks.schema import FIELDS, Figure, Prediction, Status, TaggedTask, Task
from nlp_tasks.status import StatusReading, decide, read_status
from nlp_tasks.summarize import summarize
from nlp_tasks.terms import text_terms
from nlp_tasks.topics import read_topics

__all__ = [
    "AT_RISK",
    "FORMAT",
    "Analysis",
    "Pipeline",
    "analyse",
    "find_folder",
    "read_config",
    "shipped_models",
]

FORMAT = 2
"""Version of the model folder's layout."""

AT_RISK = ("at_risk", "steady")
"""The labels of the risk classifier, which is asked about tasks that go on."""

_BATCH = 256  # tasks that are vectorised together; the values don't depend on it


@dataclass(frozen=True, slots=True)
class Analysis:
    """What the stages before the classifiers found in a task."""

    task: Task
    figures: tuple[Figure, ...]
    reading: StatusReading
    domain_document: Document
    status_document: Document


def analyse(task: Task) -> Analysis:
    """Normalise a task's fields, find its figures, topics, cues and acts for the classifiers.

    Parameters
    ----------
    task : Task

    Returns
    -------
    Analysis
        Offsets are those of the task's own fields. The domain classifier reads the terms and the topics, the
        status and risk classifiers the terms and what `read_status` found.
    """
    normalized = {field: normalize(getattr(task, field)) for field in FIELDS}
    figures = {field: find_figures(getattr(task, field), field) for field in FIELDS}
    terms = {field: text_terms(normalized[field], figures[field]) for field in FIELDS}
    topics = read_topics(normalized["title"].text, normalized["result"].text)
    found = tuple(figure for field in FIELDS for figure in figures[field])
    reading = read_status(task, normalized, found)
    return Analysis(task, found, reading, Document(terms, topics), Document(terms, reading.features))


class Pipeline:
    """Reads tasks with the models of one folder.

    Parameters
    ----------
    domain, status, risk : LinearClassifier
        ``risk`` tells tasks that go on but are late from those that are not.
    thresholds : mapping of str to mapping of str to float
        For ``domain`` and ``status``, each label's score below which a row is marked for review.

    Examples
    --------
    >>> pipeline = Pipeline.from_folder()
    >>> task = Task(id="a/1", title="Giải phóng mặt bằng khu dân cư phía Nam",
    ...             result="Tạm dừng chi trả do vướng mắc về nguồn gốc đất của 12 hộ.")
    >>> tagged = pipeline.tag(task)
    >>> tagged.domain.label, tagged.status.status.label
    ('land_clearance', 'blocked')
    """

    def __init__(
        self,
        domain: LinearClassifier,
        status: LinearClassifier,
        risk: LinearClassifier,
        thresholds: Mapping[str, Mapping[str, float]],
    ) -> None:
        self.domain = domain
        self.status = status
        self.risk = risk
        self.thresholds = dict(thresholds)

    @classmethod
    def from_folder(cls, folder: str | Path = "fast") -> Self:
        """Load a model folder.

        Parameters
        ----------
        folder : str or Path
            A path, or the name of a shipped folder.

        Raises
        ------
        ModelError
            If the folder is missing, incomplete, broken or of another version.
        """
        path = find_folder(folder)
        config = read_config(path)
        parts = {part: LinearClassifier.load(path / f"{part}.skops") for part in ("domain", "status", "risk")}
        return cls(**parts, thresholds=config["thresholds"])

    def tag(self, task: Task) -> TaggedTask:
        """Tag one task; the same as a batch of one."""
        return next(self.tag_many([task]))

    def tag_many(self, tasks: Iterable[Task], *, explain: bool = False) -> Iterator[TaggedTask]:
        """Tag tasks in their order, in batches inside.

        Parameters
        ----------
        tasks : iterable of Task
        explain : bool
            Whether each tagged task says what carried its labels (`TaggedTask.reasons`), which takes
            about as long again.

        Yields
        ------
        TaggedTask
            The same values whatever the batch and its neighbours.
        """
        remaining = iter(tasks)
        while batch := [analyse(task) for task in islice(remaining, _BATCH)]:
            tagged = self._tag_batch(batch)
            yield from map(self._explained, batch, tagged) if explain else tagged

    def _tag_batch(self, batch: list[Analysis]) -> Iterator[TaggedTask]:
        domains = _predict(self.domain, [analysis.domain_document for analysis in batch])
        documents = [analysis.status_document for analysis in batch]
        statuses = _predict(self.status, documents)
        risks = _predict(self.risk, documents)
        for analysis, domain, status, risk in zip(batch, domains, statuses, risks, strict=True):
            task = analysis.task
            yield TaggedTask(
                task=task,
                domain=domain,
                status=decide(task, analysis.reading, status, at_risk=risk.label == AT_RISK[0]),
                summary=summarize(task, status.label),
                needs_review=self._needs_review(domain, status),
                figures=analysis.figures,
                warnings=find_warnings(task, analysis.figures, analysis.reading),
            )

    def _explained(self, analysis: Analysis, tagged: TaggedTask) -> TaggedTask:
        reasons = [
            *reasons_of("domain", self.domain, analysis.domain_document),
            *reasons_of("status", self.status, analysis.status_document),
        ]
        if tagged.status.status.label == Status.ON_TRACK and tagged.status.at_risk:
            reasons += reasons_of("at_risk", self.risk, analysis.status_document)
        return replace(tagged, reasons=tuple(reasons))

    def _needs_review(self, domain: Prediction, status: Prediction) -> bool:
        return any(
            prediction.score < self.thresholds[name][prediction.label]
            for name, prediction in (("domain", domain), ("status", status))
        )


def _predict(classifier: LinearClassifier, documents: list[Document]) -> list[Prediction]:
    return predictions(np.asarray(classifier.classes_), classifier.predict_proba(documents))


def find_folder(folder: str | Path) -> Path:
    """Return the path of a model folder given by path or by the name of a shipped one.

    Raises
    ------
    ModelError
        If there is no such folder; the message names the shipped ones.
    """
    path = Path(folder)
    if path.is_dir():
        return path
    try:
        return asset(f"models/{folder}")
    except FileNotFoundError as error:
        shipped = ", ".join(shipped_models())
        raise ModelError(
            f"{folder}: không có thư mục mô hình này; có sẵn: {shipped}", code="missing_model"
        ) from error


def shipped_models() -> list[str]:
    """Return the names of the model folders that this installation brings, sorted."""
    try:
        return sorted(child.name for child in asset("models").iterdir() if child.is_dir())
    except FileNotFoundError:
        return []


def read_config(folder: Path) -> dict[str, Any]:
    """Read and check the ``config.json`` of a model folder.

    Raises
    ------
    ModelError
        If it is missing, broken or of another version.
    """
    path = folder / "config.json"
    try:
        config: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise ModelError(
            f"{folder}: không phải thư mục mô hình (thiếu config.json)", code="missing_model"
        ) from error
    except (json.JSONDecodeError, UnicodeDecodeError, OSError) as error:
        raise ModelError(f"{path}: tệp cấu hình mô hình bị hỏng; hãy chép lại hoặc huấn luyện lại") from error
    if not isinstance(config, dict) or config.get("format") != FORMAT:
        raise ModelError(f"{path}: mô hình thuộc phiên bản khác; hãy huấn luyện lại")
    for name, parts in (("thresholds", ("domain", "status")), ("figures", ())):
        table = config.get(name)
        if not isinstance(table, dict) or not set(parts) <= set(table):
            raise ModelError(f"{path}: tệp cấu hình mô hình thiếu «{name}»; hãy chép lại hoặc huấn luyện lại")
    return config
