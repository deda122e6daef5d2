"""One sentence a task, made only of the report's own clauses.

Results of administrative reports are long chains of clauses, in which one figure or one obstacle
matters. A field is cut at its joints (`clauses`), every clause is valued by the cues, figures and title
words it has, and the best set under the budget is searched exactly (`selection`). The title's object is
put in front where no clause names it (`phrasing`). What counts and how much stands in
``nlp_tasks/resources/summary.toml``. Nothing is reworded, so every figure and every word of the summary
is in the task.
"""

from dataclasses import dataclass

from nlp_tasks.schema import FIELDS, Summary, Task
from nlp_tasks.summarize.clauses import Piece, read_field
from nlp_tasks.summarize.phrasing import find_titles, shorten, write
from nlp_tasks.summarize.rules import load_rules
from nlp_tasks.summarize.selection import choose

__all__ = ["SummarySettings", "summarize"]


@dataclass(frozen=True, slots=True)
class SummarySettings:
    """How long a summary may be.

    Parameters
    ----------
    max_syllables : int, default 40
        Pieces between spaces, so that nobody's count gives more. Below some 15 little but the figure
        or the obstacle is left.

    Raises
    ------
    ValueError
        If it is not a positive integer.
    """

    max_syllables: int = 40

    def __post_init__(self) -> None:
        value = self.max_syllables
        if isinstance(value, bool) or not isinstance(value, int) or value < 1:
            raise ValueError(f"SummarySettings.max_syllables = {value!r}: phải là số nguyên từ 1 trở lên")


def summarize(task: Task, status: str, settings: SummarySettings | None = None) -> Summary:
    """Summarize a task in one sentence.

    Parameters
    ----------
    task : Task
        Fields in NFC.
    status : str
        Decides what counts most: the obstacle with its cause (``blocked``), what was completed
        (``done``), or the figure against its target (``on_track``, and any label of another model).
    settings : SummarySettings, optional

    Returns
    -------
    Summary
        A sentence with a capital and a full stop, of at most ``settings.max_syllables`` syllables; empty
        only if all fields of the task are. ``sources`` are in the order in which they were used.

    Examples
    --------
    >>> task = Task(
    ...     "BC/6",
    ...     "Phấn đấu hoàn thành giải phóng mặt bằng dự án kè suối Ngà",
    ...     "Ban hành Kế hoạch số 34/KH-UBND ngày 12/3/2025; đã họp dân 03 lần. Đến nay chưa duyệt được "
    ...     "phương án do chưa có giá đất.",
    ... )
    >>> summary = summarize(task, "blocked")
    >>> summary.text
    'Giải phóng mặt bằng dự án kè suối Ngà: đến nay chưa duyệt được phương án do chưa có giá đất.'
    >>> summary.sources[0].text
    'giải phóng mặt bằng dự án kè suối Ngà'
    """
    budget = (settings or SummarySettings()).max_syllables
    rules = load_rules()
    title, *others = (read_field(name, getattr(task, name), rules) for name in FIELDS)
    parts = choose(title, others, status, budget, rules)
    if not parts:
        pieces = [*find_titles(title, rules)[-1:], *(field.whole() for field in others)]
        pieces += [Piece(field, 0, len(field.text)) for field in (title, *others)]
        first = next((piece for piece in pieces if piece.spans), None)
        parts = [("", shorten(first, first.start, budget, rules))] if first else []
    return write(parts, rules)
