"""Values clauses and finds the set of them that is worth most under the budget."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from nlp_tasks.schema import FigureKind
from nlp_tasks.summarize.clauses import Clause, Field, Piece, find_repeat, read_clauses
from nlp_tasks.summarize.phrasing import find_titles, shorten
from nlp_tasks.summarize.rules import Rules

__all__ = ["choose"]

_SHARES = frozenset({FigureKind.PERCENT, FigureKind.RATIO})
_COUNTED = _SHARES | {FigureKind.MONEY, FigureKind.AREA, FigureKind.COUNT}
_CANDIDATES = 7  # clauses that the search is over
_MOST = 4  # clauses of one summary; more make a list


@dataclass(frozen=True, slots=True)
class _Item:
    """A piece with what it counts in a summary, its value in units of one good clause."""

    piece: Piece
    length: int
    content: frozenset[str]
    kinds: frozenset[FigureKind]
    value: float = 0.0
    sentence: tuple[str, int] = ("", 0)
    body: int = 0
    hangs: bool = False


def choose(
    title: Field, others: Iterable[Field], status: str, budget: int, rules: Rules
) -> list[tuple[str, Piece]]:
    """Return the pieces of the best summary within the budget and their signs; none if there are no clauses.

    A status without weights of its own counts as ``on_track``.
    """
    weights = rules.weights.get(status, rules.weights["on_track"])
    aim = _content(title.words, rules)
    items: list[_Item] = []
    for field in others:
        told = bool(items)
        for place, clause in enumerate(read_clauses(field, rules)):
            # A plan reads like something done once it stands beside the result («chấm dứt hợp đồng»).
            opening = rules.phrases["openings"].at(field.words, field.index(clause.body))[0]
            if not told or opening == "future":
                items.append(_value(clause, weights["first"] * (place == 0), aim, budget, weights, rules))
    titles = [_measure(piece, rules) for piece in find_titles(title, rules)]
    return _search(items, titles, aim, budget, rules)


def _content(words: Iterable[str], rules: Rules) -> frozenset[str]:
    return frozenset(words) - rules.words["stop"]


def _measure(piece: Piece, rules: Rules) -> _Item:
    kinds = frozenset(figure.kind for figure in piece.figures) & _COUNTED
    return _Item(piece, len(piece.spans), _content(piece.words, rules), kinds)


def _value(
    clause: Clause, extra: float, aim: frozenset[str], budget: int, weights: Mapping[str, float], rules: Rules
) -> _Item:
    """Say what a clause is worth by itself, cut down to the budget around what is worth most in it."""
    piece = clause.piece
    item = _measure(piece, rules)
    groups = {group for _, group in piece.cues}
    value = extra + weights["base"] + weights["early"] * (1 - piece.start / len(piece.field.text))
    value += sum(weights[group] for group in sorted(groups))
    value += weights["overlap"] * len(item.content & aim) / max(len(aim), 1)
    if item.content <= aim and not piece.has_verb:
        value = float("-inf")  # only the title's own words and figure
    if item.kinds:
        value += weights["figure"] + weights["percent"] * bool(item.kinds & _SHARES)
    elif not groups:
        value += weights["bare"]
    if item.length > budget:
        keys = [(weights[group], -at) for at, group in piece.cues]
        for figure in piece.figures:
            worth = weights["figure"] + weights["percent"] * (figure.kind in _SHARES)
            keys += [(worth, 1 - figure.end)] if figure.kind in _COUNTED else []
        key = -max(keys, default=(0.0, -piece.start))[1]
        piece = shorten(Piece(piece.field, clause.body, piece.end), max(key, clause.body), budget, rules)
        item = replace(item, piece=piece, length=len(piece.spans))
    return replace(
        item,
        value=value - weights["length"] * item.length,
        sentence=(piece.field.name, clause.sentence),
        body=clause.body,
        hangs=clause.hangs,
    )


def _search(
    items: Sequence[_Item], titles: Sequence[_Item], aim: frozenset[str], budget: int, rules: Rules
) -> list[tuple[str, Piece]]:
    """Try all sets of the best clauses, each with and without the title that suits it."""
    weights = rules.weights["set"]
    ranked = sorted(range(len(items)), key=lambda i: (-items[i].value, i))[:_CANDIDATES]
    top, best = float("-inf"), list[tuple[str, Piece]]()
    for size in range(1, _MOST + 1):
        for places in combinations(sorted(ranked), size):
            chosen = [items[i] for i in places]
            room = budget - sum(item.length for item in chosen)
            if room < 0:
                continue
            value = _worth(chosen, weights)
            gain, title = _best_title(titles, chosen, aim, room, weights)
            for total, front in ((value + gain, title), (value, None)):
                parts = _join(front, chosen) if total > top else []
                if parts and not _repeats(parts):
                    top, best = total, parts
    return best


def _worth(chosen: Sequence[_Item], weights: Mapping[str, float]) -> float:
    """Return the value of a set of clauses, less what they repeat; minus infinity if one would mislead."""
    value = 0.0
    said: frozenset[str] = frozenset()
    for before, item in zip([None, *chosen], chosen, strict=False):
        if item.hangs and not _adjoins(before, item):
            if before:
                return float("-inf")  # «thu 52 tỷ; bằng 30%» of another sum
            value -= weights["orphan"]
        value += item.value
        value -= weights["redundancy"] * len(item.content & said) / max(len(item.content), 1)
        said |= item.content
    return value


def _best_title(
    titles: Sequence[_Item],
    chosen: Sequence[_Item],
    aim: frozenset[str],
    room: int,
    weights: Mapping[str, float],
) -> tuple[float, Piece | None]:
    """Return the title that adds most to what the clauses say, and how much; none if all cost more."""
    said = frozenset().union(*(item.content for item in chosen))
    has_figure = any(item.kinds for item in chosen)
    gain, best = 0.0, None
    for title in titles:
        if title.length <= room:
            core = titles[0].content
            new = weights["title"] * len(core - said) / max(len(core), 1)
            new += weights["rest"] * len(title.content - core - said) / max(len(aim), 1)
            new += weights["aim"] * (has_figure and bool(title.kinds))
            new -= weights["title_length"] * title.length
            if new > gain:
                gain, best = new, title.piece
    return gain, best


def _join(title: Piece | None, chosen: Sequence[_Item]) -> list[tuple[str, Piece]]:
    """Put the title in front; clauses that stand side by side in a sentence stay one piece."""
    sign = ";" if title and ": " in title.field.text[title.start : title.end] else ":"
    parts = [("", title)] if title else []
    for before, item in zip([None, *chosen], chosen, strict=False):
        piece = item.piece
        if before and _adjoins(before, item):
            first_sign, first = parts.pop()
            parts.append((first_sign, Piece(piece.field, first.start, piece.end)))
        else:
            sign = ("," if item.hangs and item.sentence == before.sentence else ";") if before else sign
            parts.append((sign, Piece(piece.field, max(piece.start, item.body), piece.end)))
    return parts


def _adjoins(before: _Item | None, item: _Item) -> bool:
    """Say whether nothing but signs stands between two clauses of a sentence."""
    if before is None or before.sentence != item.sentence:
        return False
    between = item.piece.field.text[before.piece.end : item.piece.start]
    return not any(sign.isalnum() for sign in between)


def _repeats(parts: Iterable[tuple[str, Piece]]) -> bool:
    words = [word for _, piece in parts for word in piece.words]
    return find_repeat(words, 0, len(words)) < len(words)
