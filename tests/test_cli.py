"""Tests of the command line: what it prints, writes and returns, and that no traceback reaches a user."""

import csv
import io
import json
import os
import pickle
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unicodedata
import urllib.request
from collections import Counter
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import openpyxl
import pyarrow.parquet
import pytest
import skops.io
import underthesea

from nlp_tasks import cli, pipeline, store
from nlp_tasks.assets import asset, domain_names
from nlp_tasks.batch import local
from nlp_tasks.batch.inputs import read_job

ROOT = Path(__file__).parent.parent
COMMAND = [sys.executable, "-m", "nlp_tasks.cli"]
SEED = ROOT.parent / "shared" / "seed_report.txt"
REPORT = (
    "BÁO CÁO\n"
    "Kết quả thực hiện nhiệm vụ quý I năm 2024\n"
    "STT\tNhiệm vụ\tKết quả thực hiện\tKế hoạch\n"
    "1\tLập quy hoạch chung thị trấn\tTư vấn đang lập đồ án.\tTrình thẩm định trong quý II.\n"
    "2\tThu ngân sách năm 2024\tThu 130 tỷ đồng, đạt 108% dự toán.\t\n"
)
FIELDS = (  # of DESIGN.md, «A tagged row»
    "id report_id period section number title result plan domain status at_risk summary domain_score "
    "domain_scores status_score status_scores needs_review evidence figures warnings source report"
).split()
posix = pytest.mark.skipif(os.name != "posix", reason="needs signals, terminals or limits of POSIX")


@dataclass
class Ended:
    """What a command line came to."""

    code: int
    out: str
    err: str


@pytest.fixture(autouse=True)
def folder_of_demo(tmp_path_factory, monkeypatch):
    """Let `demo` leave its results where pytest clears them away."""
    folder = str(tmp_path_factory.mktemp("demo"))
    monkeypatch.setenv("TMPDIR", folder)
    monkeypatch.setattr(tempfile, "tempdir", folder)


@pytest.fixture
def run(monkeypatch, capfd):
    """Run a command line in this process; none may end in a traceback."""

    def call(*arguments, stdin=b""):
        monkeypatch.setattr(sys, "argv", ["nlp-tasks", *map(str, arguments)])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        with pytest.raises(SystemExit) as ended:
            cli.main()
        out, err = capfd.readouterr()
        assert "Traceback" not in out + err
        return Ended(ended.value.code, out, err)

    before = signal.getsignal(signal.SIGTERM)
    yield call
    signal.signal(signal.SIGTERM, before)


@pytest.fixture
def tag(run, tiny_model):
    def call(*arguments, **options):
        return run("tag", *arguments, "--model", tiny_model, **options)

    return call


@pytest.fixture
def report(tmp_path):
    path = tmp_path / "báo cáo.txt"
    path.write_text(REPORT, encoding="utf-8")
    return path


def _rows(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def _rejects(out):
    return {Path(row["path"]).name: row["error"] for row in _rows(cli.rejects_path(out))}


# --- tag: what goes in ----------------------------------------------------------------------------


def test_one_report_gives_its_tasks(tag, report, tiny_model, tmp_path):
    out = tmp_path / "out.jsonl"
    ended = tag(report, "-o", out)
    assert (ended.code, ended.out) == (0, "")
    assert ended.err == f"Đã gán nhãn 2 nhiệm vụ của 1 tệp bằng mô hình {tiny_model}: {out}\n"
    rows = _rows(tmp_path / "out.jsonl")
    assert [row["id"] for row in rows] == ["báo cáo/1", "báo cáo/2"]
    assert rows[0]["title"] == "Lập quy hoạch chung thị trấn"
    assert rows[0]["source"]["file"] == "báo cáo.txt"


def test_reasons_are_written_when_asked_for(tag, report, tmp_path):
    plain, explained = tmp_path / "plain.jsonl", tmp_path / "explained.jsonl"
    assert tag(report, "-o", plain).code == tag(report, "-o", explained, "--explain").code == 0
    assert all(row["reasons"] == [] for row in _rows(plain))
    rows = _rows(explained)
    assert all({"domain", "status"} <= {reason["about"] for reason in row["reasons"]} for row in rows)
    assert [{**row, "reasons": []} for row in rows] == _rows(plain)


def test_rows_come_in_the_order_of_the_inputs(tag, report, tmp_path):
    folder = tmp_path / "folder"
    folder.mkdir()
    for name in ("b", "a"):
        shutil.copy(report, folder / f"{name}.txt")
    records = tmp_path / "r.jsonl"
    records.write_text('{"id": "own", "title": "Thu ngân sách", "result": "Đạt 70 %"}\n', encoding="utf-8")
    assert tag(records, folder, report, "-o", tmp_path / "out.jsonl").code == 0
    ids = [row["id"] for row in _rows(tmp_path / "out.jsonl")]
    assert ids == ["own", "a/1", "a/2", "b/1", "b/2", "báo cáo/1", "báo cáo/2"]


def test_files_of_one_name_give_different_ids(tag, report, tmp_path):
    (tmp_path / "x").mkdir()
    other = shutil.copy(report, tmp_path / "x")
    assert tag(report, other, "-o", tmp_path / "out.jsonl").code == 0
    ids = [row["id"] for row in _rows(tmp_path / "out.jsonl")]
    assert len(set(ids)) == len(ids) == 4


@pytest.mark.parametrize("ending", [".jsonl", ".csv", ".parquet"])
def test_records_keep_their_ids(tag, tmp_path, ending):
    rows = [
        {"id": "x/7", "title": "Thu ngân sách", "result": "Đạt 70 %"},
        {"id": "", "title": "Lập quy hoạch", "result": "Đã xong"},
    ]
    path = tmp_path / f"r{ending}"
    if ending == ".jsonl":
        path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    elif ending == ".csv":
        with path.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, rows[0])
            writer.writeheader()
            writer.writerows(rows)
    else:
        pyarrow.parquet.write_table(pyarrow.Table.from_pylist(rows), path)
    assert tag(path, "-o", tmp_path / "out.jsonl").code == 0
    assert [row["id"] for row in _rows(tmp_path / "out.jsonl")] == ["x/7", "r/2"]


# --- tag: what comes out --------------------------------------------------------------------------


def test_every_format_has_all_fields_and_the_same_rows(tag, report, tmp_path):
    outs = {ending: tmp_path / f"out{ending}" for ending in store.ENDINGS}
    for out in outs.values():
        assert tag(report, "-o", out).code == 0
    with outs[".csv"].open(encoding="utf-8-sig", newline="") as stream:
        headers = {".csv": next(csv.reader(stream))}
    headers[".jsonl"] = list(_rows(outs[".jsonl"])[0])
    headers[".parquet"] = pyarrow.parquet.read_schema(outs[".parquet"]).names
    sheet = openpyxl.load_workbook(outs[".xlsx"]).worksheets[0]
    headers[".xlsx"] = [cell.value for cell in sheet[1]]
    for header in headers.values():
        assert set(FIELDS) <= set(header)
    first, *others = [store.read_rows(out) for out in outs.values()]
    assert len(first) == 2
    assert all(other == first for other in others)


def test_ending_in_capitals_is_known(tag, report, tmp_path):
    assert tag(report, "-o", tmp_path / "OUT.JSONL").code == 0


def test_processes_write_the_same_bytes(tag, tiny_model, tmp_path):
    samples = asset("data/reports")
    assert tag(samples, "-o", tmp_path / "one.jsonl").code == 0
    ended = _run("tag", samples, "-o", tmp_path / "two.jsonl", "--model", tiny_model, "--workers", "2")
    assert (ended.returncode, ended.stdout) == (0, "")
    # Lines of progress may stand before it where the processes take long to start.
    assert ended.stderr.splitlines()[-1].startswith("Đã gán nhãn 80 nhiệm vụ của 7 tệp")
    assert (tmp_path / "one.jsonl").read_bytes() == (tmp_path / "two.jsonl").read_bytes()


def test_shipped_models_tag_a_sample(run, tmp_path):
    out = tmp_path / "out.jsonl"
    assert run("tag", asset("data/reports/thai-thuy-2024-q1.txt"), "-o", out).code == 0
    rows = _rows(out)
    assert len(rows) == 15
    assert {row["domain"] for row in rows} <= set(domain_names())
    assert {row["status"] for row in rows} <= {"blocked", "done", "on_track"}
    assert {row["report"]["ref"] for row in rows} == {"102/BC-UBND"}


@pytest.mark.skipif(not SEED.is_file(), reason=f"{SEED} isn't on this machine")
def test_shipped_models_tag_the_seed_report(run, tmp_path):
    out = tmp_path / "out.jsonl"
    assert run("tag", SEED, "-o", out).code == 0
    rows = _rows(out)
    assert [row["domain"] for row in rows] == [
        "planning",
        *["agriculture_rural"] * 2,
        *["finance"] * 2,
        *["land_clearance"] * 3,
        "culture_tourism",
        "resources_environment",
        *["admin_reform"] * 2,
    ]
    assert [row["status"] for row in rows] == ["on_track"] * 5 + ["blocked"] + ["on_track"] * 6
    facts = rows[0]["report"]
    assert (facts["ref"], facts["date"], facts["period"]) == ("219/BC-UBND", "2024-03-15", "2024-Q1")
    assert facts["place"] == "thành phố Lạng Sơn"


# --- tag: what goes wrong -------------------------------------------------------------------------


def _windows_1258(text):
    """Write a text as Windows did: each letter with its own mark, its tone as a character behind it."""
    tones = dict.fromkeys("\u0300\u0301\u0303\u0309\u0323")
    out = ""
    for char in unicodedata.normalize("NFC", text):
        marks = unicodedata.normalize("NFD", char)
        out += unicodedata.normalize("NFC", "".join(mark for mark in marks if mark not in tones))
        out += "".join(mark for mark in marks if mark in tones)
    return out.encode("cp1258")


BAD = {
    "missing.txt": (None, "missing"),
    "missing.docx": (None, "missing"),
    "empty.txt": (b"", "empty"),
    "blank.txt": (b" \r\n\t", "empty"),
    "zip.txt": (b"PK\x03\x04" + bytes(40), "binary"),
    "bytes.txt": (bytes(range(256)) * 4, "binary"),
    "tcvn3.txt": (
        "B¸o c¸o kÕt qu¶ thùc hiÖn nhiÖm vô träng t©m quý I ".encode("latin-1", "replace") * 9,
        None,
    ),
    "letter.txt": ("Kính gửi anh Nam, mời anh tới dự đám cưới của em.".encode(), "no_tasks"),
    "report.doc": (b"\xd0\xcf\x11\xe0" + bytes(40), "format"),
    "empty.jsonl": (b"", "empty"),
    "broken.jsonl": (b'{"title": ', "schema"),
    "other.csv": (b"a,b\n1,2\n", "schema"),
    "broken.parquet": (b"PAR1 and no more", "format"),
}


@pytest.fixture
def bad(tmp_path):
    """One input of each kind that can't be tagged."""
    for name, (content, _) in BAD.items():
        if content is not None:
            (tmp_path / name).write_bytes(content)
    return [tmp_path / name for name in BAD]


def test_bad_inputs_are_rejected_and_the_others_done(tag, report, bad, tmp_path):
    out = tmp_path / "out.jsonl"
    ended = tag(*bad, report, "-o", out)
    assert (ended.code, ended.out) == (3, "")
    assert len(_rows(out)) == 2
    codes = _rejects(out)
    assert list(codes) == list(BAD)
    assert {name: codes[name] for name, (_, code) in BAD.items() if code} == {
        name: code for name, (_, code) in BAD.items() if code
    }
    lines = ended.err.splitlines()
    assert len(lines) == len(BAD) + 2  # each by name, then what was done and where the rejects are
    for name in BAD:
        assert any(name in line for line in lines)
    for row in _rows(cli.rejects_path(out)):
        assert set(row) == {"path", "error", "message"}
        assert any(row["message"] in line for line in lines)


def test_where_nothing_can_be_done_the_output_stays(tag, bad, tmp_path):
    out = tmp_path / "out.jsonl"
    out.write_text("of an earlier run")
    assert tag(*bad, "-o", out).code == 1
    assert out.read_text() == "of an earlier run"
    assert len(_rejects(out)) == len(BAD)
    assert not list(tmp_path.glob("*.tmp"))


def test_clean_run_takes_the_rejects_of_an_earlier_one_away(tag, report, tmp_path):
    out = tmp_path / "out.csv"
    assert tag(report, tmp_path / "nowhere.txt", "-o", out).code == 3
    assert cli.rejects_path(out).exists()
    assert tag(report, "-o", out).code == 0
    assert not cli.rejects_path(out).exists()


@pytest.mark.parametrize(
    ("encoded", "note"),
    [
        (REPORT.encode("utf-16"), "UTF-16"),
        (_windows_1258(REPORT), "Windows-1258"),
        (unicodedata.normalize("NFD", REPORT).encode(), "Unicode tổ hợp"),
        (REPORT.encode("utf-8-sig"), None),
        (REPORT.replace("\n", "\r\n").encode(), None),
    ],
)
def test_report_of_any_encoding_is_read_alike(tag, report, tmp_path, encoded, note):
    assert tag(report, "-o", tmp_path / "plain.jsonl").code == 0
    report.write_bytes(encoded)
    ended = tag(report, "-o", tmp_path / "out.jsonl")
    assert ended.code == 0
    assert (note or "Đã gán nhãn") in ended.err.splitlines()[0]
    assert (tmp_path / "out.jsonl").read_bytes() == (tmp_path / "plain.jsonl").read_bytes()


def test_bug_in_one_input_costs_only_that_input(tag, report, tmp_path, monkeypatch):
    def read(job):
        if job.report_id == "other":
            raise ZeroDivisionError("division by zero")
        return read_job(job)

    monkeypatch.setattr(local, "read_job", read)
    shutil.copy(report, tmp_path / "other.txt")
    ended = tag(tmp_path / "other.txt", report, "-o", tmp_path / "out.jsonl")
    assert ended.code == 3
    assert _rejects(tmp_path / "out.jsonl") == {"other.txt": "internal"}
    assert len(_rows(tmp_path / "out.jsonl")) == 2


def test_bug_outside_the_inputs_is_one_sentence(tag, report, tmp_path, monkeypatch):
    def broken(*args, **kwargs):
        raise ZeroDivisionError("division by zero")

    monkeypatch.delenv("NLP_TASKS_DEBUG", raising=False)
    monkeypatch.setattr(cli, "write_rows", broken)
    ended = tag(report, "-o", tmp_path / "out.jsonl")
    assert ended.code == 1
    assert re.fullmatch(r"Lỗi của chương trình \(ZeroDivisionError: .*\n", ended.err)


def test_interrupt_leaves_the_output_as_it_was(tag, report, tmp_path, monkeypatch):
    def interrupted(*args, **kwargs):
        yield from local.run_jobs(*args, **kwargs)
        raise KeyboardInterrupt

    monkeypatch.setattr(cli, "run_jobs", interrupted)
    out = tmp_path / "out.jsonl"
    out.write_text("of an earlier run")
    ended = tag(report, "-o", out)
    assert (ended.code, ended.out, ended.err) == (130, "", "")
    assert out.read_text() == "of an earlier run"
    assert not list(tmp_path.glob(".*.tmp"))


@posix
@pytest.mark.parametrize(("workers", "kind"), [(1, signal.SIGTERM), (2, signal.SIGINT)])
def test_signal_ends_all_processes_quietly(tiny_model, tmp_path, workers, kind):
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(150):
        shutil.copy(asset("data/reports/thai-thuy-2024-q1.txt"), folder / f"{number}.txt")
    line = ["tag", folder, "-o", tmp_path / "out.csv", "--model", tiny_model, "--workers", workers]
    with subprocess.Popen(
        [*COMMAND, *map(str, line)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        start_new_session=True,
    ) as process:
        _wait_for(lambda: list(tmp_path.glob(".*.tmp")))
        if kind == signal.SIGINT:  # a terminal sends Ctrl-C to all of them
            os.killpg(process.pid, kind)
        else:
            process.send_signal(kind)
        out, err = process.communicate(timeout=30)
    assert (process.returncode, out, err) == (130, "", "")
    assert [path.name for path in tmp_path.iterdir()] == ["many"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["{report}", "-o", "{folder}/out.doc"], "đuôi tệp kết quả"),
        (["{report}", "-o", "{folder}/out"], "đuôi tệp kết quả"),
        (["{report}", "-o", "{folder}/nowhere/out.csv"], "không có thư mục này"),
        (["{report}", "-o", "{folder}/is.csv"], "là thư mục"),
        (["{records}", "-o", "{records}"], "vừa là đầu vào vừa là kết quả"),
        (["-o", "{folder}/out.csv"], "thiếu tham số INPUT"),
        (["{report}"], "thiếu tùy chọn -o"),
        (["{report}", "-o"], "cần một giá trị"),
        (["{report}", "-o", "{folder}/out.csv", "--nope"], "không có tùy chọn --nope"),
        (["{report}", "-o", "{folder}/out.csv", "--workers", "0"], "giá trị của --workers"),
        (["{report}", "-o", "{folder}/out.csv", "--workers", "hai"], "giá trị của --workers"),
    ],
)
def test_wrong_usage_is_one_sentence_and_does_nothing(run, report, tmp_path, arguments, message):
    (tmp_path / "is.csv").mkdir()
    records = tmp_path / "r.jsonl"
    records.write_text('{"title": "Thu ngân sách", "result": "Đạt 70 %"}\n', encoding="utf-8")
    before = sorted(tmp_path.rglob("*"))
    names = {"report": report, "records": records, "folder": tmp_path}
    ended = run("tag", *(argument.format(**names) for argument in arguments))
    assert (ended.code, ended.out) == (2, "")
    assert message in ended.err
    assert len(ended.err.splitlines()) == 1
    assert sorted(tmp_path.rglob("*")) == before


def test_unknown_command_is_wrong_usage(run):
    ended = run("gan-nhan")
    assert (ended.code, ended.err) == (2, "Lỗi: không có lệnh gan-nhan; xem cách dùng: nlp-tasks --help\n")


def test_without_a_command_the_help_is_shown(run):
    ended = run()
    assert ended.code == 2
    assert "Đọc báo cáo tiến độ" in ended.out + ended.err


def test_report_is_never_taken_for_its_own_rejects(tag, report, tmp_path):
    out = tmp_path / "out.csv"
    rejects = cli.rejects_path(out)
    rejects.write_text('{"title": "Thu ngân sách", "result": "Đạt 70 %"}\n', encoding="utf-8")
    assert tag(rejects, "-o", out).code == 2
    assert rejects.exists()


@posix
def test_odd_characters_of_a_path_reach_neither_terminal_nor_run(tag, report, tmp_path):
    names = ["a\x1b[31m\nb.txt", os.fsdecode(b"b\xe1o.txt"), "-x [y] 'z' «đ».txt"]
    paths = []
    for name in names:
        try:
            paths.append(Path(shutil.copy(report, tmp_path / name)))
        except OSError:
            pytest.skip("this file system takes no such name")
    out = tmp_path / "out.xlsx"
    ended = tag(*paths, tmp_path / "no\x1b[2Jwhere.txt", "-o", out)
    assert ended.code == 3
    assert "\x1b" not in ended.err
    assert len(ended.err.splitlines()) == 4
    assert [row["error"] for row in _rows(cli.rejects_path(out))] == ["name", "missing"]
    assert _rows(cli.rejects_path(out))[0]["path"] == str(paths[1])
    assert len(store.read_rows(out)) == 4


@posix
def test_full_disk_is_one_sentence(tiny_model, tmp_path):
    import resource

    out = tmp_path / "out.jsonl"
    out.write_text("of an earlier run")
    line = ["tag", asset("data/reports"), "-o", out, "--model", tiny_model]
    limit = (20_000, 20_000)  # bytes that a file may have
    ended = _run(*line, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, limit))
    assert ended.returncode == 1
    assert re.fullmatch(r"Lỗi: không ghi được .*\n", ended.stderr)
    assert out.read_text() == "of an earlier run"
    assert [path.name for path in tmp_path.iterdir()] == ["out.jsonl"]


def test_rejects_that_cannot_be_written_are_one_sentence(tag, report, tmp_path):
    out = tmp_path / "out.csv"
    cli.rejects_path(out).mkdir()
    ended = tag(report, tmp_path / "nowhere.txt", "-o", out)
    assert ended.code == 1
    assert "out.csv.rejects.jsonl: không ghi được" in ended.err


# --- tag: the model -------------------------------------------------------------------------------


def _edited(change):
    def edit(folder):
        path = folder / "config.json"
        path.write_text(json.dumps(change(json.loads(path.read_text(encoding="utf-8")))))

    return edit


def _truncated(folder):
    path = folder / "domain.skops"
    path.write_bytes(path.read_bytes()[:-1000])


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (shutil.rmtree, "không có thư mục mô hình này; có sẵn: .*fast"),
        (lambda folder: (folder / "config.json").unlink(), "không phải thư mục mô hình"),
        (lambda folder: (folder / "config.json").write_text("{"), "bị hỏng"),
        (_edited(lambda config: {**config, "format": 99}), "phiên bản khác"),
        (lambda folder: (folder / "risk.skops").unlink(), "thiếu tệp mô hình"),
        (_truncated, "bị hỏng"),
        (lambda folder: (folder / "status.skops").write_bytes(pickle.dumps({"format": 1})), "bị hỏng"),
        (
            lambda folder: skops.io.dump({"format": 1, "x": Fraction(1, 2)}, folder / "status.skops"),
            "không được tin cậy .*Fraction",
        ),
        (lambda folder: skops.io.dump({"format": 99}, folder / "status.skops"), "phiên bản khác"),
    ],
)
@pytest.mark.parametrize("workers", [1, 2])
def test_model_that_cannot_be_used_is_one_sentence(
    run, report, tiny_model, tmp_path, damage, message, workers
):
    model = Path(shutil.copytree(tiny_model, tmp_path / "model"))
    damage(model)
    out = tmp_path / "out.jsonl"
    ended = run("tag", report, report, "-o", out, "--model", model, "--workers", workers)
    assert (ended.code, ended.out) == (1, "")
    assert re.fullmatch(f"Lỗi: .*model.*{message}.*\n", ended.err)
    assert not out.exists()


# --- tokenize -------------------------------------------------------------------------------------

LINES = ["Thu NSNN quý I/2024 đạt 113.000 triệu đồng.", "", "  giải phóng  mặt bằng ", "51/KH-UBND", " "]


def test_tokenize_joins_syllables(run):
    ended = run("tokenize", stdin="Thu NSNN quý I/2024 đạt 113.000 triệu đồng.\n".encode())
    assert (ended.code, ended.err) == (0, "")
    assert ended.out == "Thu NSNN quý_I/2024 đạt 113.000_triệu_đồng .\n"


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("last", [True, False])
@pytest.mark.parametrize("plain", [True, False])
def test_tokenize_gives_a_line_for_a_line(run, tmp_path, end, last, plain):
    data = (end.join(LINES) + end * last).encode()
    (tmp_path / "in.txt").write_bytes(data)
    options = ["--plain"] * plain
    lines = run("tokenize", "-", *options, stdin=data).out.split("\n")
    assert len(lines) == len(LINES) + 1 and lines[-1] == ""
    assert run("tokenize", tmp_path / "in.txt", *options).out.split("\n") == lines
    ended = run("tokenize", tmp_path / "in.txt", *options, "-o", tmp_path / "out.txt")
    assert (ended.code, ended.out, ended.err) == (0, "", "")
    assert (tmp_path / "out.txt").read_bytes() == "\n".join(lines).encode()
    if plain:
        assert lines[:-1] == [underthesea.word_tokenize(line, format="text") for line in LINES]


def test_tokenize_plain_is_what_underthesea_gives(run):
    lines = [row["result"].replace("\n", " ") for row in _rows(ROOT / "data" / "corpus" / "c9.jsonl")[:40]]
    lines.append(unicodedata.normalize("NFD", "Giải phóng mặt bằng, thu hồi đất"))
    ended = run("tokenize", "--plain", stdin="\n".join(lines).encode())
    assert ended.out.splitlines() == [underthesea.word_tokenize(line, format="text") for line in lines]


@pytest.mark.parametrize(("data", "count"), [(b"", 0), (b"\n", 1), (b"\n\r\n \n", 3), (b"  ", 1)])
def test_tokenize_takes_texts_without_words(run, tmp_path, data, count):
    (tmp_path / "in.txt").write_bytes(data)
    for ended in (run("tokenize", stdin=data), run("tokenize", tmp_path / "in.txt")):
        assert (ended.code, ended.out, ended.err) == (0, "\n" * count, "")


def test_tokenize_may_write_over_its_input(run, tmp_path):
    path = tmp_path / "text.txt"
    path.write_text("giải phóng mặt bằng", encoding="utf-8")
    assert run("tokenize", path, "-o", path).code == 0
    assert path.read_text(encoding="utf-8") == "giải_phóng mặt_bằng\n"


def test_tokenize_says_what_it_cannot_read_or_write(run, tmp_path):
    (tmp_path / "x.txt").write_bytes(b"PK\x03\x04" + bytes(40))
    for arguments, message in [
        ([tmp_path / "nowhere.txt"], "không có tệp này"),
        ([tmp_path], "là thư mục"),
        ([tmp_path / "x.txt"], "không phải văn bản"),
        (["-", "-o", tmp_path / "nowhere" / "out.txt"], "không ghi được"),
    ]:
        ended = run("tokenize", *arguments, stdin="giải phóng\n".encode())
        assert (ended.code, ended.out) == (1, "")
        assert message in ended.err


@posix
def test_reader_of_a_pipe_may_leave(tmp_path):
    (tmp_path / "in.txt").write_text("giải phóng mặt bằng\n" * 3000, encoding="utf-8")
    line = [*COMMAND, "tokenize", str(tmp_path / "in.txt")]
    with subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT) as process:
        assert process.stdout.readline().decode() == "giải_phóng mặt_bằng\n"
        process.stdout.close()
        assert process.stderr.read() == b""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
def test_stdout_on_a_full_disk_is_one_sentence():
    with Path("/dev/full").open("w") as full:
        line = [*COMMAND, "tokenize"]
        ended = subprocess.run(line, input=b"a\n", stdout=full, stderr=subprocess.PIPE, cwd=ROOT, check=False)
    assert ended.returncode == 1
    assert re.fullmatch(r"Lỗi: .*\n", ended.stderr.decode())


# --- models, help ---------------------------------------------------------------------------------


def test_models_names_the_shipped_ones_with_their_figures(run):
    ended = run("models")
    assert (ended.code, ended.err) == (0, "")
    assert all(word in ended.out for word in ("fast", "domain", "status", "macro-F1"))
    assert re.search(r"0,\d{3}", ended.out)


def test_models_says_where_there_are_none(run, monkeypatch):
    def nothing(name):
        raise FileNotFoundError(name)

    monkeypatch.setattr(pipeline, "asset", nothing)
    ended = run("models")
    assert (ended.code, ended.out) == (1, "")
    assert "chưa có mô hình nào" in ended.err


@pytest.mark.parametrize("command", [c.name or c.callback.__name__ for c in cli.app.registered_commands])
def test_every_command_has_help_in_vietnamese(run, command):
    ended = run(command, "--help")
    assert (ended.code, ended.err) == (0, "")
    assert re.search("[ạ-ỹ]", ended.out)


# --- demo, view -----------------------------------------------------------------------------------


def _check_counts(out):
    """Check that the table of counts adds up, and return the number of tasks."""
    names = domain_names().values()
    numbers = [[int(n) for n in re.findall(r"\b\d+\b", line)] for line in out.splitlines() if _is_count(line)]
    *rows, total = numbers
    assert 0 < len(rows) <= len(names)
    assert all(sum(row[:-1]) == row[-1] for row in numbers)
    assert [sum(column) for column in zip(*rows, strict=True)] == total
    return total[-1]


def _is_count(line):
    return bool(re.fullmatch(r"[^\d/]*(\d+[ │]+){3}\d+\D*", line))


def test_demo_prints_every_task_and_counts_that_reconcile(run):
    ended = run("demo", "--no-viewer")
    assert (ended.code, ended.err) == (0, "")
    results = store.read_rows(ended.out.split()[-1])
    assert "\x1b" not in ended.out
    assert re.findall(r"^│ (\S+/\d+) +│", ended.out, re.MULTILINE) == [item.task.id for item in results]
    assert _check_counts(ended.out) == len(results)
    domains = Counter(item.domain.label for item in results)
    for label, count in domains.items():
        assert re.search(rf"{domain_names()[label]} .* {count} │$", ended.out, re.MULTILINE)


def test_demo_says_which_sample_it_could_not_read(run, tmp_path, report, monkeypatch):
    (tmp_path / "empty.txt").write_text("")
    monkeypatch.setattr(cli, "asset", lambda name: tmp_path)
    ended = run("demo", "--no-viewer")
    assert "Bỏ qua" in ended.err and "empty.txt" in ended.err
    assert _check_counts(ended.out) == 2


@posix
def test_demo_fits_a_narrow_terminal():
    out = _in_terminal(40, "demo", "--no-viewer")
    *shown, last = re.sub(r"\x1b\[[0-9;]*m", "", out).splitlines()
    assert all(len(line) <= 40 for line in shown)
    results = store.read_rows(last.split()[-1])
    assert [line for line in shown if re.fullmatch(r"\S+/\d+", line)] == [item.task.id for item in results]
    assert _check_counts("\n".join(shown)) == len(results)


def _in_terminal(columns, *arguments):
    """Run a command line in a terminal of that width; return what it shows."""
    import fcntl
    import pty
    import struct
    import termios

    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    environment = {k: v for k, v in os.environ.items() if k not in ("COLUMNS", "LINES")}
    environment["TERM"] = "xterm"
    with subprocess.Popen(
        [*COMMAND, *arguments], stdin=theirs, stdout=theirs, stderr=theirs, cwd=ROOT, env=environment
    ) as process:
        os.close(theirs)
        shown = b""
        while True:
            try:
                piece = os.read(ours, 65536)
            except OSError:  # how Linux says that all is read
                break
            if not piece:
                break
            shown += piece
    os.close(ours)
    assert process.returncode == 0
    return shown.decode().replace("\r\n", "\n")


@posix
@pytest.mark.parametrize(
    ("arguments", "kind"),
    [(["view", "{results}", "--port", "{port}"], signal.SIGTERM), (["demo"], signal.SIGINT)],
)
def test_viewer_prints_its_address_once_and_ends_with_a_signal(tag, report, tmp_path, arguments, kind):
    results = tmp_path / "out.jsonl"
    assert tag(report, "-o", results).code == 0
    line = [part.format(results=results, port=_free_port()) for part in arguments]
    with subprocess.Popen(
        [*COMMAND, *line, "--no-browser"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        cwd=ROOT,
    ) as process:
        shown = []
        for text in process.stdout:
            shown.append(text)
            if text.startswith("http"):
                break
        address = shown[-1].strip()
        with urllib.request.urlopen(f"{address}/_stcore/health", timeout=10) as answer:
            assert answer.status == 200
        process.send_signal(kind)
        rest, err = process.communicate(timeout=30)
    assert process.returncode == 0
    assert "Traceback" not in err
    assert "".join([*shown, rest]).count("http://127.0.0.1:") == 1
    if line[0] == "view":
        assert address.endswith(line[-1])
        assert len(shown) == 1


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_view_says_what_it_cannot_open(run, report, tmp_path):
    for path, message in [
        (tmp_path / "nowhere.jsonl", "không tìm thấy tệp"),
        (tmp_path, "là một thư mục"),
        (report, "đuôi '.txt' không dùng được"),
    ]:
        ended = run("view", path, "--no-browser")
        assert (ended.code, ended.out) == (1, "")
        assert message in ended.err


def test_view_says_that_a_port_is_taken(run):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        ended = run("view", "--no-browser", "--port", port)
    assert (ended.code, ended.out) == (1, "")
    assert f"cổng {port} đang bận" in ended.err


# --- helpers --------------------------------------------------------------------------------------


def _run(*arguments, **options):
    line = [*COMMAND, *map(str, arguments)]
    ended = subprocess.run(
        line, capture_output=True, text=True, encoding="utf-8", cwd=ROOT, check=False, **options
    )
    assert "Traceback" not in ended.stderr
    return ended


def _wait_for(condition, seconds=60):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.05)
