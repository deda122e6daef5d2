"""One sentence a task, made only of the report's own clauses.

Results of administrative reports are long chains of clauses, in which one figure or one obstacle
matters. A field is cut at its joints (`_split`), every clause is valued by the cues, figures and title
words it has (`_value`), and the set of clauses with the highest value under the budget is searched
exactly among the best few (`_choose`). The title's object is put in front where no clause names it.
What counts and how much stands in ``nlp_tasks/resources/summary.toml``. Nothing is reworded, so every
figure and every word of the summary is in the task.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import combinations
from typing import Any

from nlp_tasks.figures import find_figures
from nlp_tasks.lexicon import load_table
from nlp_tasks.schema import Figure, FigureKind, Span, Status, Summary, Task
from nlp_tasks.tokenizer import split_sentences

__all__ = ["SummarySettings", "summarize"]

_Range = tuple[int, int]
_Word = tuple[int, int, str]

_SYLLABLE = re.compile(r"\w+")
_PIECE = re.compile(r"\S+")
# Joints: «làm xong; đang» «xong 3 tổ: A» «đã đo, đang lập» «xong – trong đó»; not «28,1» «1:500» «40-BC».
_JOINT = re.compile(r";|[,:](?=\s)|\s[-–—]\s")
_BRACKET = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|“[^“”]*”|«[^«»]*»")
# Bullets: «- Đã đo», «1. Đã đo», «a) Đã đo»; not «2.748 lao động», «15 hộ».
_TITLE_END = re.compile(r"[;,:.](?=\s|$)|\s\(")
_BULLET = re.compile(r"(?:[\s\-–—+*•·●▪o]*[\-–—+*•·●▪]\s*|\s*\(?\d{1,2}[.)]\s+|\s*[a-zđ]\)\s+)+(?=\S)|\s+")
_PAIRS = {")": "(", "]": "[", "”": "“", "»": "«"}
_TRAILING = " \t\n\r.,;:-–—…/&+"
_COUNTED = frozenset(
    {FigureKind.MONEY, FigureKind.PERCENT, FigureKind.RATIO, FigureKind.AREA, FigureKind.COUNT}
)
_SHARES = frozenset({FigureKind.PERCENT, FigureKind.RATIO})
_HARD = frozenset({"detail", "list"})  # never taken without the clause that they hang on
_NO_VERB = frozenset({"measure", "detail", "cause", "total"})
_WHY = frozenset({"obstacle", "unmet", "behind"})
_ROUTINE = frozenset({"direct", "continue", "ask"})
_NOTHING_YET = _ROUTINE | {"paper"}
_DECISIVE = 0.5  # a cue of this weight decides by itself
_CANDIDATES = 7  # clauses that the exact search is over


@dataclass(frozen=True, slots=True)
class SummarySettings:
    """How long a summary may be and what it may be made of.

    Parameters
    ----------
    max_syllables : int, default 40
        Pieces between spaces, so that nobody's count gives more. Below some 15 little but the figure
        or the obstacle is left.
    max_clauses : int, default 4
        Clauses of the result and plan in one summary; more make a list, not a sentence.
    use_title : bool, default True
        Put the title's object in front where no chosen clause names it.

    Raises
    ------
    ValueError
        If a number is not a positive integer.
    """

    max_syllables: int = 40
    max_clauses: int = 4
    use_title: bool = True

    def __post_init__(self) -> None:
        for name in ("max_syllables", "max_clauses"):
            value = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, int) or value < 1:
                raise ValueError(f"SummarySettings.{name} = {value!r}: phải là số nguyên từ 1 trở lên")


def summarize(task: Task, status: str, settings: SummarySettings | None = None) -> Summary:
    """Summarize a task in one sentence.

    Parameters
    ----------
    task : Task
        Fields in NFC.
    status : {"blocked", "done", "on_track"}
        Decides what counts most: the obstacle with its cause, what was completed, or the figure
        against its target.
    settings : SummarySettings, optional

    Returns
    -------
    Summary
        A sentence with a capital and a full stop, of at most ``settings.max_syllables`` syllables; empty
        only if all fields of the task are. ``sources`` are in the order in which they were used.

    Raises
    ------
    ValueError
        If the status is none of the three.

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
    settings = settings or SummarySettings()
    known = [item.value for item in Status]
    if status not in known:
        raise ValueError(f"trạng thái «{status}» không có; chỉ có: {', '.join(known)}")
    rules = _rules()
    title = _read_title(task.title, rules)
    cost = rules.weights[status]["length"]
    clauses = [
        _fit(getattr(task, clause.field), clause, settings.max_syllables, rules, cost)
        for clause in _read_clauses(task, title, status, rules)
    ]
    parts = _choose(clauses, title, settings, rules)
    return _render(task, parts or _fallback(task, title, settings.max_syllables, rules), rules)


# --- the tables ------------------------------------------------------------------------------------


class _Phrases:
    """Finds phrases of whole syllables, the longest first."""

    def __init__(self, groups: dict[str, Iterable[str]]) -> None:
        self._by_first: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        for group, phrases in groups.items():
            for phrase in phrases:
                words = tuple(phrase.split())
                if words:
                    self._by_first.setdefault(words[0], []).append((words, group))
        for entries in self._by_first.values():
            entries.sort(key=lambda entry: -len(entry[0]))

    def at(self, words: Sequence[_Word], i: int) -> tuple[str, int]:
        """Return the group and length of the phrase that starts at syllable ``i``; length 0 if none."""
        for phrase, group in self._by_first.get(words[i][2], ()):
            n = len(phrase)
            if n == 1 or (i + n <= len(words) and all(words[i + k][2] == phrase[k] for k in range(1, n))):
                return group, n
        return "", 0

    def find(self, words: Sequence[_Word]) -> Iterator[tuple[int, int, str]]:
        """Yield the first syllable, the length and the group of each phrase, without overlaps."""
        i = 0
        while i < len(words):
            group, n = self.at(words, i) if words[i][2] in self._by_first else ("", 0)
            if n:
                yield i, n, group
            i += n or 1


@dataclass(frozen=True, slots=True)
class _Rules:
    cues: _Phrases
    joints: _Phrases
    connectives: _Phrases
    goals: _Phrases
    title_ends: _Phrases
    markers: frozenset[str]
    tenses: frozenset[str]
    future: _Phrases
    stop: frozenset[str]
    no_end: frozenset[str]
    dangling: frozenset[str]
    therefore: _Phrases
    no_subject: frozenset[str]
    common: frozenset[str]
    proper: frozenset[str]
    vacuous: frozenset[str]
    names: dict[str, tuple[str, ...]]
    sizes: dict[str, int]
    weights: dict[str, dict[str, float]]


@cache
def _rules() -> _Rules:
    table: dict[str, Any] = load_table("summary")
    words = table["words"]
    linking = frozenset(words["linking"])
    abbreviations: dict[str, str] = load_table("abbreviations")["abbreviations"]
    return _Rules(
        cues=_Phrases(table["cues"]),
        joints=_Phrases(
            {kind: words[f"joint_{kind}"] for kind in ("detail", "cause", "measure", "verb", "free")}
        ),
        connectives=_Phrases(
            {
                "none": words["no_connectives"],
                "link": linking,
                "drop": [item for item in words["connectives"] if item not in linking],
            }
        ),
        goals=_Phrases({"aim": words["aims"], "goal": words["goals"]}),
        title_ends=_Phrases({"end": words["title_ends"]}),
        markers=frozenset(words["markers"]),
        tenses=frozenset(words["tenses"]),
        future=_Phrases({"future": words["future"]}),
        stop=frozenset(words["stop"]),
        no_end=frozenset(words["no_end"]),
        dangling=frozenset(words["dangling"]),
        therefore=_Phrases({"therefore": words["therefore"]}),
        no_subject=frozenset(words["no_subject"]),
        common=frozenset(words["common"]),
        proper=frozenset(words["proper"]),
        vacuous=frozenset(words["vacuous"]),
        names={
            short.lower(): tuple(_SYLLABLE.findall(full.lower())) for short, full in abbreviations.items()
        },
        sizes=table["sizes"],
        weights=table["weights"],
    )


# --- reading: fields into clauses ------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Clause:
    """A piece of a field that can stand in a summary.

    ``ranges`` are what of the field it says, brackets of mere detail left out; ``kind`` is ``free`` or how
    it hangs on the clause ``head`` (an index, -1 if none); ``subject`` goes before it where that one is
    not taken; ``link`` says whether it opens with a connective: ``""``, ``link`` or ``drop``, which ends
    at ``body``.
    """

    field: str
    sentence: int
    start: int
    end: int
    ranges: tuple[_Range, ...]
    kind: str
    head: int
    link: str = ""
    body: int = 0
    subject: _Range | None = None
    length: int = 0
    subject_length: int = 0
    content: frozenset[str] = frozenset()
    figures: tuple[Figure, ...] = ()
    has_share: bool = False
    value: float = 0.0
    keys: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class _Title:
    """The title and the ways to shorten it; ``core`` are the content syllables of the shortest."""

    whole: _Range
    core: frozenset[str]
    content: frozenset[str]
    figures: tuple[Figure, ...]
    variants: tuple["_Variant", ...]


@dataclass(frozen=True, slots=True)
class _Variant:
    start: int
    end: int
    length: int
    content: frozenset[str]
    has_figure: bool
    has_colon: bool


@dataclass(frozen=True, slots=True)
class _Part:
    """A clause as it goes into the summary."""

    field: str
    ranges: tuple[_Range, ...]
    joiner: str = ""


def _words(text: str) -> list[_Word]:
    return [(match.start(), match.end(), match.group().lower()) for match in _SYLLABLE.finditer(text)]


def _count(text: str) -> int:
    return len(text.split())


def _content(words: Iterable[_Word], rules: _Rules) -> frozenset[str]:
    found: set[str] = set()
    for _, _, word in words:
        if word in rules.names:
            found.update(rules.names[word])
        elif word not in rules.stop:
            found.add(word)
    return frozenset(found - rules.stop)


def _counted(figures: Iterable[Figure]) -> list[Figure]:
    return [figure for figure in figures if figure.kind in _COUNTED]


def _read_title(text: str, rules: _Rules) -> _Title:
    figures = tuple(find_figures(text, "title"))
    words = _words(text)
    variants = []
    whole = _trim(text, _skip_bullet(text, 0, len(text)), len(text))
    for start, end in _title_ranges(text, whole, words, figures, rules):
        inner = [word for word in words if start <= word[0] < end]
        aims = any(start <= figure.start < end for figure in _counted(figures))
        variants.append(
            _Variant(
                start, end, _count(text[start:end]), _content(inner, rules), aims, ": " in text[start:end]
            )
        )
    content = _content(words, rules)
    core = next((variant.content for variant in variants if variant.content), content)
    return _Title(whole, core, content, figures, tuple(variants))


def _title_ranges(
    text: str, whole: _Range, words: Sequence[_Word], figures: Sequence[Figure], rules: _Rules
) -> list[_Range]:
    """Return the title without its goal words, whole and cut before deadlines, commas and brackets."""
    i = next((i for i, word in enumerate(words) if word[0] >= whole[0]), len(words))
    while i < len(words) - 2:
        group, n = rules.goals.at(words, i)
        if not n or len(words) - i - n < 3 or "," in text[words[i][0] : words[i + n][0]]:
            break
        if group == "aim" and not rules.goals.at(words, i + n)[1]:
            break  # without «phấn đấu», «xã đạt chuẩn» would be told as done
        i += n
    start = words[i][0] if i < len(words) else whole[0]
    mask = _mask(text, figures)
    signs = [match for match in _TITLE_END.finditer(text, start)]
    at_signs = [sign.start() for sign in signs if not mask[sign.start()] or "(" in sign.group()]
    at_words = [
        words[k][0]
        for k in range(i, len(words))
        if rules.title_ends.at(words, k)[1] and not mask[words[k][0]]
    ]
    ranges = {_trim(text, start, whole[1])}
    for ends, least in ((at_signs, rules.sizes["title_sign"]), (at_words, rules.sizes["title_word"])):
        cut = (_trim(text, start, end) for end in ends)
        ranges.update((a, b) for a, b in cut if _count(text[a:b]) >= least)
    return sorted((a, b) for a, b in ranges if a < b)


@dataclass(frozen=True, slots=True)
class _Field:
    """A field with what its clauses are cut and valued by; all lists are in the order of the text.

    ``mask`` has one byte a character: 1 where no cut may fall, inside figures and brackets. ``verbs`` are
    the places that show that a verb has been said: ``markers``, of which ``tenses`` are the surest, and
    cues.
    """

    name: str
    text: str
    figures: list[Figure]
    words: list[_Word]
    cues: list[tuple[int, str]]
    mask: bytearray
    verbs: list[int]
    markers: list[int]
    tenses: list[int]
    word_starts: list[int]
    cue_starts: list[int]
    figure_starts: list[int]

    def words_in(self, start: int, end: int) -> list[_Word]:
        return self.words[bisect_left(self.word_starts, start) : bisect_left(self.word_starts, end)]

    def cues_in(self, start: int, end: int) -> list[tuple[int, str]]:
        return self.cues[bisect_left(self.cue_starts, start) : bisect_left(self.cue_starts, end)]

    def figures_in(self, start: int, end: int) -> tuple[Figure, ...]:
        places = self.figure_starts
        return tuple(self.figures[bisect_left(places, start) : bisect_left(places, end)])

    def n_words(self, start: int, end: int) -> int:
        return bisect_left(self.word_starts, end) - bisect_left(self.word_starts, start)

    def has_verb(self, start: int, end: int) -> bool:
        return _any_in(self.verbs, start, end)


def _any_in(places: Sequence[int], start: int, end: int) -> bool:
    return bisect_left(places, end) > bisect_left(places, start)


def _read_clauses(task: Task, title: _Title, status: str, rules: _Rules) -> list[_Clause]:
    clauses: list[_Clause] = []
    for name in ("result", "plan"):
        source = _read_field(name, getattr(task, name), rules)
        if " ".join(word for _, _, word in source.words) not in rules.vacuous:
            _add_clauses(source, clauses, title, rules.weights[status], rules)
    return clauses


def _read_field(name: str, text: str, rules: _Rules) -> _Field:
    figures = find_figures(text, name)
    words = _words(text)
    phrases = list(rules.cues.find(words))
    cues = [(words[i][0], group) for i, _, group in phrases if group != "none"]
    fixed = {k for i, n, group in phrases if group == "none" for k in range(i, i + n)}
    markers = [word for i, word in enumerate(words) if word[2] in rules.markers and i not in fixed]
    verbs = [word[0] for word in markers] + [at for at, group in cues if group not in _NO_VERB]
    return _Field(
        name,
        text,
        figures,
        words,
        cues,
        _mask(text, figures),
        sorted(verbs),
        [word[0] for word in markers],
        [word[0] for word in markers if word[2] in rules.tenses],
        [word[0] for word in words],
        [at for at, _ in cues],
        [figure.start for figure in figures],
    )


def _mask(text: str, figures: Iterable[Figure]) -> bytearray:
    mask = bytearray(len(text) + 1)
    for figure in figures:
        mask[figure.start : figure.end] = b"\1" * (figure.end - figure.start)
    if any(sign in text for sign in "([“«"):
        for match in _BRACKET.finditer(text):
            mask[match.start() : match.end()] = b"\1" * (match.end() - match.start())
    return mask


def _add_clauses(
    source: _Field, clauses: list[_Clause], title: _Title, weights: dict[str, float], rules: _Rules
) -> None:
    """Append the valued clauses of a field.

    A plan reads like something done once it stands beside the result («chấm dứt hợp đồng»), so of a plan
    only what says that it is to come is used, unless nothing was said of the past.
    """
    first = len(clauses)
    told = source.name == "plan" and first > 0
    for number, sentence in enumerate(split_sentences(source.text)):
        opening = len(clauses)
        free: _Clause | None = None
        for start, end, kind in _split(source, sentence.start, sentence.end, rules):
            head = len(clauses) - 1 if len(clauses) > opening and kind != "free" else -1
            if head < 0:
                kind = "free"
            clause = _clause(source, number, (start, end), kind, head, rules)
            if clause is None:
                continue
            if kind in ("verb", "measure") and free is not None:
                clause = _with_subject(source, clause, free, rules)
            elif kind == "free":
                free = clause
            cues = source.cues_in(clause.start, clause.end)
            if told and not rules.future.at(source.words_in(clause.start, clause.end), 0)[1]:
                value = float("-inf")
            else:
                value = _value(clause, cues, len(clauses) - first, len(source.text), title, weights)
                value += weights["plan"] if told else 0.0
            if len(clauses) > opening:
                before = clauses[-1]
                if rules.therefore.at(source.words_in(clause.start, clause.end), 0)[1]:
                    clauses[-1] = replace(before, value=before.value + weights["why"])
                elif kind in ("detail", "cause") and any(
                    group in _WHY for _, group in source.cues_in(before.start, before.end)
                ):
                    value += weights["why"]
            clauses.append(replace(clause, value=value, keys=_keys(clause, cues, weights)))


def _split(source: _Field, start: int, end: int, rules: _Rules) -> list[tuple[int, int, str]]:
    """Cut a sentence at its joints; return (start, end, kind) of each clause."""
    text, mask = source.text, source.mask
    first = bisect_left(source.word_starts, start)
    inner = source.words[first : bisect_left(source.word_starts, end)]
    joints = [match.span() for match in _JOINT.finditer(text, start, end) if not mask[match.end() - 1]]
    joints += [
        (word[0], word[0])
        for i, word in enumerate(inner)
        if word[2] in _BARE and i and not mask[word[0]] and inner[i - 1][2] not in _BARE[word[2]]
    ]
    joints.sort()
    pieces: list[tuple[int, int, str]] = []
    left, left_kind = start, "free"
    comma = -1  # the first one since the last verb: «âm thanh, ánh sáng đã nhập» begins behind it
    for place, (here, after) in enumerate(joints):
        i = bisect_left(source.word_starts, after)
        until = next((at for at, _ in joints[place + 1 : place + 3] if at > here), end)
        if i >= first + len(inner):
            break
        if comma >= 0 and source.has_verb(comma, here):
            comma = -1
        if text[here] != ";" and (source.n_words(left, here) < 3 or source.n_words(after, until) < 3):
            comma = here if comma < 0 and text[here] == "," and here > left else comma
            continue
        kind = _joint_kind(source, left, here, until, i, rules)
        if kind == "clause":
            kind = "free"
            if left < comma:
                if text.count(",", comma, here) > 1 or source.n_words(left, comma) < 3:
                    continue
                here, after = comma, comma + 1
        if kind:
            pieces.append((left, here, left_kind))
            left, left_kind, comma = after, kind, -1
        elif text[here] == "," and comma < 0:
            comma = here
    pieces.append((left, end, left_kind))
    return pieces


# Conjunctions that are joints without a comma, and the syllables before which they are none.
_BARE: dict[str, tuple[str, ...]] = {
    "nhưng": (),
    "nên": ("trở", "làm", "lập", "tạo", "xây", "gây"),
    "do": ("tự", "lý"),
    "vì": ("bởi",),
    "trong": (),
    "tuy": (),
    "song": ("song",),
    "phát": (),
    "nảy": (),
    "gặp": (),
}


def _joint_kind(source: _Field, left: int, here: int, until: int, i: int, rules: _Rules) -> str:
    """Say how what stands behind a joint hangs on what stands before it; empty if it is no joint.

    Parameters
    ----------
    left, here, until : int
        Where the clause before begins, where the joint is, and where the next one is.
    i : int
        The syllable that follows the joint.
    """
    sign = source.text[here]
    kind, n = rules.joints.at(source.words, i)
    long = source.n_words(left, until) > rules.sizes["long"]
    said = source.has_verb(left, here)
    opening = source.words[bisect_left(source.word_starts, left)][2]
    fronted = opening in rules.no_subject and not _any_in(source.tenses, left, here)
    if source.words[i][0] == here:  # a conjunction without a comma
        return _bare_kind(source, here, i, kind, n, long and said, fronted)
    if sign == ";":
        return kind if kind in ("detail", "cause", "measure") else "free"
    if sign == ":":
        if source.words[i - 1][2] in rules.no_end:
            return ""  # «tổng vốn là: 46,8 tỷ đồng»
        return "detail" if said else "free"
    if source.words[i - 1][2].isdigit() and source.words[i][2].isdigit() and here == source.words[i - 1][1]:
        return ""  # «các tháng 5, 7, 9»
    if fronted and kind in ("", "verb", "cause"):
        return ""  # «Sau khi rà soát, chưa …»: what stands in front belongs to what follows
    if n:
        return kind
    if not said or sign != ",":
        return ""
    stop = source.words[min(i + 6, len(source.words)) - 1][0] + 1
    if _any_in(source.tenses, source.words[i][1], min(until, stop)):
        return "clause"
    if _any_in(source.markers, here, min(until, stop)):
        return "free" if source.words[i][2].isdigit() else ""
    return "list" if long else ""


def _bare_kind(
    source: _Field, here: int, i: int, kind: str, n: int, may_be_cause: bool, fronted: bool
) -> str:
    """Say how a conjunction without a comma joins: «nên», «nhưng», «do chưa …», not «do huyện quản lý»."""
    word = source.words[i][2]
    if word in ("nhưng", "nên", "song") or (n > 1 and kind in ("detail", "free")):
        return kind
    if word in ("phát", "nảy", "gặp"):  # «qua rà soát hồ sơ phát sinh vướng mắc»
        return "free" if fronted and any(at == here for at, _ in source.cues_in(here, here + 1)) else ""
    if kind != "cause" or not may_be_cause:
        return ""
    stop = source.words[min(i + 7, len(source.words)) - 1][0] + 1
    why = any(group in _WHY for _, group in source.cues_in(here + 1, stop))
    return "cause" if why or _any_in(source.tenses, here, stop) else ""


def _clause(
    source: _Field, sentence: int, place: _Range, kind: str, head: int, rules: _Rules
) -> _Clause | None:
    """Return the clause of a place without bullet, detail in brackets and end marks; None if it is bare."""
    text = source.text
    start, end = _trim(text, _skip_bullet(text, *place), place[1])
    words = source.words_in(start, end)
    while words and words[-1][2] in rules.dangling:
        end = _trim(text, start, words.pop()[0])[1]
    if not words:
        return None
    link, body = _connective(words, rules)
    if body < 0:
        return None
    figures = source.figures_in(start, end)
    ranges = _without_brackets(text, start, end, figures)
    return _Clause(
        field=source.name,
        sentence=sentence,
        start=start,
        end=end,
        ranges=ranges,
        kind=kind,
        head=head,
        link=link,
        body=body,
        length=sum(_count(text[a:b]) for a, b in ranges),
        content=_content(words, rules),
        figures=figures,
        has_share=any(figure.kind in _SHARES for figure in figures),
    )


def _connective(words: Sequence[_Word], rules: _Rules) -> tuple[str, int]:
    """Return the class of the opening connectives and the place where the clause goes on (-1: nowhere)."""
    i, link = 0, ""
    while i < len(words):
        group, n = rules.connectives.at(words, i)
        if not n or group == "none":
            return link, words[i][0]
        link = group if not link or group == "drop" else link
        i += n
    return link, -1


def _without_brackets(text: str, start: int, end: int, figures: Sequence[Figure]) -> tuple[_Range, ...]:
    """Leave out brackets that hold no percentage or ratio: «(gồm 3 xã)» goes, «(đạt 31% kế hoạch)» stays."""
    if "(" not in text[start:end]:
        return ((start, end),)
    ranges = []
    left = start
    for match in _BRACKET.finditer(text, start, end):
        a, b = match.span()
        kept = any(a <= figure.start < b and figure.kind in _SHARES for figure in figures)
        if text[a] == "(" and a > start and not kept:
            ranges.append(_trim(text, left, a))
            left = b + 1 if text[b : b + 1] == " " else b
    ranges.append(_trim(text, left, end))
    return tuple((a, b) for a, b in ranges if a < b)


def _with_subject(source: _Field, clause: _Clause, free: _Clause, rules: _Rules) -> _Clause:
    """Give a clause that opens with its verb the subject of the last clause that has one."""
    words = source.words_in(free.body, free.end)
    orders = {at for at, group in source.cues_in(free.body, free.end) if group in ("direct", "continue")}
    verbs = orders.union(source.markers)
    verb = next((i for i, word in enumerate(words) if word[0] in verbs), 0)
    if not 0 < verb <= rules.sizes["subject"] or words[0][2] in rules.no_subject:
        return clause
    start, end = _trim(source.text, words[0][0], words[verb][0])
    if "," in source.text[start:end] or source.figures_in(start, end):
        return clause
    return replace(clause, subject=(start, end), subject_length=_count(source.text[start:end]))


def _skip_bullet(text: str, start: int, end: int) -> int:
    match = _BULLET.match(text, start, end)
    return match.end() if match else start


def _trim(text: str, start: int, end: int) -> _Range:
    while end > start and text[end - 1] in _TRAILING:
        end -= 1
    while start < end and text[start] in _TRAILING:
        start += 1
    return start, end


# --- valuing and choosing --------------------------------------------------------------------------


def _value(
    clause: _Clause,
    cues: Sequence[tuple[int, str]],
    place: int,
    size: int,
    title: _Title,
    weights: dict[str, float],
) -> float:
    """Return what a clause is worth by itself, its length taken off."""
    value = weights["base"] + weights["early"] * (1 - clause.start / max(size, 1))
    groups = {group for _, group in cues}
    if place == 0 and not groups & _NOTHING_YET:
        value += weights["first"]
    if not groups and not clause.figures:
        value += weights["bare"]
    counted = _counted(clause.figures)
    if counted:
        value += weights["figure"]
        if any(figure.kind in _SHARES for figure in counted):
            value += weights["percent"] * (1.0 if "measure" in groups else 0.6)
        if any(_same_aim(figure, aim) for figure in counted for aim in _counted(title.figures)):
            value += weights["target"]
    if title.content:
        value += weights["overlap"] * len(clause.content & title.content) / len(title.content)
    if any(weights[group] >= _DECISIVE for group in groups):
        groups -= _ROUTINE  # «qua rà soát phát sinh vướng mắc» is an obstacle, not a check
    value += sum(weights[group] for group in sorted(groups))
    whole = clause.kind == "detail" and any(weights[group] >= _DECISIVE for group in groups)
    if clause.kind in _HARD and not whole and value > 0:
        value *= weights["part"]
    return value - weights["length"] * clause.length


def _same_aim(figure: Figure, aim: Figure) -> bool:
    """Say whether a figure can be set against the title's: the same number, its part, or its unit."""
    return (
        figure.value == aim.value
        or (figure.kind == FigureKind.RATIO and aim.text.split()[0] in figure.text.split("/"))
        or (bool(aim.unit) and figure.unit == aim.unit)
    )


def _keys(clause: _Clause, cues: Sequence[tuple[int, str]], weights: dict[str, float]) -> tuple[int, ...]:
    """Return the places of what must not be cut off, the most valued first."""
    places = [(weights[group], at) for at, group in cues if weights[group] > 0]
    for figure in _counted(clause.figures):
        worth = weights["figure"] + (weights["percent"] if figure.kind in _SHARES else 0.0)
        places.append((worth + 0.1, figure.end - 1))
    return tuple(at for _, at in sorted(places, key=lambda place: (-place[0], place[1])))


def _choose(
    clauses: Sequence[_Clause], title: _Title, settings: SummarySettings, rules: _Rules
) -> list[_Part]:
    """Return the parts of the best set of clauses that fits, empty if none does."""
    weights = rules.weights["set"]
    usable = [i for i, clause in enumerate(clauses) if clause.value > float("-inf")]
    best = sorted(usable, key=lambda i: (-clauses[i].value, i))[:_CANDIDATES]
    kept = set(best)
    for i in best:
        head = clauses[i].head
        if clauses[i].kind in _HARD and head >= 0:
            kept.add(head)
    pool = sorted(kept)
    top: tuple[float, tuple[int, ...], _Variant | None] = (float("-inf"), (), None)
    for size in range(1, min(settings.max_clauses, len(pool)) + 1):
        for chosen in combinations(pool, size):
            scored = _score(chosen, clauses, title, settings, weights)
            if scored is not None and scored[0] > top[0]:
                top = (scored[0], chosen, scored[1])
    return _parts(top[1], top[2], clauses) if top[1] else []


def _score(
    chosen: tuple[int, ...],
    clauses: Sequence[_Clause],
    title: _Title,
    settings: SummarySettings,
    weights: dict[str, float],
) -> tuple[float, _Variant | None] | None:
    """Return the value of a set and the title variant to put before it; None if it can't stand."""
    length, value, shares = 0, 0.0, 0
    seen: frozenset[str] = frozenset()
    for i in chosen:
        clause = clauses[i]
        length += clause.length
        value += clause.value
        if clause.kind != "free" and clause.head >= 0 and clause.head not in chosen:
            if clause.kind in _HARD:
                return None
            if clause.subject is None:
                value -= weights["orphan"]
            else:
                length += clause.subject_length
        if length > settings.max_syllables:
            return None
        if seen and clause.content:
            value -= weights["redundancy"] * len(clause.content & seen) / len(clause.content)
        seen |= clause.content
        shares += clause.kind == "free" and clause.has_share
    value -= weights["again"] * max(shares - 1, 0)
    gain, variant = 0.0, None
    if settings.use_title and title.content:
        has_figure = any(_counted(clauses[i].figures) for i in chosen)
        for item in title.variants:
            if length + item.length <= settings.max_syllables:
                new = weights["title"] * len(title.core - seen) / max(len(title.core), 1)
                new += weights["rest"] * len(item.content - title.core - seen) / len(title.content)
                new -= weights["title_length"] * item.length
                if item.has_figure and has_figure:
                    new += weights["aim"]
                if new > gain:
                    gain, variant = new, item
    return value + gain, variant


def _parts(chosen: Sequence[int], variant: _Variant | None, clauses: Sequence[_Clause]) -> list[_Part]:
    parts = []
    if variant is not None:
        parts.append(_Part("title", ((variant.start, variant.end),)))
    before = -1
    for i in chosen:
        clause = clauses[i]
        follows = before == i - 1 and before >= 0 and clauses[before].field == clause.field
        ranges = clause.ranges
        kept = follows and clause.link == "link"
        if clause.link and not kept:
            ranges = ((max(clause.body, ranges[0][0]), ranges[0][1]), *ranges[1:])
        orphan = clause.head >= 0 and clause.head not in chosen
        if orphan and clause.subject is not None:
            ranges = (clause.subject, *ranges)
        if before < 0:
            joiner = ":" if variant is None or not variant.has_colon else ";"
        else:
            same = follows and clauses[before].sentence == clause.sentence
            joiner = _joiner(clauses[before], clause, same=same, kept=kept)
        parts.append(_Part(clause.field, ranges, joiner))
        before = i
    return parts


def _joiner(before: _Clause, clause: _Clause, *, same: bool, kept: bool) -> str:
    """Return the sign between two chosen clauses; ``"="`` stands for what the text has there."""
    if same:
        return "="
    if kept:
        return ","
    dependent = clause.kind != "free" and clause.subject is None and clause.field == before.field
    return "," if dependent and clause.sentence == before.sentence else ";"


# --- cutting what is too long ----------------------------------------------------------------------


def _fit(text: str, clause: _Clause, budget: int, rules: _Rules, cost: float) -> _Clause:
    """Return the clause cut down to the budget around what must not be lost."""
    if clause.length <= budget:
        return clause
    first, *rest = clause.ranges
    whole = [(min(max(first[0], clause.body), first[1] - 1), first[1]), *rest]
    ranges = _cut(text, whole, clause.keys, clause.figures, budget, rules)
    length = sum(_count(text[a:b]) for a, b in ranges)
    return replace(
        clause,
        ranges=ranges,
        length=length,
        link="",
        subject=None,
        value=clause.value + cost * (clause.length - length),
    )


def _cut(
    text: str,
    ranges: Sequence[_Range],
    keys: Sequence[int],
    figures: Sequence[Figure],
    budget: int,
    rules: _Rules,
) -> tuple[_Range, ...]:
    """Return at most ``budget`` syllables in a row that hold the first key and end in no loose word."""
    tokens = [match.span() for a, b in ranges for match in _PIECE.finditer(text, a, b)]
    last = len(tokens) - 1
    key = next((i for i, token in enumerate(tokens) if keys and token[0] <= keys[0] < token[1]), 0)
    is_figure = any(figure.start <= keys[0] < figure.end for figure in figures) if keys else False
    wanted = min(last, key if is_figure else key + min(6, budget // 2))
    first = 0
    if wanted >= budget:
        earliest = wanted - budget + 1
        good = [i for i in range(earliest, key + 1) if _opens(text, tokens, i, rules)]
        first = good[0] if good else min(earliest, key)
    end = min(first + budget, last + 1)
    if end <= last:
        commas = [i for i in range(max(wanted, first + budget // 2), end) if text[tokens[i][1] - 1] in ",;"]
        floor = max(first, key if is_figure else first) + 1
        if commas:
            end = commas[-1] + 1
        else:
            while end > floor and _is_loose(text, tokens[end - 1], figures, rules):
                end -= 1
    kept = tuple(_merge(text, tokens[first:end], ranges))
    worded = [token for token in tokens if _SYLLABLE.search(text, *token)]
    return kept or tuple((worded or tokens)[:1])


def _opens(text: str, tokens: Sequence[_Range], i: int, rules: _Rules) -> bool:
    """Say whether a cut clause may begin at a piece: behind a comma, or with its verb."""
    word = text[slice(*tokens[i])].lower()
    return i == 0 or text[tokens[i - 1][1] - 1] in ",;:" or word in rules.markers


def _is_loose(text: str, token: _Range, figures: Sequence[Figure], rules: _Rules) -> bool:
    word = text[slice(*token)].strip(_TRAILING)
    inside = any(figure.start < token[1] < figure.end for figure in figures)
    return inside or not word or word.lower() in rules.no_end or word[-1].isdigit() or word[0] in "(“«"


def _merge(text: str, tokens: Sequence[_Range], ranges: Sequence[_Range]) -> Iterator[_Range]:
    for a, b in ranges:
        inner = [token for token in tokens if a <= token[0] < b]
        if inner:
            start, end = _trim(text, inner[0][0], inner[-1][1])
            if start < end:
                yield start, end


def _fallback(task: Task, title: _Title, budget: int, rules: _Rules) -> list[_Part]:
    """Return the title of a task without clauses, or whatever text it has."""
    if title.whole[0] < title.whole[1] and _count(task.title[slice(*title.whole)]) <= budget:
        return [_Part("title", (title.whole,))]
    for name in ("title", "result", "plan"):
        text: str = getattr(task, name)
        start, end = _trim(text, _skip_bullet(text, 0, len(text)), len(text))
        if start < end:
            figures = find_figures(text, name)
            return [_Part(name, _cut(text, ((start, end),), (), figures, budget, rules))]
    for name in ("title", "result", "plan"):
        text = getattr(task, name)
        pieces = [match.span() for match in _PIECE.finditer(text)][:budget]
        if pieces:
            return [_Part(name, ((pieces[0][0], pieces[-1][1]),))]
    return []


# --- writing ---------------------------------------------------------------------------------------


def _render(task: Task, parts: Sequence[_Part], rules: _Rules) -> Summary:
    """Join the parts, tidy the sentence, and keep where each piece came from."""
    sentence = ""
    sources: list[Span] = []
    for part in parts:
        text: str = getattr(task, part.field)
        piece = " ".join(" ".join(text[a:b].split()) for a, b in part.ranges)
        if sentence:
            joiner = part.joiner
            if joiner == "=":
                joiner = _sign(text[sources[-1].end : part.ranges[0][0]])
            sentence += f"{joiner} {_lower_first(piece, rules)}"
        else:
            sentence = piece
        sources.extend(Span(part.field, a, b, text[a:b]) for a, b in part.ranges)
    return Summary(_tidy(sentence), tuple(sources))


def _sign(gap: str) -> str:
    """Return the sign that stands between two clauses of a text, a comma for a dash."""
    for sign in ";:,":
        if sign in gap:
            return sign
    return "," if any(sign in gap for sign in "-–—") else ""


def _lower_first(text: str, rules: _Rules) -> str:
    """Put a sentence's capital in small letters: «Tỉnh đã duyệt», but not «Hà Nội đã duyệt», «UBND xã»."""
    words = list(_SYLLABLE.finditer(text[:60]))[:2]
    if not words or words[0].start() or not words[0].group()[:1].isupper():
        return text
    first = words[0].group()
    common = first.lower() in rules.stop or first.lower() in rules.markers or first.lower() in rules.common
    second = words[1].group() if len(words) > 1 else ""
    name = len(second) > 1 and second.isalpha() and second.istitle()
    spaced = text[words[0].end() : words[0].end() + 1].isspace()
    if not spaced or first[1:] != first[1:].lower() or first in rules.proper or (name and not common):
        return text
    small = first[0].lower()
    return small + text[1:] if small.upper() == first[0] else text


def _tidy(sentence: str) -> str:
    """Return the sentence with balanced brackets, a capital and one full stop."""
    balanced = re.sub(r"\s+(?=[,;:.])", "", _balance(" ".join(sentence.split())))
    bare = balanced.strip(_TRAILING)
    if not bare:
        return sentence
    capital = bare[0].upper()
    return (capital if capital.lower() == bare[0] else bare[0]) + bare[1:] + "."


def _balance(sentence: str) -> str:
    """Drop brackets and quotation marks that have lost their partner."""
    if not any(sign in sentence for sign in '()[]“”«»"'):
        return sentence
    open_at: list[int] = []
    loose: set[int] = set()
    for i, sign in enumerate(sentence):
        if sign in _PAIRS.values():
            open_at.append(i)
        elif sign in _PAIRS:
            if open_at and sentence[open_at[-1]] == _PAIRS[sign]:
                open_at.pop()
            else:
                loose.add(i)
    loose.update(open_at)
    if sentence.count('"') % 2:
        loose.add(sentence.rindex('"'))
    kept: list[str] = []
    for i, sign in enumerate(sentence):
        after = next((j for j in range(i + 1, len(sentence)) if j not in loose), i)
        # Between two letters the sign stays, since without it they would become one word.
        joins = bool(kept) and _SYLLABLE.match(kept[-1]) and _SYLLABLE.match(sentence[after])
        if i not in loose or joins:
            kept.append(sign)
    return " ".join("".join(kept).split())
