import re

import numpy as np
import pytest

from nlp_tasks.explain import explain
from nlp_tasks.lexicon import load_table
from nlp_tasks.pipeline import Pipeline, analyse
from nlp_tasks.schema import Task

TASK = Task(
    id="a/1",
    title="Giải phóng mặt bằng đường Vành đai 3",
    result="Chi trả 42/87 hộ; đang tạm dừng do chưa bố trí vốn.",
    period="2024-Q3",
)


@pytest.fixture(scope="module")
def pipeline():
    return Pipeline.from_folder("fast")


@pytest.mark.parametrize("name", ["domain", "status", "risk"])
def test_contributions_and_biases_add_up_to_the_lead(pipeline, name):
    classifier = getattr(pipeline, name)
    analysis = analyse(TASK)
    document = analysis.domain_document if name == "domain" else analysis.status_document
    total = sum(weight for _, _, weight in classifier.contributions(document))
    proba = np.sort(np.log(classifier.predict_proba([document])[0]))
    order = np.argsort(-classifier.predict_proba([document])[0])
    bias = classifier._model.intercept_
    lead = bias[order[0]] - bias[order[1]] if len(bias) > 1 else bias[0] * (1 if order[0] else -1)
    assert total + lead / classifier.temperature_ == pytest.approx(proba[-1] - proba[-2], abs=1e-4)


@pytest.mark.parametrize("name", ["domain", "status", "risk"])
def test_every_named_feature_has_words(pipeline, name):
    patterns = [re.compile(pattern) for pattern, _ in load_table("findings")["findings"]]
    names = [term for field, term in getattr(pipeline, name)._features.feature_names if not field]
    assert names
    assert [term for term in names if not any(pattern.match(term) for pattern in patterns)] == []


def test_obstacle_is_told_as_the_reason(pipeline):
    reasons = explain("status", pipeline.status, analyse(TASK).status_document)
    assert "kết quả nêu trở ngại" in [reason.term for reason in reasons[:3]]
    assert all(abs(a.weight) >= abs(b.weight) for a, b in zip(reasons, reasons[1:], strict=False))


def test_reasons_come_only_when_asked_for(pipeline):
    assert pipeline.tag(TASK).reasons == ()
    [tagged] = pipeline.tag_many([TASK], explain=True)
    assert {reason.about for reason in tagged.reasons} == {"domain", "status"}
    assert tagged.domain == pipeline.tag(TASK).domain


def test_late_task_says_why_it_is_at_risk(pipeline):
    late = Task(
        id="a/2",
        title="Giải ngân vốn đầu tư công năm 2024",
        result="Mới giải ngân 20% kế hoạch, chậm so với yêu cầu, thấp hơn cùng kỳ.",
        period="2024-9M",
    )
    [tagged] = pipeline.tag_many([late], explain=True)
    assert tagged.status.at_risk
    assert "at_risk" in {reason.about for reason in tagged.reasons}
