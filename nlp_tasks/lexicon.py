"""Loads the tables of ``nlp_tasks/resources/``: cues, headers, abbreviations, spellings.

The tables are data, so that a user of another office can read and extend them; this module is the
only one that knows where they lie and checks their form.
"""

import tomllib
from functools import cache
from importlib import resources
from typing import Any

__all__ = ["load_table", "load_words"]


@cache
def load_table(name: str) -> dict[str, Any]:
    """Load ``nlp_tasks/resources/<name>.toml``.

    Parameters
    ----------
    name : str
        The table's name, without the ending.

    Returns
    -------
    dict
        The parsed TOML; callers must not change it, since it is shared.

    Raises
    ------
    FileNotFoundError
        If the package was installed without its resource files.

    Examples
    --------
    >>> load_table("abbreviations")["abbreviations"]["GPMB"]
    'giải phóng mặt bằng'
    """
    text = resources.files("nlp_tasks").joinpath("resources", f"{name}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@cache
def load_words(name: str) -> frozenset[str]:
    """Load ``nlp_tasks/resources/<name>.txt``: one entry a line, ``#`` starts a comment.

    Returns
    -------
    frozenset of str
        The entries, as written.
    """
    text = resources.files("nlp_tasks").joinpath("resources", f"{name}.txt").read_text(encoding="utf-8")
    lines = (line.split("#", 1)[0].strip() for line in text.splitlines())
    return frozenset(line for line in lines if line)
