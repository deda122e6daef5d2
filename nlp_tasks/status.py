"""What a task's text says of its state: cues in their scope and figures against their target.

The words alone decide nothing (annotation guideline, rule 1): «hoàn thành» may be a goal, «vướng mắc»
may be gone. So every cue is read in its clause, with what stands before it, and every figure with what
it is measured against. The outcome is a set of features for a trained classifier and, once that has
chosen a label, the spans that speak for it. The wordings are a table, ``resources/cues.toml``.

References
----------
The scope rules follow the idea of NegEx (Chapman et al. 2001, https://doi.org/10.1006/jbin.2001.1029):
triggers with a window before and after the term; its list of terms is replaced by our own.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from nlp_tasks.lexicon import load_table
from nlp_tasks.normalize import Normalized
from nlp_tasks.schema import Evidence, Figure, FigureKind, Prediction, Status, StatusLabel, Task

__all__ = ["Hit", "StatusReading", "decide", "read_status"]

_CLAUSE_END = re.compile(
    r"(?<=[.;!?…])\s+|\n+|,\s+(?=(?:nhưng|song|tuy|riêng|còn|trong khi|đồng thời)\b)", re.IGNORECASE
)
# «đạt 28,1% dự toán», «bằng 95% so với kế hoạch»; not «95% hộ dân»
_TARGET_AFTER = re.compile(
    r"\s*(?:so với |trên |của |tổng |cả )*(?:kế hoạch|kh\b|dự toán|chỉ tiêu|mục tiêu|nghị quyết|diện tích"
    r"|số hộ|nhiệm vụ|khối lượng|tổng|định mức|giá trị|vốn|hồ sơ|đề án|yêu cầu)",
    re.IGNORECASE,
)
_REACHED_BEFORE = re.compile(
    r"(?:đạt|bằng|được|thực hiện|tỷ lệ|hoàn thành|giải ngân|lên)"
    r"(?:\s+(?:tỷ lệ|trên|hơn|gần|khoảng|tới|là|mới))*\s*\(?$",
    re.IGNORECASE,
)
_OVER_BEFORE = re.compile(r"vượt(?:\s+(?:trên|hơn|gần|khoảng|mức))*\s*$", re.IGNORECASE)
_CHANGE_BEFORE = re.compile(
    r"(?:tăng|giảm|hụt|kém|thấp hơn|cao hơn|hơn|lãi suất|tăng trưởng)"
    r"(?:\s+(?:trên|hơn|gần|khoảng|thêm|tới|được|bình quân))*\s*$",
    re.IGNORECASE,
)
_SAME_PERIOD = re.compile(r"\s*(?:so với |so )?cùng kỳ", re.IGNORECASE)
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_BANDS = (25.0, 50.0, 75.0, 95.0, 99.95)  # percent; the last is what rounds to 100,0 %
_QUANTITIES = (FigureKind.MONEY, FigureKind.COUNT, FigureKind.AREA, FigureKind.PERCENT)


@dataclass(frozen=True, slots=True)
class Hit:
    """A cue found in a field, in source offsets, with its scope.

    Parameters
    ----------
    name, kind : str
        As in ``resources/cues.toml``.
    scope : str
        ``fact``, ``negated``, ``intended``, ``partly`` or ``resolved``.
    clause : int
        Position of its clause in the field, from 0; ``last`` tells whether it is the last one.
    """

    name: str
    kind: str
    field: str
    start: int
    end: int
    scope: str
    clause: int
    last: bool


@dataclass(frozen=True, slots=True)
class StatusReading:
    """What `read_status` found: features for the classifier, hits and figures for the evidence."""

    features: Mapping[str, float]
    hits: tuple[Hit, ...]
    figures: tuple[Figure, ...]


@cache
def _cues() -> tuple[tuple[str, str, re.Pattern[str]], ...]:
    return tuple(
        (cue["name"], cue["kind"], re.compile(rf"(?<!\w)(?:{cue['pattern']})(?!\w)", re.IGNORECASE))
        for cue in load_table("cues")["cues"]
    )


@cache
def _scopes() -> dict[str, re.Pattern[str]]:
    return {
        name: re.compile(pattern if name.endswith("_after") else rf"(?<!\w){pattern}", re.IGNORECASE)
        for name, pattern in load_table("cues")["scopes"].items()
    }


def read_status(task: Task, normalized: Mapping[str, Normalized], figures: Sequence[Figure]) -> StatusReading:
    """Read what the fields of a task say of its state.

    Parameters
    ----------
    task : Task
    normalized : mapping of field to Normalized
        The three fields as `nlp_tasks.normalize` gives them: cues are sought in them, since scans
        misread words, and mapped back.
    figures : sequence of Figure
        All figures of the task, in source offsets.

    Returns
    -------
    StatusReading

    Examples
    --------
    >>> from nlp_tasks.normalize import normalize
    >>> task = Task(id="a/1", title="Thi công cầu Ngòi Đum", result="Tạm dừng thi công do thiếu vốn.")
    >>> fields = {field: normalize(getattr(task, field)) for field in ("title", "result", "plan")}
    >>> [(hit.name, hit.scope) for hit in read_status(task, fields, []).hits]
    [('obstacle.suspended', 'fact'), ('cause', 'fact'), ('obstacle.money', 'fact')]
    """
    hits = tuple(hit for field, text in normalized.items() for hit in _find_hits(text, field))
    features = {
        **_cue_features(hits),
        **_figure_features(task, figures),
        **_goal_features(task, normalized),
        **_time_features(task),
    }
    return StatusReading(features, hits, tuple(figures))


def _find_hits(normalized: Normalized, field: str) -> list[Hit]:
    text = normalized.text
    spans = list(_clauses(text))
    hits = []
    for number, (start, end) in enumerate(spans):
        for name, kind, pattern in _cues():
            for match in pattern.finditer(text, start, end):
                scope = _scope(kind, match[0], text[start : match.start()], text[match.end() : end])
                source = normalized.to_source(match.start(), match.end())
                hits.append(Hit(name, kind, field, *source, scope, number, number == len(spans) - 1))
    return sorted(_without_stopped(hits), key=lambda hit: (hit.start, hit.end, hit.name))


def _without_stopped(hits: Sequence[Hit]) -> list[Hit]:
    """Leave out work in hand that is part of an obstacle: the «đang» of «đang tạm dừng»."""
    stops = [hit for hit in hits if hit.kind == "obstacle"]
    return [
        hit
        for hit in hits
        if hit.kind != "ongoing" or not any(stop.start <= hit.start and hit.end <= stop.end for stop in stops)
    ]


def _clauses(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for match in _CLAUSE_END.finditer(text):
        if text[start : match.start()].strip():
            yield start, match.start()
        start = match.end()
    if text[start:].strip():
        yield start, len(text)


def _scope(kind: str, cue: str, before: str, after: str) -> str:
    """Tell how a cue is meant from what stands around it in its clause.

    An obstacle is a fact unless it is said to be gone; a completed act is one unless it is denied or
    only intended.
    """
    scopes = _scopes()
    if kind == "obstacle":
        return (
            "resolved"
            if scopes["resolved"].search(before) or scopes["resolved_after"].search(after)
            else "fact"
        )
    if kind in ("done", "reached"):
        if scopes["negated"].search(before):
            return "negated"
        if not cue.lower().startswith(("đã ", "vừa ")) and scopes["intended"].search(before):
            return "intended"
        if scopes["partly"].search(before):
            return "partly"
    return "fact"


def _cue_features(hits: Sequence[Hit]) -> dict[str, float]:
    """Say which kinds of cue stand where, as 0/1 and counts up to 3 scaled to [0, 1]."""
    counts: dict[str, int] = {}
    for hit in hits:
        keys = [f"cue:{hit.field}:{hit.kind}:{hit.scope}"]
        if hit.field == "result":
            keys.append(f"cue:{hit.name}:{hit.scope}")
            if hit.clause == 0:
                keys.append(f"cue:first:{hit.kind}:{hit.scope}")
            if hit.last:
                keys.append(f"cue:last:{hit.kind}:{hit.scope}")
        for key in keys:
            counts[key] = counts.get(key, 0) + 1
    features = {key: min(count, 3) / 3 for key, count in counts.items()}
    features |= {f"has:{key}": 1.0 for key in counts if key.count(":") == 3 or "obstacle" in key}
    facts = {hit.kind for hit in hits if hit.field == "result" and hit.scope == "fact"}
    if "done" in facts and not facts & {"not_yet", "ongoing", "partial", "obstacle"}:
        features["done_only"] = 1.0
    obstacles = {
        hit.name for hit in hits if hit.field == "result" and (hit.kind, hit.scope) == ("obstacle", "fact")
    }
    if len(obstacles) > 1:
        features[f"obstacles:{min(len(obstacles), 4)}"] = 1.0
    if "obstacle" in facts and "cause" in facts:
        features["obstacle_with_cause"] = 1.0
    if "obstacle" in facts and "ongoing" not in facts:
        features["obstacle_standing_still"] = 1.0
    return features


def _figure_features(task: Task, figures: Sequence[Figure]) -> dict[str, float]:
    """Say how the result's figures stand to their targets, in bands."""
    result = [figure for figure in figures if figure.field == "result"]
    against, loose = _percents(task.result, result)
    ratios = [f.value * 100 for f in result if _is_share(f) and isinstance(f.value, float) and f.value < 4]
    features: dict[str, float] = {}
    for name, values in (("target", against), ("percent", loose), ("ratio", ratios)):
        if not values:
            features[f"{name}:none"] = 1.0
            continue
        features[f"{name}:max:{_band(max(values))}"] = 1.0
        features[f"{name}:min:{_band(min(values))}"] = 1.0
        features[f"{name}:first:{_band(values[0])}"] = 1.0
        if min(values) >= _BANDS[-1]:
            features[f"{name}:all_reached"] = 1.0
    shares = against or ratios
    if shares and (elapsed := _elapsed(task.period)):
        features[f"pace:{_pace(shares[0], 100 * elapsed)}"] = 1.0
    features |= _title_target_features(task, figures)
    features["n_figures"] = min(len(result), 12) / 12
    return features


def _is_share(figure: Figure) -> bool:
    """Tell «42/87 đơn» from the scale of a map."""
    return figure.kind is FigureKind.RATIO and figure.unit != "tỷ lệ bản đồ"


def _percents(text: str, figures: Sequence[Figure]) -> tuple[list[float], list[float]]:
    """Return the percentages measured against a target, and the others that are no growth rates."""
    against: list[float] = []
    loose: list[float] = []
    for figure in figures:
        if figure.kind is not FigureKind.PERCENT or not isinstance(figure.value, float) or figure.value > 400:
            continue
        if _is_change(text, figure):
            continue
        share = _share_of_target(text, figure)
        if share is not None:
            against.append(share)
        elif _REACHED_BEFORE.search(text[max(0, figure.start - 40) : figure.start]):
            loose.insert(0, figure.value)
        else:
            loose.append(figure.value)
    return against, loose


def _is_change(text: str, figure: Figure) -> bool:
    """Tell «tăng 12%» and «bằng 95% so với cùng kỳ» from a share of a target."""
    before, after = text[max(0, figure.start - 40) : figure.start], text[figure.end : figure.end + 45]
    return bool(_SAME_PERIOD.match(after) or _CHANGE_BEFORE.search(before))


def _share_of_target(text: str, figure: Figure) -> float | None:
    """Return what share of its target a figure says is reached, in percent; None where it says no such thing.

    «đạt 28,1% dự toán», «42/87 đơn» and «vượt 8%» do, «95% hộ dân» doesn't.
    """
    if not isinstance(figure.value, float):
        return None
    if _is_share(figure):
        return 100 * figure.value
    if figure.kind is not FigureKind.PERCENT or _is_change(text, figure):
        return None
    if _OVER_BEFORE.search(text[max(0, figure.start - 40) : figure.start]):
        return figure.value + 100 if figure.value < 100 else figure.value
    return figure.value if _TARGET_AFTER.match(text, figure.end, figure.end + 45) else None


def _band(value: float) -> str:
    """Return the band of a percentage as ``<25``, …, ``<100``, ``100+``."""
    return next((f"<{limit:.0f}" for limit in _BANDS if value < limit), "100+")


def _pace(reached: float, due: float) -> str:
    if reached >= _BANDS[-1]:
        return "reached"
    return "behind" if reached < 0.75 * due else "near" if reached < due else "ahead"


def _elapsed(period: str) -> float:
    """Return the share of the year that has gone by at the end of a period; 0 where it names none."""
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


def _title_target_features(task: Task, figures: Sequence[Figure]) -> dict[str, float]:
    """Set each quantity of the title against the result's quantities of the same unit."""
    goals = [f for f in figures if f.field == "title" and f.kind in _QUANTITIES]
    features: dict[str, float] = {"goal:quantity": 1.0} if goals else {}
    best = 0.0
    for goal in goals:
        if not isinstance(goal.value, float) or goal.value <= 0:
            continue
        same = [
            f.value for f in figures if f.field == "result" and f.kind is goal.kind and f.unit == goal.unit
        ]
        shares = [value / goal.value for value in same if isinstance(value, float)]
        if any(share == 1 for share in shares):
            features["goal:named_again"] = 1.0
        best = max([best, *(share for share in shares if share < 4)])
    if best:
        features[f"goal:{_band(100 * best)}"] = 1.0
    return features


@cache
def _acts() -> dict[str, tuple[str, ...]]:
    return {
        name: tuple(sorted(acts, key=len, reverse=True)) for name, acts in load_table("cues")["acts"].items()
    }


def _goal_features(task: Task, normalized: Mapping[str, Normalized]) -> dict[str, float]:
    """Say what kind of act the title names and whether the result reports that act as done."""
    title, result = normalized["title"].text.lower(), normalized["result"].text.lower()
    features: dict[str, float] = {}
    for kind, acts in _acts().items():
        head = next((act for act in acts if re.match(rf"(?:\W|\d)*{act}\b", title)), None)
        if head:
            features[f"act:{kind}"] = 1.0
            if re.search(rf"(?:đã|vừa|được)\s+(?:\w+\s+){{0,3}}{head}\b", result):
                features[f"act:{kind}:done"] = 1.0
            break
    named = [act for act in _acts()["one_off"] if re.search(rf"\b{act}\b", title)]
    if any(re.search(rf"(?:đã|vừa|được)\s+(?:\w+\s+){{0,2}}{act}\b", result) for act in named):
        features["act:any:done"] = 1.0
    pairs = set(zip(title.split(), title.split()[1:], strict=False))
    shared = pairs & set(zip(result.split(), result.split()[1:], strict=False))
    features["overlap"] = len(shared) / max(1, len(pairs))
    features["plan:empty"] = float(not task.plan)
    features["result:empty"] = float(not result.strip())
    features["result:short"] = float(len(result.split()) < 25)
    features["result:long"] = float(len(result.split()) > 80)
    features["title:rate"] = float("tỷ lệ" in title or "%" in title)
    features["title:question"] = float(title.startswith(("cử tri", "đề nghị", "kiến nghị", "về phản ánh")))
    return features


def _time_features(task: Task) -> dict[str, float]:
    """Say how the years of the title lie to the report's: past, running, later, or a span of years."""
    years = [int(year) for year in _YEAR.findall(task.title)]
    features = {"period:none": float(not task.period), "period:closed": float(_elapsed(task.period) == 1)}
    if len(set(years)) > 1:
        features["title:years"] = 1.0
    if years and task.period:
        now = int(task.period[:4])
        features[
            "title:past" if max(years) < now else "title:this_year" if max(years) == now else "title:later"
        ] = 1.0
    return features


_EVIDENCE_KINDS: dict[str, tuple[tuple[str, str], ...]] = {
    Status.BLOCKED: (("obstacle", "fact"),),
    Status.DONE: (("done", "fact"), ("reached", "fact")),
    Status.ON_TRACK: (
        ("ongoing", "fact"),
        ("partial", "fact"),
        ("delay", "fact"),
        ("done", "negated"),
        ("not_yet", "fact"),
    ),
}
_MAX_EVIDENCE = 4


def decide(task: Task, reading: StatusReading, status: Prediction, *, at_risk: bool) -> StatusLabel:
    """Put a predicted label together with the spans that speak for it.

    Parameters
    ----------
    task : Task
    reading : StatusReading
    status : Prediction
    at_risk : bool
        As predicted for a task that goes on; a blocked task always is, a finished one never
        (annotation guideline, rule 5).

    Returns
    -------
    StatusLabel
        With at most four pieces of evidence, in the order of the text.
    """
    if status.label in (Status.BLOCKED, Status.DONE):
        at_risk = status.label == Status.BLOCKED
    return StatusLabel(status, at_risk, _evidence(task, reading, status.label, at_risk=at_risk))


def _evidence(task: Task, reading: StatusReading, label: str, *, at_risk: bool) -> tuple[Evidence, ...]:
    wanted = _EVIDENCE_KINDS.get(label, ())
    if at_risk and label == Status.ON_TRACK:
        wanted = (("delay", "fact"), *wanted)
    found = [
        Evidence(
            hit.field, hit.start, hit.end, getattr(task, hit.field)[hit.start : hit.end], f"cue:{hit.name}"
        )
        for kind, scope in wanted
        for hit in reading.hits
        if (hit.kind, hit.scope, hit.field) == (kind, scope, "result")
    ]
    found = [*_figure_evidence(task, reading.figures, label), *found]
    return tuple(sorted(_without_overlaps(found)[:_MAX_EVIDENCE], key=lambda e: (e.field, e.start)))


def _figure_evidence(task: Task, figures: Sequence[Figure], label: str) -> list[Evidence]:
    """Give the figures that show the goal reached, or short of it."""
    if label == Status.BLOCKED:
        return []
    found = []
    for figure in figures:
        share = _share_of_target(task.result, figure) if figure.field == "result" else None
        if share is None:
            continue
        reached = share >= _BANDS[-1]
        if reached == (label == Status.DONE):
            rule = "figure:reached" if reached else "figure:short"
            found.append(Evidence(figure.field, figure.start, figure.end, figure.text, rule))
    return found


def _without_overlaps(found: Sequence[Evidence]) -> list[Evidence]:
    kept: list[Evidence] = []
    for evidence in found:
        if all(evidence.end <= other.start or other.end <= evidence.start for other in kept):
            kept.append(evidence)
    return kept
