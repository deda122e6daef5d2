"""Everything that can go wrong, as one tree.

::

    NlpTasksError
    ├── ReadError           an input file that can't be read as a report or as task records
    ├── SchemaError         a row that isn't what its table promises
    ├── ModelError          a model folder that is missing, broken or of another version
    └── MissingExtraError   an optional part that isn't installed

Every message says what is wrong, where, and what to do next, in Vietnamese, since the person who
sees it is an analyst in a provincial office. ``code`` is a short English word that scripts can test.
"""

__all__ = ["MissingExtraError", "ModelError", "NlpTasksError", "ReadError", "SchemaError"]


class NlpTasksError(Exception):
    """The root of the tree.

    Parameters
    ----------
    message : str
        One sentence: what, where, what to do.
    code : str
        A stable word for scripts, such as ``"missing"`` or ``"encoding"``.
    """

    code = "error"

    def __init__(self, message: str, *, code: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        if code is not None:
            self.code = code


class ReadError(NlpTasksError):
    """An input that can't be read; its ``code`` says why.

    The codes: ``missing``, ``not_a_file``, ``denied``, ``name``, ``empty``, ``binary``, ``encoding``,
    ``format``, ``too_large``, ``no_tasks``, ``no_reports``.
    """

    code = "read"


class SchemaError(NlpTasksError):
    """A row whose columns or values are not what they must be; the message names file and row."""

    code = "schema"


class ModelError(NlpTasksError):
    """A model folder that can't be used; the message names the folder."""

    code = "model"


class MissingExtraError(NlpTasksError):
    """An optional part that isn't installed; the message gives the ``pip install`` line."""

    code = "missing_extra"
