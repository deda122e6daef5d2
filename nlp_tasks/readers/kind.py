"""Tells a progress report from the other papers that an office writes, as far as the text lets one tell.

A decision, a law, an invitation have numbered items too, and none of them is a task.
"""

import re
from collections.abc import Sequence

from nlp_tasks.lexicon import load_table
from nlp_tasks.readers.plain import fold, phrases
from nlp_tasks.readers.tables import Draft

__all__ = ["is_other_kind", "tells_progress"]

# «Điều 1. Phạm vi điều chỉnh» opens an article of a law or a decision; «Điều 5 của Luật» doesn't.
_ARTICLE = re.compile(r"(?i:điều)\s+\d{1,3}\s*[.:]")
_SHARE_OF_ITEMS = 0.5


def is_other_kind(lines: Sequence[str], head: Sequence[str]) -> bool:
    """Tell whether a text calls itself something else than a report: «QUYẾT ĐỊNH», «GIẤY MỜI», «Điều 1.».

    Parameters
    ----------
    lines : sequence of str
        The whole text.
    head : sequence of str
        Its lines above the first item.

    Examples
    --------
    >>> is_other_kind(["GIẤY MỜI", "1. Thời gian: 8 giờ"], ["GIẤY MỜI"])
    True
    >>> is_other_kind(["BÁO CÁO", "Kết quả thực hiện Kế hoạch số 5", "1. Lập quy hoạch: xong"], ["BÁO CÁO"])
    False
    """
    named = _named_kind(head)
    if named:
        return named == "other"
    return sum(1 for line in lines if _ARTICLE.match(line)) > 1


def _named_kind(head: Sequence[str]) -> str:
    """Return "report" or "other" for the first line that names the document's kind, else ''."""
    for line in head:
        folded = fold(line.strip("*# ("))
        if folded.startswith(phrases("kinds", "report")):
            return "report"
        opener = line.strip("*# ")[:8]
        if opener.isupper() and folded.startswith(phrases("kinds", "other")):
            return "other"
    return ""


def tells_progress(head: Sequence[str], drafts: Sequence[Draft]) -> bool:
    """Tell whether a text is a report by its head, its labelled parts, or what its items say.

    Examples
    --------
    >>> item = Draft(1, "1", "", {"title": "Lập quy hoạch", "result": "Đã chọn nhà thầu."})
    >>> tells_progress([], [item])
    True
    """
    if _named_kind(head) == "report":
        return True
    if any(draft.cells.get("plan") and draft.cells.get("result") for draft in drafts):
        return True
    telling = sum(1 for draft in drafts if _tells(draft.cells.get("result", "")))
    return bool(drafts) and telling >= _SHARE_OF_ITEMS * len(drafts)


def _tells(result: str) -> bool:
    words = set(re.findall(r"\w+", result.lower()))
    return bool(words & set(load_table("headers")["kinds"]["progress"]))
