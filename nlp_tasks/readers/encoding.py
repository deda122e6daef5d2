"""Plain text at the door: bytes of a file -> Unicode NFC, or one clear sentence why not.

Offices send UTF-8, but also UTF-16 («Unicode» in old Notepad) and Windows-1258, with or without a byte
order mark, and decomposed Unicode. All of these are read; anything that isn't text, or is text in a
font encoding such as TCVN3, is refused by name.
"""

import codecs
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from nlp_tasks.errors import ReadError

__all__ = ["Decoded", "TextSettings", "decode", "read_text"]

_MAGIC = {
    b"PK\x03\x04": "tệp nén hoặc tệp Office (.docx, .xlsx)",
    b"%PDF": "tệp PDF",
    b"\xd0\xcf\x11\xe0": "tệp Office đời cũ (.doc, .xls)",
    b"\x89PNG": "tệp ảnh PNG",
    b"\xff\xd8\xff": "tệp ảnh JPEG",
    b"GIF8": "tệp ảnh GIF",
    b"\x1f\x8b": "tệp nén gzip",
    b"Rar!": "tệp nén RAR",
    b"7z\xbc\xaf": "tệp nén 7z",
    b"\x7fELF": "tệp chương trình",
    b"MZ": "tệp chương trình",
    b"PAR1": "tệp Parquet",
    b"SQLite format 3": "cơ sở dữ liệu SQLite",
}
_BOMS = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF32_LE: "utf-32-le",
    codecs.BOM_UTF32_BE: "utf-32-be",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}
_NAMES = {
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
    "utf-32-le": "UTF-32",
    "utf-32-be": "UTF-32",
    "cp1258": "Windows-1258",
}
_NOT_TEXT = "không phải văn bản (tệp nhị phân); hãy đưa tệp báo cáo dạng văn bản"
_SAMPLE = 200_000  # characters looked at to judge whether a decoding is Vietnamese
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")
_WORD = re.compile(r"[^\W\d_]+|[^\x00-\x7f–—“”‘’…•«»°²³\s]")
_VIETNAMESE_WORD = re.compile(r"[a-zđàáâãèéêìíòóôõùúýăĩũơưạ-ỹ]+", re.IGNORECASE)
# Letters that only Vietnamese writes; a text in it can't do without them.
_VIETNAMESE_ONLY = re.compile(r"[đăơưạ-ỹ]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class TextSettings:
    """Limits of a text file.

    Parameters
    ----------
    max_bytes : int
        A larger file is refused with the code ``too_large``; the longest report seen has 2 MB.
    """

    max_bytes: int = 64 * 1024 * 1024

    def __post_init__(self) -> None:
        if self.max_bytes < 1:
            raise ValueError(f"max_bytes must be at least 1, not {self.max_bytes}")


@dataclass(frozen=True, slots=True)
class Decoded:
    """The text of a file in NFC, and what had to be done to get it, in sentences for the user."""

    text: str
    notes: tuple[str, ...] = ()


def read_text(path: Path, settings: TextSettings | None = None) -> Decoded:
    """Read a text file of any of the encodings that offices send.

    Parameters
    ----------
    path : Path
    settings : TextSettings, optional

    Returns
    -------
    Decoded

    Raises
    ------
    ReadError
        With the code ``missing``, ``not_a_file``, ``denied``, ``too_large``, ``empty``, ``binary`` or
        ``encoding``; the message names the file.
    """
    settings = settings or TextSettings()
    try:
        if path.is_dir():
            raise ReadError(f"{path}: là thư mục, cần một tệp báo cáo", code="not_a_file")
        size = path.stat().st_size
        if size > settings.max_bytes:
            raise ReadError(
                f"{path}: tệp {size / 1e6:.0f} MB, quá giới hạn {settings.max_bytes / 1e6:.0f} MB; "
                "hãy tách thành nhiều báo cáo",
                code="too_large",
            )
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise ReadError(f"{path}: không có tệp này; hãy kiểm tra lại đường dẫn", code="missing") from error
    except OSError as error:
        raise ReadError(f"{path}: không mở được tệp ({error.strerror})", code="denied") from error
    try:
        return decode(data)
    except ReadError as error:
        raise ReadError(f"{path}: {error.message}", code=error.code) from error


def decode(data: bytes) -> Decoded:
    r"""Turn the bytes of a text file into NFC text.

    Parameters
    ----------
    data : bytes

    Returns
    -------
    Decoded
        Line ends are ``\n``; the byte order mark is gone.

    Raises
    ------
    ReadError
        ``empty``: nothing but white space; ``binary``: not text at all; ``encoding``: text, but in
        no encoding that can be told for sure.

    Examples
    --------
    >>> decode("Kết quả".encode("utf-16")).notes
    ('đã chuyển từ bảng mã UTF-16 sang Unicode dựng sẵn',)
    >>> decode(b"PK\x03\x04...")
    Traceback (most recent call last):
    nlp_tasks.errors.ReadError: không phải văn bản mà là tệp nén hoặc tệp Office (.docx, .xlsx); ...
    """
    if not data.strip():
        raise ReadError("tệp rỗng, không có chữ nào", code="empty")
    for magic, what in _MAGIC.items():
        if data.startswith(magic):
            raise ReadError(
                f"không phải văn bản mà là {what}; hãy đổi lại đúng đuôi tệp hoặc lưu thành văn bản (.txt)",
                code="binary",
            )
    encoding, text = _decode_bytes(data)
    text = text.removeprefix("\ufeff")
    if not text.strip():
        raise ReadError("tệp rỗng, không có chữ nào", code="empty")
    notes = []
    if encoding in _NAMES:
        notes.append(f"đã chuyển từ bảng mã {_NAMES[encoding]} sang Unicode dựng sẵn")
    elif not unicodedata.is_normalized("NFC", text):
        notes.append("đã chuyển từ Unicode tổ hợp sang Unicode dựng sẵn")
    text = unicodedata.normalize("NFC", text)
    return Decoded(text.replace("\r\n", "\n").replace("\r", "\n"), tuple(notes))


def _decode_bytes(data: bytes) -> tuple[str, str]:
    """Return the encoding and the text, trying the surest signs first."""
    for bom, encoding in _BOMS.items():
        if data.startswith(bom):
            return encoding, _decode_marked(data, encoding)
    if b"\x00" in data:
        if found := _vietnamese(data, ("utf-16-le", "utf-16-be")):
            return found
        raise ReadError(_NOT_TEXT, code="binary")
    text = _try(data, "utf-8")
    if text is None and (found := _vietnamese(data, ("cp1258",))):
        return found
    sample = data[:_SAMPLE].decode("latin-1") if text is None else text
    if len(_CONTROL.findall(sample)) > len(sample) / 100:
        raise ReadError(_NOT_TEXT, code="binary")
    if text is None:
        raise ReadError(
            "không nhận ra bảng mã (có thể là phông TCVN3 hoặc VNI); "
            "hãy mở tệp và lưu lại bằng Unicode (UTF-8)",
            code="encoding",
        )
    return "utf-8", text


def _decode_marked(data: bytes, encoding: str) -> str:
    """Decode what a byte order mark names."""
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise ReadError(
            f"tệp bị hỏng: không đúng bảng mã {encoding.upper()} từ byte {error.start}; hãy xin lại tệp gốc",
            code="encoding",
        ) from error


def _vietnamese(data: bytes, encodings: Sequence[str]) -> tuple[str, str] | None:
    """Return the first encoding by which the bytes are Vietnamese, and the text."""
    texts = ((encoding, _try(data, encoding)) for encoding in encodings)
    return next(((encoding, text) for encoding, text in texts if text and _is_vietnamese(text)), None)


def _try(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _is_vietnamese(text: str) -> bool:
    """Tell whether nearly all words are of Vietnamese letters and some could be of no other language.

    Judging the text and not the bytes keeps a TCVN3 file, whose bytes decode by any 8-bit table, from
    being read as rubbish. «Báo cáo quý» must pass, «B¸o c¸o quý» must not.
    """
    sample = unicodedata.normalize("NFC", text[:_SAMPLE])
    words = _WORD.findall(sample)
    good = [word for word in words if _VIETNAMESE_WORD.fullmatch(word)]
    telling = sum(1 for word in good if _VIETNAMESE_ONLY.search(word))
    return bool(words) and len(good) >= 0.95 * len(words) and telling >= 0.05 * len(words)
