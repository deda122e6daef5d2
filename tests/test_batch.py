"""Tests of the batch: which files an input stands for, and that one input's failure is its own."""

import os
import unicodedata
from pathlib import Path

import pytest

from nlp_tasks import store
from nlp_tasks.batch import Job, find_jobs, inputs, local, run_jobs
from nlp_tasks.batch.inputs import read_job
from nlp_tasks.errors import NlpTasksError, ReadError

REPORT = (
    "BÁO CÁO\n"
    "Kết quả thực hiện nhiệm vụ quý I năm 2024\n"
    "STT\tNhiệm vụ\tKết quả thực hiện\tKế hoạch\n"
    "1\tLập quy hoạch chung thị trấn\tTư vấn đang lập đồ án.\tTrình thẩm định trong quý II.\n"
    "2\tThu ngân sách năm 2024\tThu 130 tỷ đồng, đạt 108% dự toán.\t\n"
)


@pytest.fixture
def folder(tmp_path):
    """A folder of reports: two levels, and beside them what is no report."""
    for name in (
        "b.txt",
        "a.TXT",
        "sub/b.txt",
        ".hidden.txt",
        ".git/x.txt",
        "~$b.txt",
        "note.md",
        "out.jsonl",
    ):
        path = tmp_path / "folder" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(REPORT, encoding="utf-8")
    return tmp_path / "folder"


def _ids(*paths):
    return [job.report_id for job in find_jobs(paths)]


def test_folder_gives_its_reports_in_order_and_nothing_else(folder):
    assert [job.path.relative_to(folder).as_posix() for job in find_jobs([folder])] == [
        "a.TXT",
        "b.txt",
        "sub/b.txt",
    ]
    assert _ids(folder) == ["a", "b", "sub/b"]


def test_order_is_that_of_the_inputs(folder):
    paths = [folder / "sub" / "b.txt", folder, folder / "note.md"]
    assert [job.path.name for job in find_jobs(paths)] == ["b.txt", "a.TXT", "b.txt", "b.txt", "note.md"]


def test_files_of_one_name_get_ids_of_their_own(folder):
    assert _ids(folder / "b.txt", folder / "sub" / "b.txt", folder) == ["b", "b-2", "a", "b-3", "sub/b"]


def test_id_that_is_taken_by_a_made_one_is_passed_over(tmp_path):
    assert _ids(tmp_path / "b.txt", tmp_path / "x/b.txt", tmp_path / "b-2.txt") == ["b", "b-2", "b-2-2"]


def test_id_is_composed_unicode(tmp_path):
    name = unicodedata.normalize("NFD", "báo cáo quý I")
    assert _ids(tmp_path / f"{name}.txt") == ["báo cáo quý I"]


@pytest.mark.skipif(os.name == "nt", reason="links need a right that Windows users lack")
def test_links_out_of_the_folder_are_not_followed(folder, tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.txt").write_text(REPORT, encoding="utf-8")
    (folder / "link.txt").symlink_to(outside / "secret.txt")
    (folder / "linked").symlink_to(outside)
    (folder / "round").symlink_to(folder)
    (folder / "inside.txt").symlink_to(folder / "b.txt")
    assert _ids(folder) == ["a", "b", "inside", "sub/b"]


def test_folder_that_cannot_be_opened_is_named(folder, monkeypatch):
    scandir = os.scandir

    def closed(path):
        if Path(path).name == "sub":
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", closed)
    jobs = find_jobs([folder])
    assert [job.report_id for job in jobs] == ["a", "b", "sub"]
    monkeypatch.setattr(Path, "iterdir", lambda path: closed(path))
    with pytest.raises(ReadError, match="sub: không mở được") as caught:
        read_job(jobs[-1])
    assert caught.value.code == "denied"


def _code(path):
    with pytest.raises(NlpTasksError) as caught:
        read_job(Job(path, "r"))
    assert str(path) in caught.value.message or path.name in caught.value.message
    return caught.value.code


def test_missing_input_is_missing_whatever_its_ending(tmp_path):
    assert [_code(tmp_path / name) for name in ("x.txt", "x", "x.docx", "x.jsonl")] == ["missing"] * 4


def test_file_in_place_of_a_folder_is_missing(folder):
    assert _code(folder / "b.txt" / "c.txt") == "missing"


def test_folder_without_reports_says_so(tmp_path):
    assert [job.path for job in find_jobs([tmp_path])] == [tmp_path]
    assert _code(tmp_path) == "no_reports"


def test_file_that_may_not_be_read_is_denied(folder, monkeypatch):
    def refuse(path, *args, **kwargs):
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "read_bytes", refuse)
    assert _code(folder / "b.txt") == "denied"


@pytest.mark.parametrize("name", ["a" * 300 + ".txt", "a\0b.txt"])
def test_impossible_name_is_an_error_of_that_input(name, tmp_path):
    assert [job.path for job in find_jobs([tmp_path / name])] == [tmp_path / name]
    assert _code(tmp_path / name) in ("denied", "missing")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names here")
def test_pipe_is_refused_and_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "x.txt")
    assert _code(tmp_path / "x.txt") == "not_a_file"


@pytest.mark.skipif(os.name != "posix", reason="names are Unicode here")
def test_name_of_broken_bytes_is_refused(tmp_path):
    name = os.fsdecode(b"b\xe1o.txt")
    try:
        (tmp_path / name).write_text(REPORT, encoding="utf-8")
    except OSError:
        pytest.skip("this file system takes no such name")
    assert _code(tmp_path / name) == "name"


def test_unknown_ending_is_refused(folder):
    assert _code(folder / "note.md") == "format"


def test_records_keep_their_ids(tmp_path):
    path = tmp_path / "r.csv"
    path.write_text("id,title,result\nx/7,Thu ngân sách,Đạt 70 %\n,Lập quy hoạch,Đã xong\n", encoding="utf-8")
    assert [task.id for task in read_job(Job(path, "r")).tasks] == ["x/7", "r/2"]


def test_same_file_sees_through_names(folder):
    jobs = find_jobs([folder / "b.txt"])
    assert inputs.same_file(folder / "sub" / ".." / "b.txt", jobs)
    assert not inputs.same_file(folder / "a.TXT", jobs)
    assert not inputs.same_file(folder / "nowhere.txt", jobs)


def test_bad_input_costs_only_itself(folder, tiny_model):
    jobs = find_jobs([folder / "b.txt", folder / "nowhere.txt", folder / "a.TXT"])
    outcomes = list(run_jobs(jobs, tiny_model))
    assert [outcome.job for outcome in outcomes] == jobs
    assert [len(outcome.tagged) for outcome in outcomes] == [2, 0, 2]
    assert [outcome.error.code if outcome.error else None for outcome in outcomes] == [None, "missing", None]


def test_bug_in_one_input_costs_only_that_input(folder, tiny_model, monkeypatch):
    def read(job):
        if job.report_id == "a":
            raise RecursionError("too deep")
        return read_job(job)

    monkeypatch.setattr(local, "read_job", read)
    outcomes = list(run_jobs(find_jobs([folder]), tiny_model))
    assert [len(outcome.tagged) for outcome in outcomes] == [0, 2, 2]
    error = outcomes[0].error
    assert error.code == "internal"
    assert "a.TXT" in error.message
    assert "RecursionError" in error.message


def test_no_jobs_give_no_outcomes(tiny_model):
    assert list(run_jobs([], tiny_model)) == []


def test_processes_give_the_same_outcomes(folder, tiny_model):
    jobs = find_jobs([folder, folder / "nowhere.txt"])
    alone, shared = (list(run_jobs(jobs, tiny_model, workers=n)) for n in (1, 2))
    assert [(o.job, o.tagged, o.notes) for o in alone] == [(o.job, o.tagged, o.notes) for o in shared]
    error, other = alone[-1].error, shared[-1].error
    assert (type(error), error.code, error.message) == (type(other), other.code, other.message)


def _die(job):
    os._exit(9)


def test_process_that_the_system_ends_is_one_sentence(folder, tiny_model, monkeypatch):
    monkeypatch.setattr(local._Worker, "run", _die)
    with pytest.raises(NlpTasksError, match="--workers nhỏ hơn") as caught:
        list(run_jobs(find_jobs([folder]), tiny_model, workers=2))
    assert caught.value.code == "worker"


def test_results_are_records_too(folder, tiny_model, tmp_path):
    tagged = [task for outcome in run_jobs(find_jobs([folder]), tiny_model) for task in outcome.tagged]
    store.write_rows(tagged, tmp_path / "first.parquet")
    (again,) = run_jobs(find_jobs([tmp_path / "first.parquet"]), tiny_model)
    assert list(again.tagged) == tagged
