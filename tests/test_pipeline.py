from dataclasses import replace

import pytest

from nlp_tasks.assets import asset
from nlp_tasks.errors import ModelError
from nlp_tasks.pipeline import Pipeline, find_folder, read_config
from nlp_tasks.readers import read_report
from nlp_tasks.schema import Task

TASK = Task(
    id="a/1",
    title="Giải phóng mặt bằng khu dân cư phía Nam thị trấn, bàn giao 12 ha cho chủ đầu tư",
    result="Đã kiểm đếm 64/64 hộ; tạm dừng chi trả do vướng mắc về nguồn gốc đất của 12 hộ.",
    plan="Xin ý kiến UBND tỉnh.",
    period="2024-Q1",
)


@pytest.fixture(scope="module")
def pipeline():
    return Pipeline.from_folder("fast")


@pytest.fixture(scope="module")
def tasks():
    return read_report(asset("data/reports/thai-thuy-2024-q1.txt")).tasks


def test_tagged_task_holds_every_stage(pipeline):
    tagged = pipeline.tag(TASK)
    assert tagged.task == TASK
    assert (tagged.domain.label, tagged.status.status.label, tagged.status.at_risk) == (
        "land_clearance",
        "blocked",
        True,
    )
    assert tagged.summary.text and tagged.summary.sources
    assert {"64/64", "12 ha"} <= {figure.text for figure in tagged.figures}
    assert "tạm dừng" in [evidence.text for evidence in tagged.status.evidence]


def test_batch_equals_single_calls(pipeline, tasks):
    assert list(pipeline.tag_many(tasks)) == [pipeline.tag(task) for task in tasks]


def test_order_and_neighbours_change_nothing(pipeline, tasks):
    backwards = list(pipeline.tag_many(reversed(tasks)))
    assert list(reversed(backwards)) == list(pipeline.tag_many(tasks))


def test_spans_are_slices_of_their_fields(pipeline, tasks):
    for tagged in pipeline.tag_many(tasks):
        warned = [span for warning in tagged.warnings for span in warning.spans]
        for span in [*tagged.status.evidence, *tagged.figures, *tagged.summary.sources, *warned]:
            assert getattr(tagged.task, span.field)[span.start : span.end] == span.text


def test_scores_are_probabilities_of_every_label(pipeline, tasks):
    for tagged in pipeline.tag_many(tasks):
        for prediction in (tagged.domain, tagged.status.status):
            assert prediction.score == max(prediction.scores.values())
            assert sum(prediction.scores.values()) == pytest.approx(1, abs=1e-3)


def test_doubtful_rows_are_marked_for_review(tasks):
    strict = Pipeline.from_folder("fast")
    strict.thresholds["domain"] = dict.fromkeys(strict.domain.classes_, 1.01)
    assert all(tagged.needs_review for tagged in strict.tag_many(tasks))


@pytest.mark.parametrize("empty", ["title", "result", "plan"])
def test_empty_field_is_no_error(pipeline, empty):
    assert pipeline.tag(replace(TASK, **{empty: ""})).domain.label


def test_no_tasks_give_no_rows(pipeline):
    assert list(pipeline.tag_many([])) == []


def test_unknown_folder_names_the_shipped_ones():
    with pytest.raises(ModelError, match="có sẵn: .*fast"):
        find_folder("nowhere")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "thiếu config.json"),
        ("{", "bị hỏng"),
        ('{"format": 99}', "phiên bản khác"),
        ("[]", "phiên bản khác"),
        ('{"format": 2}', "thiếu «thresholds»"),
    ],
)
def test_broken_configuration_is_one_sentence(content, message, tmp_path):
    if content is not None:
        (tmp_path / "config.json").write_text(content)
    with pytest.raises(ModelError, match=message):
        read_config(tmp_path)


def test_incomplete_folder_is_one_sentence(tmp_path):
    (tmp_path / "config.json").write_text(
        '{"format": 2, "figures": {}, "thresholds": {"domain": {}, "status": {}}}'
    )
    with pytest.raises(ModelError, match="thiếu tệp mô hình"):
        Pipeline.from_folder(tmp_path)
