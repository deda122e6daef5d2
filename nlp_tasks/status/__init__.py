"""Where a task stands, and what in its text says so.

The text is read three ways: cues in their scope (`cues`), figures against what they are measured by
(`measures`), and the acts of the result against the act that the title asks for (`goals`). Together they
are the features of a trained classifier (`reading`), and the evidence for what it chooses (`evidence`).
"""

from nlp_tasks.status.cues import Hit
from nlp_tasks.status.evidence import decide
from nlp_tasks.status.goals import Act
from nlp_tasks.status.measures import Base, Measure, measure
from nlp_tasks.status.reading import StatusReading, read_status

__all__ = ["Act", "Base", "Hit", "Measure", "StatusReading", "decide", "measure", "read_status"]
