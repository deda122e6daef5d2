import pickle

import numpy as np
import pytest
import skops.io
from sklearn.model_selection import cross_val_score

from nlp_tasks.classify import Document, LinearClassifier, LinearSettings, predictions
from nlp_tasks.errors import ModelError

TEXTS = {
    "planning": ["lập quy_hoạch chung", "điều_chỉnh quy_hoạch phân_khu", "phê_duyệt đồ_án quy_hoạch"],
    "finance": ["thu ngân_sách nhà_nước", "giải_ngân vốn đầu_tư", "chi ngân_sách thường_xuyên"],
    "land_clearance": ["giải_phóng mặt_bằng đường", "chi_trả bồi_thường hộ", "thu_hồi đất tái_định_cư"],
}
X = [
    Document({"text": text}, {"long": float(len(text) > 18)}) for texts in TEXTS.values() for text in texts
] * 3
Y = [label for label, texts in TEXTS.items() for _ in texts] * 3
SETTINGS = LinearSettings(min_df=1, n_folds=3)


@pytest.fixture(scope="module")
def model():
    return LinearClassifier(SETTINGS).fit(X, Y)


def test_rows_of_probabilities_sum_to_one(model):
    proba = model.predict_proba(X)
    assert proba.shape == (len(X), 3)
    np.testing.assert_allclose(proba.sum(axis=1), 1)


def test_prediction_is_the_most_probable_label(model):
    assert (model.predict(X) == model.classes_[model.predict_proba(X).argmax(axis=1)]).all()


def test_training_texts_are_learnt(model):
    assert list(model.predict(X)) == Y


def test_batch_equals_single_calls(model):
    single = np.vstack([model.predict_proba([document]) for document in X])
    np.testing.assert_array_equal(np.round(model.predict_proba(X), 4), np.round(single, 4))


def test_no_documents_give_no_rows(model):
    assert model.predict_proba([]).shape == (0, 3)


def test_unknown_words_and_missing_fields_still_get_a_label(model):
    assert model.predict([Document({"text": "zzz"}), Document({})]).shape == (2,)


def test_saved_model_predicts_the_same(model, tmp_path):
    model.save(tmp_path / "m.skops")
    loaded = LinearClassifier.load(tmp_path / "m.skops")
    np.testing.assert_allclose(loaded.predict_proba(X), model.predict_proba(X), atol=1e-6)
    assert loaded.settings == SETTINGS
    assert list(loaded.classes_) == list(model.classes_)


def test_two_labels_work_like_more(tmp_path):
    pairs = [(d, y) for d, y in zip(X, Y, strict=True) if y != "finance"]
    model = LinearClassifier(SETTINGS).fit([d for d, _ in pairs], [y for _, y in pairs])
    model.save(tmp_path / "m.skops")
    proba = LinearClassifier.load(tmp_path / "m.skops").predict_proba(X)
    assert proba.shape == (len(X), 2)
    np.testing.assert_allclose(proba.sum(axis=1), 1)


def test_same_data_give_the_same_model():
    one, two = (LinearClassifier(SETTINGS).fit(X, Y).predict_proba(X) for _ in range(2))
    np.testing.assert_array_equal(one, two)


def test_works_in_scikit_learn():
    scores = cross_val_score(LinearClassifier(SETTINGS), X, Y, cv=3)
    assert scores.min() > 0.5


def test_without_folds_there_is_no_temperature():
    model = LinearClassifier(LinearSettings(min_df=1, n_folds=0)).fit(X, Y)
    assert model.temperature_ == 1.0
    assert list(model.predict(X)) == Y


def test_groups_stay_together():
    groups = ["a", "b", "c"] * 9
    model = LinearClassifier(SETTINGS).fit(X, Y, groups)
    assert model.out_of_fold_.shape == (len(X), 3)


@pytest.mark.parametrize(
    ("documents", "labels", "message"),
    [(X[:2], ["a"], "2 documents but 1 labels"), (X[:2], ["a", "a"], "two labels")],
)
def test_impossible_training_data_are_refused(documents, labels, message):
    with pytest.raises(ValueError, match=message):
        LinearClassifier(SETTINGS).fit(documents, labels)


@pytest.mark.parametrize(
    "wrong", [{"C": 0}, {"min_df": 0}, {"n_folds": 1}, {"n_folds": -1}, {"field_weights": {}}]
)
def test_impossible_settings_are_refused(wrong):
    with pytest.raises(ValueError):
        LinearSettings(**wrong)


def test_predictions_name_every_label():
    [prediction] = predictions(np.array(["a", "b"]), np.array([[0.123456, 0.876544]]))
    assert (prediction.label, prediction.score) == ("b", 0.8765)
    assert prediction.scores == {"a": 0.1235, "b": 0.8765}


class TestForeignFiles:
    def test_missing(self, tmp_path):
        with pytest.raises(ModelError, match="thiếu tệp mô hình"):
            LinearClassifier.load(tmp_path / "none.skops")

    @pytest.mark.parametrize("content", [b"", b"not a zip", pickle.dumps({"format": 1})])
    def test_not_skops(self, content, tmp_path):
        (tmp_path / "m.skops").write_bytes(content)
        with pytest.raises(ModelError, match="bị hỏng"):
            LinearClassifier.load(tmp_path / "m.skops")

    def test_truncated(self, model, tmp_path):
        model.save(tmp_path / "m.skops")
        content = (tmp_path / "m.skops").read_bytes()
        (tmp_path / "m.skops").write_bytes(content[: len(content) // 2])
        with pytest.raises(ModelError, match="bị hỏng"):
            LinearClassifier.load(tmp_path / "m.skops")

    def test_damaged_bytes(self, model, tmp_path):
        model.save(tmp_path / "m.skops")
        content = bytearray((tmp_path / "m.skops").read_bytes())
        for place in range(100, len(content), len(content) // 25):
            broken = content.copy()
            broken[place] ^= 0xFF
            (tmp_path / "m.skops").write_bytes(broken)
            try:
                LinearClassifier.load(tmp_path / "m.skops")
            except ModelError as error:
                assert "mô hình" in error.message

    def test_other_format(self, tmp_path):
        skops.io.dump({"format": 99}, tmp_path / "m.skops")
        with pytest.raises(ModelError, match="phiên bản khác"):
            LinearClassifier.load(tmp_path / "m.skops")

    def test_untrusted_type(self, tmp_path):
        skops.io.dump({"format": 1, "model": LinearClassifier()}, tmp_path / "m.skops")
        with pytest.raises(ModelError, match="không được tin cậy"):
            LinearClassifier.load(tmp_path / "m.skops")
