"""Tasks, labelled or tagged, to and from JSON Lines, CSV, Parquet and Excel.

The only package that knows column names. A row is a plain ``dict``: `to_row` and `from_row` turn a
`TaggedTask` into one and back, and one small class per format writes and reads rows. Every text that
comes in is brought to Unicode NFC, and every row that isn't what it must be is an error with its place.

Imports go one way: ``cells``, ``rows``, ``tables``, ``formats``, ``files``.
"""

from nlp_tasks.store.files import read_labelled, read_rows, read_tasks, write_rows
from nlp_tasks.store.formats import ENDINGS
from nlp_tasks.store.rows import COLUMNS, from_row, to_row

__all__ = [
    "COLUMNS",
    "ENDINGS",
    "from_row",
    "read_labelled",
    "read_rows",
    "read_tasks",
    "to_row",
    "write_rows",
]
