"""One cell of a row, as any format gives it: its value, or a `SchemaError` that names its column.

A cell is a value as such or its text: ``7`` or ``"7"``, ``True`` or ``"true"``, a list or its JSON.
"""

import json
import math
import re
import unicodedata
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from nlp_tasks.errors import SchemaError

__all__ = [
    "choice",
    "flag",
    "integer",
    "is_empty",
    "label",
    "number",
    "parse_json",
    "record",
    "records",
    "score",
    "scores",
    "text",
]

Cells = Mapping[str, Any]


def is_empty(value: object) -> bool:
    """Tell whether a cell holds nothing: null, an empty text, or the not-a-number that pandas puts there."""
    return value is None or value == "" or (isinstance(value, float) and math.isnan(value))


def text(row: Cells, name: str) -> str:
    """Return a text in NFC, empty where the cell is; a whole number (a period such as 2024) is one too."""
    value = row.get(name)
    if is_empty(value):
        return ""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if not isinstance(value, str):
        raise _wrong(name, "chữ", value)
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise SchemaError(f"cột '{name}': có nửa ký tự Unicode (surrogate), tệp gốc bị hỏng") from error
    return unicodedata.normalize("NFC", value)


def label(row: Cells, name: str) -> str:
    """Return a text that isn't empty."""
    value = text(row, name)
    if not value:
        raise SchemaError(f"cột '{name}' trống; cần một nhãn")
    return value


def choice(row: Cells, name: str, known: type[StrEnum]) -> str:
    """Return the label of one of the known kinds."""
    value = label(row, name)
    names = [kind.value for kind in known]
    if value not in names:
        raise SchemaError(f"cột '{name}': nhãn '{value}' lạ; đã biết: {', '.join(names)}")
    return value


def integer(row: Cells, name: str) -> int:
    """Return a whole number, 0 where the cell is empty; ``7.0`` is what pandas makes of a 7."""
    value = row.get(name)
    if is_empty(value):
        return 0
    match = re.fullmatch(r"\s*(-?[0-9]{1,18})(?:\.0)?\s*", str(value))
    if not match:
        raise _wrong(name, "số nguyên", value)
    return int(match[1])


def number(row: Cells, name: str) -> float:
    """Return a number."""
    value = _float(row.get(name))
    if math.isnan(value):
        raise _wrong(name, "một số", row.get(name))
    return value


def score(row: Cells, name: str) -> float:
    """Return a number in [0, 1]."""
    value = _float(row.get(name))
    if not 0 <= value <= 1:
        raise _wrong(name, "số từ 0 đến 1", row.get(name))
    return value


def flag(row: Cells, name: str) -> bool:
    """Return true or false, in capitals or not."""
    value = {"true": True, "false": False}.get(str(row.get(name)).strip().lower())
    if value is None:
        raise _wrong(name, "true hoặc false", row.get(name))
    return value


def records(row: Cells, name: str) -> list[Cells]:
    """Return a list of records, empty where the cell is."""
    value = _nested(row, name)
    if is_empty(value):
        return []
    if not isinstance(value, list) or not all(isinstance(item, Mapping) for item in value):
        raise _wrong(name, "danh sách", value)
    return value


def record(row: Cells, name: str) -> Cells:
    """Return a record, empty where the cell is."""
    value = _nested(row, name)
    if is_empty(value):
        return {}
    if not isinstance(value, Mapping):
        raise _wrong(name, "một bảng tên – giá trị", value)
    return value


def scores(row: Cells, name: str) -> dict[str, float]:
    """Return the score of each label."""
    found = record(row, name)
    return {unicodedata.normalize("NFC", key): score(found, key) for key in found}


def parse_json(content: str) -> Any:
    """Return what a JSON text stands for; a `ValueError` if it is broken or nested too deep."""
    try:
        return json.loads(content)
    except RecursionError as error:
        raise ValueError("nested too deep") from error


def _nested(row: Cells, name: str) -> Any:
    value = row.get(name)
    if not isinstance(value, str) or not value:
        return value
    try:
        return parse_json(value)
    except ValueError as error:
        raise _wrong(name, "JSON", value) from error


def _float(value: Any) -> float:
    """Return a number or the number that a text holds; not-a-number for all else."""
    try:
        return math.nan if isinstance(value, bool) else float(value)
    except (TypeError, ValueError, OverflowError):
        return math.nan


def _wrong(name: str, wanted: str, value: object) -> SchemaError:
    return SchemaError(f"cột '{name}': cần {wanted}, không phải {value!r:.60}")
