"""Jobs on this machine: in this process, or in a few that each load the models once."""

import signal
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING

from nlp_tasks.batch.inputs import Job, read_job
from nlp_tasks.errors import NlpTasksError
from nlp_tasks.schema import TaggedTask

if TYPE_CHECKING:
    from nlp_tasks.pipeline import Pipeline

__all__ = ["Outcome", "run_jobs"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one job: its tagged tasks, or the error that it ended with."""

    job: Job
    tagged: tuple[TaggedTask, ...] = ()
    notes: tuple[str, ...] = ()
    error: NlpTasksError | None = None


def run_jobs(
    jobs: Sequence[Job], model: str | Path, *, workers: int = 1, explain: bool = False
) -> Iterator[Outcome]:
    """Read and tag each job; a job that fails costs no other job anything.

    Parameters
    ----------
    jobs : sequence of Job
    model : str or Path
        A model folder, or the name of a shipped one.
    workers : int
        Processes; 1 stays in this one. The outcomes are the same.
    explain : bool
        Whether each tagged task says what carried its labels.

    Yields
    ------
    Outcome
        In the order of the jobs.

    Raises
    ------
    ModelError
        If the models can't be loaded.
    NlpTasksError
        If the system ends one of the processes; the code is ``worker``.
    """
    pipeline = _load(model)  # here too with several workers: a folder that can't be loaded is told at once
    workers = min(workers, len(jobs))
    if workers <= 1:
        yield from (_run(job, pipeline, explain=explain) for job in jobs)
        return
    # spawn: the same on Linux, macOS and Windows, and no lock is inherited half-held
    with ProcessPoolExecutor(
        workers, mp_context=get_context("spawn"), initializer=_Worker.load, initargs=(model, explain)
    ) as pool:
        with _deaf_to_interrupts():
            outcomes = pool.map(_Worker.run, jobs)
        try:
            yield from outcomes
        except BrokenProcessPool as error:
            raise NlpTasksError(
                f"một trong {workers} tiến trình bị hệ thống dừng giữa chừng, có thể do thiếu bộ nhớ; "
                "hãy chạy lại với --workers nhỏ hơn",
                code="worker",
            ) from error


def _load(model: str | Path) -> "Pipeline":
    from nlp_tasks.pipeline import Pipeline  # scikit-learn takes a second that `--help` need not wait

    return Pipeline.from_folder(model)


@contextmanager
def _deaf_to_interrupts() -> Iterator[None]:
    """Ignore Ctrl-C while processes are started: they inherit that, and this one alone answers it."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


class _Worker:
    """One process's pipeline, loaded once."""

    pipeline: "Pipeline"
    explain: bool

    @classmethod
    def load(cls, model: str | Path, explain: bool) -> None:
        cls.pipeline, cls.explain = _load(model), explain

    @classmethod
    def run(cls, job: Job) -> Outcome:
        return _run(job, cls.pipeline, explain=cls.explain)


def _run(job: Job, pipeline: "Pipeline", *, explain: bool) -> Outcome:
    try:
        read = read_job(job)
        return Outcome(job, tuple(pipeline.tag_many(read.tasks, explain=explain)), read.notes)
    except NlpTasksError as error:
        return Outcome(job, error=error)
    except Exception as error:  # the boundary of one input: a bug met in it must not cost the others theirs
        message = (
            f"{job.path}: lỗi của chương trình khi xử lý tệp này ({type(error).__name__}: {error}); "
            "các tệp khác vẫn được xử lý, xin gửi tệp này cho nhóm phát triển"
        )
        return Outcome(job, error=NlpTasksError(message, code="internal"))
