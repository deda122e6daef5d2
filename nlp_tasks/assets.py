"""Where the files that travel with the code lie: models, taxonomy, sample reports, the app.

In a checkout they stand at its top; a wheel carries them in ``nlp_tasks/_shipped``.
"""

import json
from functools import cache
from pathlib import Path

__all__ = ["asset", "domain_names", "status_names"]

_PACKAGE = Path(__file__).parent
_SHIPPED = _PACKAGE / "_shipped"


def asset(name: str) -> Path:
    """Return the path of a shipped file or folder.

    Parameters
    ----------
    name : str
        Relative to the top of a checkout, such as ``"models/fast"`` or ``"data/taxonomy.json"``.

    Raises
    ------
    FileNotFoundError
        If neither the installed package nor the checkout has it.

    Examples
    --------
    >>> asset("data/taxonomy.json").name
    'taxonomy.json'
    """
    for root in (_SHIPPED, _PACKAGE.parent):
        path = root / name
        if path.exists():
            return path
    raise FileNotFoundError(f"{name}: not shipped with this installation of nlp_tasks")


@cache
def domain_names(language: str = "vi") -> dict[str, str]:
    """Return the display name of each domain of the shipped taxonomy, in its order.

    Parameters
    ----------
    language : {"vi", "en"}

    Examples
    --------
    >>> domain_names()["land_clearance"]
    'Giải phóng mặt bằng'
    """
    return {domain["id"]: domain[language] for domain in _taxonomy()["domains"]}


@cache
def status_names(language: str = "vi") -> dict[str, str]:
    """Return the display name of each status, the red one first.

    Parameters
    ----------
    language : {"vi", "en"}

    Examples
    --------
    >>> status_names("en")["on_track"]
    'On track'
    """
    return {status["id"]: status[language] for status in _taxonomy()["statuses"]}


@cache
def _taxonomy() -> dict[str, list[dict[str, str]]]:
    taxonomy: dict[str, list[dict[str, str]]] = json.loads(
        asset("data/taxonomy.json").read_text(encoding="utf-8")
    )
    return taxonomy
