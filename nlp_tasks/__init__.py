"""Reads Vietnamese administrative progress reports: domain, status and summary of every task.

>>> from nlp_tasks import Pipeline, read_report
>>> from nlp_tasks.assets import asset
>>> report = read_report(asset("data/reports/ngoc-trao-2018-05.txt"))
>>> tagged = next(Pipeline.from_folder().tag_many(report.tasks))
>>> tagged.task.title[:29]
'Tăng cường quản lý trật tự đô'
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nlp_tasks.pipeline import Pipeline
    from nlp_tasks.readers import read_report

__all__ = ["Pipeline", "__version__", "read_report"]

__version__ = "0.1.0"

_HOMES = {"Pipeline": "nlp_tasks.pipeline", "read_report": "nlp_tasks.readers"}


def __getattr__(name: str) -> Any:
    """Import a public name at its first use, so that importing the package stays cheap."""
    if name not in _HOMES:
        raise AttributeError(f"module 'nlp_tasks' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
