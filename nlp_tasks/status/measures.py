"""Figures against what they are measured by: a plan, a whole, the same period, the title's own amount."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from nlp_tasks.figures import base_amount
from nlp_tasks.schema import Figure, FigureKind, Task

__all__ = ["REACHED", "Base", "Measure", "elapsed_share", "measure", "measure_features"]

REACHED = 99.95
"""Percent of a target from which it counts as reached: what rounds to 100,0 %."""

_TARGET = (
    r"(?:kế hoạch|kh\b|dự toán|chỉ tiêu|mục tiêu|nghị quyết|diện tích|số hộ|nhiệm vụ|khối lượng|tổng|định mức"
    r"|giá trị|vốn|hồ sơ|đề án|yêu cầu)"
)
# «đạt 28,1% dự toán», «bằng 95% so với kế hoạch»; not «95% hộ dân»
_TARGET_AFTER = re.compile(rf"\s*(?:so với |so |trên |của |tổng |cả |mức )*{_TARGET}", re.IGNORECASE)
# «vượt 8% so với dự toán», «tăng 3 % so với kế hoạch»: a change is a share only against a plan.
_PLAN_AFTER = re.compile(
    r"\s*(?:so với |so |trên |của |cả |mức )*(?:kế hoạch|kh\b|dự toán|chỉ tiêu|mục tiêu|nghị quyết)",
    re.IGNORECASE,
)
_SAME_PERIOD = re.compile(
    r"\s*(?:so với |so )?(?:cùng kỳ|năm trước|năm ngoái|tháng trước|quý trước|(?:năm|tháng|quý) trước)",
    re.IGNORECASE,
)
_SOFT = r"(?:\s+(?:trên|hơn|gần|khoảng|thêm|tới|được|bình quân|mức|chừng|ước|ước đạt))*\s*\(?$"
_REACHED_BEFORE = re.compile(
    rf"(?:đạt|bằng|được|thực hiện|tỷ lệ|hoàn thành|giải ngân|lên|tương đương|là|mới){_SOFT}", re.IGNORECASE
)
_OVER_BEFORE = re.compile(rf"(?:vượt|trội){_SOFT}", re.IGNORECASE)
_UP_BEFORE = re.compile(rf"(?:tăng|cao hơn|nhiều hơn|hơn|tăng trưởng|lãi suất){_SOFT}", re.IGNORECASE)
_DOWN_BEFORE = re.compile(rf"(?:giảm|hụt|kém|thấp hơn|ít hơn|thiếu|sụt){_SOFT}", re.IGNORECASE)
_WINDOW = 45  # characters looked at on either side of a figure
_HIGHEST = 400.0  # percent; what is higher is growth or a misreading
_BANDS = (25.0, 50.0, 75.0, 95.0, REACHED)
_QUANTITIES = (FigureKind.MONEY, FigureKind.COUNT, FigureKind.AREA, FigureKind.PERCENT)
_CEILING = re.compile(r"(?:giảm|dưới|không quá|tối đa|hạ|kéo giảm|xuống)\b", re.IGNORECASE)


class Base(StrEnum):
    """What a figure is measured against."""

    TARGET = "target"
    WHOLE = "whole"
    SAME_PERIOD = "same_period"
    NONE = ""


@dataclass(frozen=True, slots=True)
class Measure:
    """A percentage or ratio with what it is measured against.

    Parameters
    ----------
    figure : Figure
    base : Base
    share : float
        How much of the base is reached, in percent: «vượt 8% kế hoạch» is 108, «giảm 3% so với cùng kỳ» 97,
        «42/87» 48.3. Without a base, the percentage as written.
    reported : bool
        Whether a word such as «đạt» or «bằng» reports it.
    """

    figure: Figure
    base: Base
    share: float
    reported: bool


def measure(text: str, figure: Figure) -> Measure | None:
    """Tell what a percentage or ratio is measured against, from the words around it.

    Parameters
    ----------
    text : str
        The field that the figure stands in.
    figure : Figure

    Returns
    -------
    Measure or None
        None for other kinds of figure, the scale of a map, and shares above 400 %.

    Examples
    --------
    >>> from nlp_tasks.figures import find_figures
    >>> text = "thu 120 tỷ đồng, vượt 8% dự toán, bằng 95% cùng kỳ"
    >>> [(m.base.value, m.share) for f in find_figures(text) if (m := measure(text, f))]
    [('target', 108.0), ('same_period', 95.0)]
    """
    if not isinstance(figure.value, float):
        return None
    if figure.kind is FigureKind.RATIO:
        share = 100 * figure.value
        is_share = figure.unit != "tỷ lệ bản đồ" and share < _HIGHEST
        return Measure(figure, Base.WHOLE, share, reported=True) if is_share else None
    if figure.kind is not FigureKind.PERCENT or figure.value > _HIGHEST:
        return None
    return _measure_percent(figure, figure.value, *_around(text, figure))


def _around(text: str, figure: Figure) -> tuple[str, str]:
    return text[max(0, figure.start - _WINDOW) : figure.start], text[figure.end : figure.end + _WINDOW]


def _measure_percent(figure: Figure, value: float, before: str, after: str) -> Measure:
    same_period = bool(_SAME_PERIOD.match(after))
    plan = bool(_PLAN_AFTER.match(after))
    if _OVER_BEFORE.search(before) and not same_period:
        return Measure(figure, Base.TARGET, value + 100 if value < 100 else value, reported=True)
    for sign, change in ((-1, _DOWN_BEFORE), (1, _UP_BEFORE)):  # «thấp hơn» before «hơn»
        if change.search(before):
            base = Base.TARGET if plan else Base.SAME_PERIOD
            return Measure(figure, base, 100 + sign * value, reported=True)
    reported = bool(_REACHED_BEFORE.search(before))
    if same_period:
        return Measure(figure, Base.SAME_PERIOD, value, reported)
    if _TARGET_AFTER.match(after):
        return Measure(figure, Base.TARGET, value, reported)
    return Measure(figure, Base.NONE, value, reported)


def measure_features(task: Task, figures: Sequence[Figure], measures: Sequence[Measure]) -> dict[str, float]:
    """Say how the result's figures stand to their bases, in bands.

    Parameters
    ----------
    task : Task
    figures : sequence of Figure
        All figures of the task.
    measures : sequence of Measure
        Those of the result.

    Returns
    -------
    dict of str to float
        Features in [0, 1].
    """
    shares = {base: [m.share for m in measures if m.base is base] for base in Base}
    # What a word reports comes before what merely stands there.
    loose = sorted((m for m in measures if m.base is Base.NONE), key=lambda m: not m.reported)
    shares[Base.NONE] = [m.share for m in loose]
    features: dict[str, float] = {}
    for base, name in ((Base.TARGET, "target"), (Base.NONE, "percent"), (Base.WHOLE, "ratio")):
        features |= _band_features(name, shares[base])
    if shares[Base.SAME_PERIOD]:
        features["same_period:below" if shares[Base.SAME_PERIOD][0] < REACHED else "same_period:above"] = 1.0
    against = shares[Base.TARGET] or shares[Base.WHOLE]
    if against and (gone := elapsed_share(task.period)):
        features[f"pace:{_pace(against[0], 100 * gone)}"] = 1.0
    features |= _title_amount_features(task, figures)
    features["n_figures"] = min(sum(figure.field == "result" for figure in figures), 12) / 12
    return features


def _band_features(name: str, shares: Sequence[float]) -> dict[str, float]:
    if not shares:
        return {f"{name}:none": 1.0}
    features = {
        f"{name}:max:{_band(max(shares))}": 1.0,
        f"{name}:min:{_band(min(shares))}": 1.0,
        f"{name}:first:{_band(shares[0])}": 1.0,
    }
    if min(shares) >= REACHED:
        features[f"{name}:all_reached"] = 1.0
    return features


def _band(share: float) -> str:
    """Return the band of a percentage as ``<25``, …, ``<100``, ``100+``."""
    return next((f"<{limit:.0f}" for limit in _BANDS if share < limit), "100+")


def _pace(reached: float, due: float) -> str:
    if reached >= REACHED:
        return "reached"
    return "behind" if reached < 0.75 * due else "near" if reached < due else "ahead"


def elapsed_share(period: str) -> float:
    """Return the share of the year that has gone by at the end of a period; 0 where it names none.

    Examples
    --------
    >>> [elapsed_share(period) for period in ("2024-Q1", "2024-9M", "2024", "")]
    [0.25, 0.75, 1.0, 0.0]
    """
    match = re.fullmatch(r"\d{4}(?:-(?:Q([1-4])|H([12])|(9)M|(\d\d)))?", period)
    if not match:
        return 0.0
    quarter, half, nine, month = match.groups()
    if quarter:
        return int(quarter) / 4
    if half:
        return int(half) / 2
    if nine:
        return 0.75
    return int(month) / 12 if month else 1.0


def _title_amount_features(task: Task, figures: Sequence[Figure]) -> dict[str, float]:
    """Set each amount of the title against the result's amounts of the same unit."""
    goals = [f for f in figures if f.field == "title" and f.kind in _QUANTITIES]
    if not goals:
        return {}
    features = {"goal:quantity": 1.0}
    best = 0.0
    for goal in goals:
        amount = _amount(goal)
        before, _ = _around(task.title, goal)
        if amount is None or amount <= 0 or _CEILING.search(before):
            continue
        same = [f for f in figures if f.field == "result" and f.kind is goal.kind and _same_unit(f, goal)]
        shares = [value / amount for f in same if (value := _amount(f)) is not None]
        if any(share == 1 for share in shares):
            features["goal:named_again"] = 1.0
        best = max([best, *(share for share in shares if 100 * share < _HIGHEST)])
    if best:
        features[f"goal:{_band(100 * best)}"] = 1.0
    return features


def _amount(figure: Figure) -> float | None:
    """Return a figure in đồng, square metres, or as written where it has no such worth."""
    if not isinstance(figure.value, float):
        return None
    return base_amount(figure) or figure.value


def _same_unit(figure: Figure, goal: Figure) -> bool:
    return figure.unit == goal.unit or (base_amount(figure) is not None and base_amount(goal) is not None)
