"""Tests of the door: every encoding that offices send, and a clear refusal of what is no text."""

import io
import random
import unicodedata
import zipfile
from pathlib import Path

import pytest

from nlp_tasks.errors import ReadError
from nlp_tasks.readers import read_report
from nlp_tasks.readers.encoding import TextSettings, decode, read_text

TEXT = "BÁO CÁO\nKết quả quý I/2024: đã giải ngân 12,5 tỷ đồng, thực hiện đúng tiến độ ở Lạng Sơn.\n"
# The first lines of a report as Windows shows a TCVN3 file: «B¸o c¸o kÕt qu¶ thùc hiÖn …».
TCVN3 = "B¸o c¸o kÕt qu¶ thùc hiÖn nhiÖm vô träng t©m quý I n¨m 2024 cña thµnh phè L¹ng S¬n\r\n" * 4


def _windows_1258(text: str) -> bytes:
    """Compose as Windows does: the base letter with its own mark, the tone as a character behind it."""
    out = bytearray()
    for char in unicodedata.normalize("NFC", text):
        try:
            out += char.encode("cp1258")
            continue
        except UnicodeEncodeError:
            pass
        base, *marks = unicodedata.normalize("NFD", char)
        tones = [mark for mark in marks if mark in "\u0300\u0301\u0303\u0309\u0323"]
        shape = [mark for mark in marks if mark not in tones]
        letter = unicodedata.normalize("NFC", base + "".join(shape))
        out += (letter + "".join(tones)).encode("cp1258")
    return bytes(out)


ENCODED = {
    "utf-8": TEXT.encode(),
    "utf-8 with mark": TEXT.encode("utf-8-sig"),
    "utf-16 le with mark": b"\xff\xfe" + TEXT.encode("utf-16-le"),
    "utf-16 be with mark": b"\xfe\xff" + TEXT.encode("utf-16-be"),
    "utf-16 le": TEXT.encode("utf-16-le"),
    "utf-16 be": TEXT.encode("utf-16-be"),
    "utf-32": TEXT.encode("utf-32"),
    "windows-1258": _windows_1258(TEXT),
    "decomposed": unicodedata.normalize("NFD", TEXT).encode(),
    "decomposed utf-16": unicodedata.normalize("NFD", TEXT).encode("utf-16"),
    "windows line ends": TEXT.replace("\n", "\r\n").encode(),
    "old line ends": TEXT.replace("\n", "\r").encode(),
}


@pytest.mark.parametrize("name", ENCODED)
def test_text_of_any_encoding_is_the_same(name: str) -> None:
    assert decode(ENCODED[name]).text == TEXT


@pytest.mark.parametrize("name", ["utf-8", "utf-8 with mark", "windows line ends"])
def test_plain_text_needs_no_note(name: str) -> None:
    assert decode(ENCODED[name]).notes == ()


@pytest.mark.parametrize(
    ("name", "note"),
    [
        ("utf-16 le", "UTF-16"),
        ("utf-16 be with mark", "UTF-16"),
        ("utf-32", "UTF-32"),
        ("windows-1258", "Windows-1258"),
        ("decomposed", "tổ hợp"),
    ],
)
def test_conversion_is_noted(name: str, note: str) -> None:
    (found,) = decode(ENCODED[name]).notes
    assert note in found


def _docx() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("word/document.xml", "<w:document/>")
    return buffer.getvalue()


def _random_bytes() -> bytes:
    return random.Random(7).randbytes(4000)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b" \r\n\t \n", "empty"),
        ("\ufeff \n".encode(), "empty"),
        ("\u00a0\n".encode("utf-16"), "empty"),
        (_docx(), "binary"),
        (_random_bytes(), "binary"),
        (b"\x89PNG\r\n\x1a\n" + bytes(20), "binary"),
        (b"%PDF-1.7\n", "binary"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "binary"),
        (TCVN3.encode("cp1252"), "encoding"),
        ("B¸o c¸o tµi chÝnh".encode("latin-1"), "encoding"),
        (TEXT.encode()[:-3] + b"\xc3\x28" + TEXT.encode(), "encoding"),
        (b"\xff\xfe" + TEXT.encode("utf-16-le")[:-1], "encoding"),
    ],
)
def test_what_is_no_text_is_refused_by_name(data: bytes, code: str) -> None:
    with pytest.raises(ReadError) as caught:
        decode(data)
    assert caught.value.code == code


def test_refusal_of_a_font_encoding_says_what_to_do() -> None:
    with pytest.raises(ReadError, match="TCVN3.*UTF-8"):
        decode(TCVN3.encode("cp1252"))


def test_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match=r"khong_co\.txt") as caught:
        read_report(tmp_path / "khong_co.txt")
    assert caught.value.code == "missing"


def test_folder_is_no_file(tmp_path: Path) -> None:
    folder = tmp_path / "bao_cao.txt"
    folder.mkdir()
    with pytest.raises(ReadError, match="thư mục") as caught:
        read_report(folder)
    assert caught.value.code == "not_a_file"


def test_large_file_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "lon.txt"
    path.write_text(TEXT, encoding="utf-8")
    with pytest.raises(ReadError, match="giới hạn") as caught:
        read_text(path, TextSettings(max_bytes=20))
    assert caught.value.code == "too_large"


def test_limit_must_be_positive() -> None:
    with pytest.raises(ValueError, match="max_bytes"):
        TextSettings(max_bytes=0)


def test_error_names_the_file_and_keeps_the_code(tmp_path: Path) -> None:
    path = tmp_path / "rong.txt"
    path.write_bytes(b"\n")
    with pytest.raises(ReadError, match=r"rong\.txt") as caught:
        read_text(path)
    assert caught.value.code == "empty"
