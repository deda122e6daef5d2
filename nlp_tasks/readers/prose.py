"""A report without a table -> drafts of tasks.

Offices write three forms, often mixed: numbered items with labelled parts («- Kết quả: …», «- Phương
hướng: …»), running paragraphs («1. Về …: … Thời gian tới, …»), and two parts of the document whose
items answer each other («A. KẾT QUẢ …», «B. NHIỆM VỤ QUÝ II»). The wordings are a table,
``resources/headers.toml``.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import zip_longest

from nlp_tasks.lexicon import load_table
from nlp_tasks.readers.plain import (
    HEADING,
    UPPER,
    fold,
    is_closing,
    is_heading,
    nested,
    phrases,
    starts_section,
)
from nlp_tasks.readers.tables import Draft

__all__ = ["Line", "Prose", "drafts_from_lines"]

# «1. Lập …», «2.1) …», «3/ …», «4.Lập …», «Nhiệm vụ 5: …»; not «1.500 hộ», «2024 là …», «15/3/2024».
_NUMBERED = re.compile(
    r"(?:(?i:nhiệm vụ(?: số| thứ)?)\s+)?(?P<a>\d{1,3}(?:\.\d{1,2})*)\s*[.)/:]\s+(?=\S)"
    rf"|(?P<b>\d{{1,3}}(?:\.\d{{1,2}})*)\s*[.)](?=[{UPPER}])"
    r"|(?P<c>\d{1,2}(?:\.\d{1,2})+)\s+(?=[^\W\d])"
)
# «a) Đầu tư công»; not «a. m.» nor «(a)»
_LETTERED = re.compile(r"(?P<a>[a-zđ])\s*\)\s*(?=\S)")
# «- Lập …», «+ Lập …»; not «-5%»
_BULLET = re.compile(r"[-+*•–—▪o]\s+(?=\S)|[-+*•–—▪]\s*(?=[^\W\d_])")
_SENTENCE_START = re.compile(rf"(?<=[.;!?])\s+(?=[{UPPER}0-9])")
_LEVELS = {"part": r"(?i:phần)\s", "roman": r"[IVX]+\b", "letter": r"[A-HĐ]\b", "digit": r"\d"}
_SENTENCE_END = re.compile(r"[.;:!?]['\"”’)]*$")
_TITLE_END = re.compile(r":\s+(?![^()]*\))")
_ABOUT = re.compile(r"Về (?:việc )?(?=\S)")
# «quý II», «6 tháng cuối năm», «thời gian tới»: what makes «II. Nhiệm vụ …» a part of the document
_TIME = re.compile(r"\b(?:quy (?:[ivx]+|\d)|thang|nam \d{4}|thoi gian toi|quy toi|nam)\b")
_MARGINS = (60, 140)  # characters; a text whose longest line is shorter or longer isn't wrapped
_MATCH_SHARE = 0.3  # of the weight of a plan's words that its task must share where numbers don't tell
_NUMBER_TRUST = 0.5  # of the best match by wording that the match by number must reach


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the text: its number in the file, counted from 1, and the run of lines it stands in."""

    number: int
    text: str
    piece: int = 0


@dataclass(frozen=True, slots=True)
class Prose:
    """What was read: the lines before the first task or heading, the drafts, notes for the user.

    ``start`` is the number of the line that follows the head.
    """

    head: tuple[str, ...]
    drafts: list[Draft]
    notes: tuple[str, ...] = ()
    start: int = 0


@dataclass(slots=True)
class _Item:
    """An item in the making: its paragraphs, in the order of the text, and which of them are bullets."""

    line: int
    number: str
    section: str
    part: str
    paragraphs: list[str] = field(default_factory=list)
    marks: list[str] = field(default_factory=list)

    def add(self, text: str, mark: str = "") -> None:
        """Append a paragraph; ``mark`` is the bullet or letter before it."""
        self.paragraphs.append(text)
        self.marks.append(mark)


def drafts_from_lines(lines: Sequence[Line]) -> Prose:
    """Find the tasks of running text.

    Parameters
    ----------
    lines : sequence of Line
        The whole text; empty lines may stand in it.

    Returns
    -------
    Prose

    Examples
    --------
    >>> text = ["I. Lĩnh vực kinh tế", "1. Lập quy hoạch chung thành phố", "- Kết quả: Đã chọn nhà thầu.",
    ...         "- Phương hướng: Trình thẩm định."]
    >>> draft = drafts_from_lines([Line(n, t) for n, t in enumerate(text, 1)]).drafts[0]
    >>> draft.section, draft.cells["plan"]
    ('I. Lĩnh vực kinh tế', 'Trình thẩm định.')
    """
    body = [line for line in lines if line.text]
    body = body[: _closing(body)]
    addressed = _after_addressees(body)
    opener = _opener(body[addressed:])
    start = next(
        (n for n in range(addressed, len(body)) if is_heading(body[n].text) or opener.match(body[n].text)),
        len(body),
    )
    start = _with_heading_above(body, start)
    head = tuple(line.text for line in body[:start])
    items = _without_false_parts([part for item in _items(body[start:], opener) for part in _children(item)])
    results = [item for item in items if item.part not in ("plan", "other")]
    drafts = [_draft(item) for item in _without_group_titles(results)]
    unmatched = _attach_plans(drafts, [item for item in items if item.part == "plan"])
    others = sum(1 for item in items if item.part == "other")
    notes = tuple(
        f"{count} mục {what}, đã bỏ qua"
        for count, what in (
            (unmatched, "phương hướng không khớp với nhiệm vụ nào"),
            (others, "thuộc phần hạn chế, kiến nghị hoặc đánh giá chung"),
        )
        if count
    )
    first = body[start].number if start < len(body) else (body[-1].number + 1 if body else 0)
    return Prose(head, drafts, notes, first)


def _closing(lines: Sequence[Line]) -> int:
    """Return the position of the first line that closes the report.

    Besides the signature block it is the paragraph that ends a document by rule with «./.», where it
    stands by itself and is no item.
    """
    for n in range(1, len(lines)):
        text = lines[n].text
        alone = lines[n].piece != lines[n - 1].piece
        if is_closing(text) or (
            alone and text.endswith("./.") and not _NUMBERED.match(text) and not _BULLET.match(text)
        ):
            return n
    return len(lines)


def _after_addressees(lines: Sequence[Line]) -> int:
    """Return the position after «Kính gửi: - UBND tỉnh; - Huyện ủy.», whose dashes are no tasks."""
    for n, line in enumerate(lines):
        if fold(line.text[:20]).startswith("kinh gui"):
            end = n + 1
            while end < len(lines) and lines[end].piece == line.piece and _BULLET.match(lines[end].text):
                end += 1
            return end
    return 0


def _opener(lines: Sequence[Line]) -> re.Pattern[str]:
    """Return the pattern of what opens a task here: a number, or else a letter, or else the first bullet."""
    for pattern in (_NUMBERED, _LETTERED):
        if any(pattern.match(line.text) for line in lines):
            return pattern
    mark = next((match[0].strip() for line in lines if (match := _BULLET.match(line.text))), "-")
    marks = "[-–—]" if mark in "-–—" else re.escape(mark)
    return re.compile(rf"(?={marks})(?:{_BULLET.pattern})")


def _with_heading_above(lines: Sequence[Line], start: int) -> int:
    """Begin at a heading in capitals above the first item, where running text parts it from the title."""
    if start < 2 or start >= len(lines):
        return start
    above, before = lines[start - 1].text, lines[start - 2].text
    return start - 1 if _is_capital_heading(above) and not before.isupper() else start


def _is_capital_heading(text: str) -> bool:
    """Tell «LĨNH VỰC KINH TẾ» alone in its line, without a number; not «UBND»."""
    short = 1 < len(text.split()) <= 30
    return short and text.isupper() and not _BULLET.match(text) and not _NUMBERED.match(text)


def _items(lines: Sequence[Line], opener: re.Pattern[str]) -> Iterator[_Item]:
    """Walk the lines and give each item with the paragraphs that belong to it."""
    section, part, item = "", _Part("", ""), None
    full = _full_line(lines)
    longest = max((len(line.text) for line in lines), default=0)
    above = Line(0, "")
    for line in lines:
        wrapped = len(above.text) >= full  # so that the sentence above may go on
        if wrapped and item and _had_no_room(line.text, above.text, longest):
            item.paragraphs[-1] = f"{item.paragraphs[-1]} {line.text}"
        elif _is_any_heading(line.text, opener):
            if item:
                yield item
            part = _part_at(line.text, part)
            section, item = line.text, None
        elif match := _opening(line, above, item, opener, wrapped=wrapped):
            if item:
                yield item
            number = _number(match)
            item = _Item(line.number, number, section, part.role)
            item.add(line.text[match.end() :], match[0].strip())
        elif item:
            _continue(item, line.text, wrapped=wrapped)
        above = line
    if item:
        yield item


def _had_no_room(text: str, above: str, longest: int) -> bool:
    """Tell whether a line's first word only stands there since the line above, inside a sentence, was full.

    So «- Lào Cai …» below «cao tốc Nội Bài» is no bullet, nor is «IV. Sau đó …» below «quý» a heading.
    """
    room = longest - len(above) - 1
    return len(text.split(maxsplit=1)[0]) > room and not _SENTENCE_END.search(above) and not _label(text)


def _is_any_heading(text: str, opener: re.Pattern[str]) -> bool:
    if is_heading(text) or _is_capital_heading(text):
        return True
    match = opener.match(text)
    return match is not None and match[0][0].isdigit() and _is_part_title(text[match.end() :])


def _is_part_title(text: str) -> bool:
    """Tell whether an item is only a part's heading: «Kết quả đạt được», not «Kế hoạch đầu tư công»."""
    folded = fold(text).rstrip(":. ")
    return any(folded in phrases("part_titles", role) for role in load_table("headers")["part_titles"])


def _opening(
    line: Line, above: Line, item: _Item | None, opener: re.Pattern[str], *, wrapped: bool
) -> re.Match[str] | None:
    """Return the match of what opens an item; right below a heading any bullet does.

    And so does the next of its kind. Where the sentence above goes on, only the next number opens one:
    «… trước ngày» above «20. Trong đó».
    """
    match = opener.match(line.text)
    if not match and (item is None or not item.number):
        bullet = _BULLET.match(line.text)
        return bullet if bullet and (item is None or bullet[0].strip() == item.marks[0]) else None
    if match and item and wrapped and not _SENTENCE_END.search(above.text):
        number = _number(match)
        return match if not number or _follows(number, item.number) else None
    return match


def _number(match: re.Match[str]) -> str:
    """Return the number or letter of what opens an item; a bullet has none."""
    return next(filter(None, match.groups()), "")


def _follows(number: str, above: str) -> bool:
    """Tell whether a number comes after another in a list: 4 after 3 or 3.2, 3.1 after 3, 1 anywhere."""
    head, before = number.split("."), above.split(".")
    return (
        number == "1"
        or number.startswith(f"{above}.")
        or any(
            a.isdecimal() and b.isdecimal() and int(a) == int(b) + 1 and head[:n] == before[:n]
            for n, (a, b) in enumerate(zip(head, before, strict=False))
        )
    )


def _full_line(lines: Sequence[Line]) -> float:
    """Return the length from which a line counts as cut at the margin; infinite in unwrapped text.

    A text is wrapped if it has a margin and half of the lines that reach it stop inside a sentence.
    """
    longest = max((len(line.text) for line in lines), default=0)
    if not _MARGINS[0] <= longest <= _MARGINS[1]:
        return float("inf")
    full = 0.75 * longest
    reaching = [line.text for line in lines if len(line.text) >= full]
    cut = sum(1 for text in reaching if not _SENTENCE_END.search(text))
    return full if 2 * cut >= len(reaching) else float("inf")


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of the document: "result", "plan", "other" or "", and the kind of its heading's number."""

    role: str
    level: str


def _without_false_parts(items: list[_Item]) -> list[_Item]:
    """Make tasks again of items that a heading such as «I. Các nhiệm vụ trọng tâm quý III» has misled about.

    What says a result of its own is a task in any part; and plans without anything to go on from are
    the report's tasks.
    """
    for item in items:
        if any((found := _label(text)) and found[0] == "result" for text in item.paragraphs[1:]):
            item.part = ""
    if all(item.part in ("plan", "other") for item in items):
        for item in items:
            item.part = ""
    return items


def _part_at(heading: str, current: _Part) -> _Part:
    """Return the part that a heading opens; below a part's heading, those of another kind stay in it."""
    level = _level(heading)
    if role := _part_of(heading):
        return _Part(role, level)
    return _Part("", level) if level == current.level else current


def _level(heading: str) -> str:
    """Return the kind of a heading's number: Roman, letter, digit, «Phần», or none."""
    return next((level for level, pattern in _LEVELS.items() if re.match(pattern, heading)), "")


def _part_of(heading: str) -> str:
    """Return "result", "plan" or "other" for the heading of a document's part, else an empty string.

    A part is a letter, «Phần …», all capitals, or names a time: «B. NHIỆM VỤ QUÝ II», «II. Phương
    hướng quý II»; «I. Nhiệm vụ trọng tâm theo Chương trình công tác» is a section.
    """
    text = _NUMBERED.sub("", HEADING.sub("", heading, count=1), count=1)
    folded = fold(text)
    parts = load_table("headers")["parts"]
    role = next((role for role in parts if folded.startswith(phrases("parts", role))), "")
    marked = text.isupper() or re.match(r"[A-HĐ]\s*[.)/-]|(?i:phần)\s", heading) or _is_part_title(text)
    return role if role == "other" or marked or _TIME.search(folded) else ""


def _continue(item: _Item, text: str, *, wrapped: bool) -> None:
    """Add a line to an item: as its own paragraph, or mending a line break inside a sentence."""
    mark = _BULLET.match(text) or _LETTERED.match(text)
    if not mark and not _label(text) and (wrapped or text[:1].islower()):
        item.paragraphs[-1] = f"{item.paragraphs[-1]} {text}"
    elif mark:
        item.add(text[mark.end() :], mark[0].strip())
    else:
        item.add(text)


def _children(item: _Item) -> Iterator[_Item]:
    """Make items of the letters or dashes below a line that only gathers them.

    «1. Đầu tư công» above «a) Dự án A: …», «b) …», or «2. Lĩnh vực y tế» above dashes with a colon; the
    dashes below any other title are its result.
    """
    title, *others = item.paragraphs
    marks = item.marks[1:]
    bare = not _TITLE_END.search(title) and len(others) > 1 and not any(map(_label, others))
    lettered = all(mark.endswith(")") for mark in marks)
    dashed = all(marks) and starts_section(title) and all(map(_TITLE_END.search, others))
    if not (bare and (lettered or dashed)):
        yield item
        return
    name = f"{item.number}. {title}".rstrip(":.") if item.number else title
    section = nested(item.section, name)
    for n, (text, mark) in enumerate(zip(others, marks, strict=True), 1):
        child = _Item(item.line + n, f"{item.number}{mark.rstrip(')')}", section, item.part)
        child.add(text)
        yield child


@cache
def _label_patterns() -> dict[str, re.Pattern[str]]:
    labels = load_table("headers")["labels"]
    # «Kết quả thực hiện quý I:» keeps its period between the label and the colon.
    wordings = {
        role: "|".join(sorted(map(re.escape, wordings), key=len, reverse=True))
        for role, wordings in labels.items()
    }
    return {
        role: re.compile(rf"(?:[-+*•–]\s*|[a-zđ]\)\s*)?(?i:{wording})\b[^:.;]{{0,40}}:\s*")
        for role, wording in wordings.items()
    }


def _label(text: str) -> tuple[str, str] | None:
    """Return the role and the rest of a paragraph that starts with «Kết quả:» or the like."""
    for role, pattern in _label_patterns().items():
        if match := pattern.match(text):
            return role, text[match.end() :]
    return None


def _without_group_titles(items: list[_Item]) -> Iterator[_Item]:
    """Turn «1. Đầu tư công» that only gathers «1.1 …» into a heading of those."""
    parent: _Item | None = None
    for item, below in zip_longest(items, items[1:]):
        if below and item.number and below.number.startswith(f"{item.number}.") and len(item.paragraphs) == 1:
            parent = item
            continue
        if parent and item.number.startswith(f"{parent.number}."):
            title = f"{parent.number}. {parent.paragraphs[0]}"
            item.section = nested(item.section, title)
        yield item


def _draft(item: _Item) -> Draft:
    """Sort an item's paragraphs into title, result, plan and obstacle."""
    first, *others = (piece for text in item.paragraphs for piece in _at_labels(text))
    labelled = any(map(_label, others))
    title, result = (first.rstrip(": "), "") if labelled else _split_title(first, alone=not others)
    cells = {"title": title.strip(), "result": "", "plan": "", "obstacle": ""}
    draft = Draft(item.line, item.number, item.section, cells)
    role = "result"
    for text in ([result] if result else []) + others:
        if found := _label(text):
            role, text = found
            draft.add({role: text})
        elif role == "plan":
            draft.add({role: text})
        else:
            done, plan = _split_plan(text)
            draft.add({role: done, "plan": plan})
            role = "plan" if plan else role
    return draft


def _at_labels(text: str) -> list[str]:
    """Cut a paragraph before each label that begins a sentence: «Lập đồ án. Kết quả: … Phương hướng: …»."""
    starts = [match.end() for match in _SENTENCE_START.finditer(text) if _label(text[match.end() :])]
    bounds = [0, *starts, len(text)]
    return [text[a:b].strip() for a, b in zip(bounds, bounds[1:], strict=False)]


def _split_title(text: str, *, alone: bool) -> tuple[str, str]:
    """Split «<title>: <result>»; a paragraph without a colon gives its first sentence as the title.

    Where other paragraphs follow, the first is the title as it stands, unless it ends in a colon.
    """
    if match := _TITLE_END.search(text):
        return _ABOUT.sub("", text[: match.start()]), text[match.end() :]
    if not alone:
        return text.rstrip(":"), ""
    title, *rest = _SENTENCE_START.split(text, maxsplit=1)
    return title, rest[0] if rest else ""


def _split_plan(text: str) -> tuple[str, str]:
    """Split running text where a sentence turns to what comes next: «Thời gian tới, …»."""
    openers = phrases("plan_openers", "phrases")
    starts = [0, *(match.end() for match in _SENTENCE_START.finditer(text))]
    for start in starts:
        if fold(text[start : start + 60]).startswith(openers):
            return text[:start].strip(), text[start:].strip()
    return text, ""


def _attach_plans(drafts: list[Draft], plans: Sequence[_Item]) -> int:
    """Give each item of the plan's part to its task, by number or by wording; return how many found none.

    Numbers are trusted if each names one task and, over all items, the wording doesn't speak against it.
    """
    texts = [" ".join(plan.paragraphs) for plan in plans]
    shares = _shared_weights(drafts, texts)
    best = [max(range(len(drafts)), key=row.__getitem__, default=-1) for row in shares]
    by_number = {draft.number: n for n, draft in enumerate(drafts) if draft.number}
    targets = [n if n >= 0 and row[n] >= _MATCH_SHARE else -1 for n, row in zip(best, shares, strict=True)]
    if len(by_number) == len(drafts) and all(plan.number in by_number for plan in plans):
        numbered = [by_number[plan.number] for plan in plans]
        by_wording = sum(row[n] for n, row in zip(best, shares, strict=True))
        agreeing = sum(row[n] for n, row in zip(numbered, shares, strict=True))
        skips = [plan.number for plan in plans] != [str(n) for n in range(1, len(plans) + 1)]
        if skips or agreeing >= _NUMBER_TRUST * by_wording:
            targets = numbered
    for n, text in zip(targets, texts, strict=True):
        if n >= 0:
            drafts[n].add({"plan": text})
    return targets.count(-1)


def _shared_weights(drafts: Sequence[Draft], texts: Sequence[str]) -> list[list[float]]:
    """Return for each plan the share of its words' weight that each task has; rare words weigh most.

    Returns
    -------
    list of list of float
        Of shape (n_plans, n_tasks), in [0, 1].
    """
    bags = [set(re.findall(r"\w+", fold(" ".join(draft.cells.values())))) for draft in drafts]
    spread = Counter(word for bag in bags for word in bag)
    shares = []
    for text in texts:
        weights = {word: 1 / spread[word] for word in re.findall(r"\w+", fold(text)) if word in spread}
        total = sum(weights.values())
        # In the order of the text: a set's order, and so the last digit of its sum, changes from run to run.
        shared = [sum(weight for word, weight in weights.items() if word in bag) for bag in bags]
        shares.append([weight / total if total else 0.0 for weight in shared])
    return shares
