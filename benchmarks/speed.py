"""Tasks a second through all stages on one core: `make benchmark-speed`. c1 and c9, best of three."""

import time
from pathlib import Path

from nlp_tasks import Pipeline
from nlp_tasks.store import read_labelled

CORPUS = Path(__file__).parent.parent / "data" / "corpus"


def main() -> None:
    """Print tasks and syllables per CPU second, models loaded before."""
    tasks = [labelled.task for name in ("c1", "c9") for labelled in read_labelled(CORPUS / f"{name}.jsonl")]
    n_syllables = sum(len(f"{task.title} {task.result} {task.plan}".split()) for task in tasks)
    pipeline = Pipeline.from_folder()
    pipeline.tag(tasks[0])
    seconds = []
    for _ in range(3):
        start = time.process_time()
        list(pipeline.tag_many(tasks))
        seconds.append(time.process_time() - start)
    best = min(seconds)
    print(
        f"{len(tasks)} tasks: {len(tasks) / best:.0f} tasks, {n_syllables / best:,.0f} syllables a CPU second"
    )


if __name__ == "__main__":
    main()
