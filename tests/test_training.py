import json

import numpy as np
import pytest

from nlp_tasks.errors import SchemaError
from nlp_tasks.pipeline import Pipeline
from nlp_tasks.training import calibration_error, load_corpus, review_thresholds, save_models, train_models

ROWS = [
    (
        "Lập quy hoạch chung thị trấn",
        "Tư vấn đang lập đồ án, dự kiến trình trong quý II.",
        "planning",
        "on_track",
    ),
    ("Phê duyệt quy hoạch phân khu phía Bắc", "Đã phê duyệt ngày 12/3.", "planning", "done"),
    ("Lập quy hoạch chi tiết khu dân cư", "Tạm dừng do chưa bố trí vốn.", "planning", "blocked"),
    ("Thu ngân sách năm đạt 120 tỷ đồng", "Thu 130 tỷ đồng, đạt 108% dự toán.", "finance", "done"),
    ("Giải ngân vốn đầu tư công", "Giải ngân đạt 30% kế hoạch, chậm so với cùng kỳ.", "finance", "on_track"),
    ("Thu tiền sử dụng đất", "Đấu giá không có ai tham gia, chưa thu được.", "finance", "blocked"),
]


def write_source(folder, name):
    rows = [
        {
            "id": f"{name}/{n}",
            "report_id": name,
            "period": "2024-Q1",
            "section": "",
            "number": n,
            "title": f"{title} {n}",
            "result": result,
            "plan": "",
            "domain": domain,
            "status": status,
            "at_risk": status == "blocked" or n % 4 == 1,
            "summary": result,
        }
        for n, (title, result, domain, status) in enumerate(ROWS * 2, 1)
    ]
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    (folder / f"{name}.jsonl").write_text(text, encoding="utf-8")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("corpus")
    for name in ("a", "b", "c"):
        write_source(folder, name)
    (folder / "sources.json").write_text('{"c": "b"}')
    return folder


@pytest.fixture(scope="module")
def corpus(folder):
    return load_corpus(folder)


def test_corpus_knows_its_sources(corpus):
    assert len(corpus.labelled) == 36
    assert sorted(set(corpus.sources)) == ["a", "b"]


def test_empty_folder_is_one_sentence(tmp_path):
    with pytest.raises(SchemaError, match="không có tệp dữ liệu"):
        load_corpus(tmp_path)


def test_trained_folder_tags_tasks(corpus, folder, tmp_path):
    trained = train_models(corpus)
    save_models(trained, tmp_path / "model", folder)
    pipeline = Pipeline.from_folder(tmp_path / "model")
    labels = [tagged.domain.label for tagged in pipeline.tag_many(a.task for a in corpus.analyses)]
    assert np.mean(np.array(labels) == corpus.labels("domain")) > 0.9
    config = json.loads((tmp_path / "model" / "config.json").read_text(encoding="utf-8"))
    assert {"figures", "thresholds", "data_sha256", "libraries", "settings", "labels"} <= set(config)


def test_calibration_error_is_the_gap_between_score_and_truth():
    classes = np.array(["a", "b"])
    proba = np.array([[0.9, 0.1]] * 10)
    y = np.array(["a"] * 6 + ["b"] * 4)
    assert calibration_error(y, classes, proba) == pytest.approx(0.3)


class Scored:
    """A classifier as the thresholds see it: two labels and out-of-fold scores."""

    classes_ = np.array(["blocked", "done"])

    def __init__(self, done):
        self.out_of_fold_ = np.column_stack([1 - np.array(done), done])


def test_review_thresholds_keep_the_share_of_right_labels():
    done = np.array([0.95] * 60 + [0.7] * 20 + [0.1] * 60)
    y = np.array(["done"] * 60 + ["done", "blocked"] * 10 + ["blocked"] * 60)
    thresholds = review_thresholds(y, Scored(done), 0.9)
    kept = done >= thresholds["done"]
    assert 0.7 < thresholds["done"] <= 0.95
    assert (y[kept] == "done").all()
    assert thresholds["blocked"] <= 0.9


def test_review_thresholds_lie_above_every_blocked_task_called_done():
    done = np.array([0.99] * 200 + [0.9] + [0.1] * 200)
    y = np.array(["done"] * 200 + ["blocked"] * 201)
    assert review_thresholds(y, Scored(done), 0.9)["done"] <= 0.9
    assert review_thresholds(y, Scored(done), 0.9, never={"done": "blocked"})["done"] == 0.91


def test_too_few_rows_are_all_reviewed():
    assert review_thresholds(np.array(["done", "blocked"]), Scored(np.array([0.9, 0.1])), 0.98)["done"] > 1
