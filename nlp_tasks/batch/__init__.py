"""Many inputs through one pipeline: in order, each input's failure its own."""

from nlp_tasks.batch.inputs import Job, find_jobs
from nlp_tasks.batch.local import Outcome, run_jobs

__all__ = ["Job", "Outcome", "find_jobs", "run_jobs"]
