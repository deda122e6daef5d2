import pytest

from nlp_tasks.figures import find_figures
from nlp_tasks.lexicon import load_table
from nlp_tasks.normalize import normalize
from nlp_tasks.schema import FIELDS, Prediction, Task
from nlp_tasks.status import decide, measure, read_status
from nlp_tasks.status.goals import find_acts, title_goal

CUES = {cue["name"]: cue for cue in load_table("cues")["cues"]}


def read(result, title="Thi công đường", plan="", period="2024-Q1"):
    task = Task(id="a/1", title=title, result=result, plan=plan, period=period)
    fields = {field: normalize(getattr(task, field)) for field in FIELDS}
    figures = [figure for field in FIELDS for figure in find_figures(getattr(task, field), field)]
    return task, read_status(task, fields, figures)


def facts(result, name):
    return [hit for hit in read(result)[1].hits if hit.name == name and hit.scope == "fact"]


@pytest.mark.parametrize("name", CUES)
def test_cue_fires_on_its_sentence_and_not_on_the_other(name):
    assert facts(CUES[name]["match"], name)
    assert not facts(CUES[name]["no_match"], name)


@pytest.mark.parametrize(
    ("sentence", "name", "scope"),
    [
        ("Đã tháo gỡ vướng mắc về mặt bằng.", "obstacle.snag", "resolved"),
        ("Vướng mắc về ranh giới nay đã được gỡ.", "obstacle.snag", "resolved"),
        ("Dự án còn vướng mắc về đơn giá.", "obstacle.snag", "fact"),
        ("Phấn đấu hoàn thành trong quý II.", "done.completed", "intended"),
        ("Chưa hoàn thành hồ sơ.", "done.completed", "negated"),
        ("Tạm dừng việc phê duyệt phương án.", "done.approved", "negated"),
        ("Cơ bản hoàn thành phần móng.", "done.completed", "partly"),
        ("Đã hoàn thành phần móng.", "done.completed", "fact"),
    ],
)
def test_cue_is_read_in_its_scope(sentence, name, scope):
    scopes = [hit.scope for hit in read(sentence)[1].hits if hit.name == name]
    assert scopes == [scope]


def test_misread_words_are_found_at_their_place_in_the_source():
    task, reading = read("Hiện nay dự án vướng mắc, phân đấu hoàn thành trong quý III.")
    for hit in reading.hits:
        assert 0 <= hit.start < hit.end <= len(task.result)
    assert not [hit for hit in reading.hits if hit.kind == "done" and hit.scope == "fact"]


@pytest.mark.parametrize(
    ("result", "feature"),
    [
        ("Thu 120 tỷ đồng, đạt 105% dự toán.", "target:max:100+"),
        ("Thu 120 tỷ đồng, vượt 8% kế hoạch.", "target:max:100+"),
        ("Thu 120 tỷ đồng, bằng 28,1% dự toán.", "target:max:<50"),
        ("Doanh thu tăng 12% so với cùng kỳ.", "target:none"),
        ("Cấp 28/28 giấy.", "ratio:all_reached"),
        ("Cấp 20/28 giấy.", "ratio:max:<75"),
    ],
)
def test_figures_are_set_against_their_target(result, feature):
    assert read(result)[1].features.get(feature) == 1.0


def test_scale_of_a_map_is_no_share():
    assert read("Lập bản đồ tỷ lệ 1/10.000.")[1].features.get("ratio:none") == 1.0


def test_goal_of_the_title_is_compared_with_the_result():
    _, reading = read("Đã làm 20 km.", title="Làm 20 km đường")
    assert reading.features.get("goal:named_again") == 1.0


@pytest.mark.parametrize(
    ("label", "at_risk", "expected"),
    [("blocked", False, True), ("done", True, False), ("on_track", True, True)],
)
def test_risk_follows_the_guideline(label, at_risk, expected):
    task, reading = read("Đang thi công.")
    assert decide(task, reading, Prediction(label, 0.9), at_risk=at_risk).at_risk is expected


@pytest.mark.parametrize(
    ("label", "result", "rule", "text"),
    [
        (
            "blocked",
            "UBND thành phố đang tạm dừng phê duyệt phương án.",
            "cue:obstacle.suspended",
            "đang tạm dừng",
        ),
        ("done", "Đã cấp 28/28 giấy.", "figure:reached", "28/28"),
        ("on_track", "Đã cấp 20/28 giấy.", "figure:short", "20/28"),
    ],
)
def test_evidence_speaks_for_the_label(label, result, rule, text):
    task, reading = read(result)
    evidence = decide(task, reading, Prediction(label, 0.9), at_risk=False).evidence
    assert (rule, text) in [(e.rule, e.text) for e in evidence]
    assert all(getattr(task, e.field)[e.start : e.end] == e.text for e in evidence)


def test_growth_is_no_evidence_of_falling_short():
    task, reading = read("Thu đạt 28,1% dự toán, bằng 95% so với cùng kỳ, tăng 12%.")
    evidence = decide(task, reading, Prediction("on_track", 0.9), at_risk=False).evidence
    assert [e.text for e in evidence if e.rule == "figure:short"] == ["28,1%"]


def test_empty_task_has_no_evidence():
    task, reading = read("")
    assert decide(task, reading, Prediction("on_track", 0.9), at_risk=False).evidence == ()


@pytest.mark.parametrize(
    ("text", "base", "share"),
    [
        ("đạt 28,1% dự toán", "target", 28.1),
        ("vượt 8% kế hoạch", "target", 108),
        ("tăng 5% so với kế hoạch", "target", 105),
        ("thấp hơn 4% so với chỉ tiêu", "target", 96),
        ("bằng 95% so với cùng kỳ", "same_period", 95),
        ("giảm 3% so với cùng kỳ", "same_period", 97),
        ("tăng 12%", "same_period", 112),
        ("95% hộ dân", "", 95),
        ("20/80 đơn", "whole", 25),
    ],
)
def test_figure_knows_what_it_is_measured_against(text, base, share):
    [found] = [m for figure in find_figures(text) if (m := measure(text, figure))]
    assert (found.base.value, found.share) == (base, pytest.approx(share))


@pytest.mark.parametrize(
    ("title", "goal"),
    [
        ("Lập, thẩm định, phê duyệt quy hoạch", ("draft", "appraise", "approve")),
        ("Tiếp tục công tác phê duyệt giá đất", ("approve",)),
        ("1. Tổ chức lễ hội", ("hold",)),
        ("Đưa chợ xã vào hoạt động", ("use",)),
        ("Công trình cấp nước", ()),
    ],
)
def test_goal_is_the_act_that_the_title_opens_with(title, goal):
    assert title_goal(title) == goal


@pytest.mark.parametrize(
    ("sentence", "name", "tense"),
    [
        ("Đã phê duyệt quy hoạch.", "approve", "did"),
        ("Chưa phê duyệt quy hoạch.", "approve", "not"),
        ("Sẽ phê duyệt trong quý II.", "approve", "will"),
        ("Đang thẩm định hồ sơ.", "appraise", "now"),
        ("Cơ bản hoàn thành phần thô.", "complete", "part"),
        ("Chi trả xong cho 12 hộ.", "pay", "did"),
        ("UBND tỉnh phê duyệt ngày 12/3.", "approve", "told"),
    ],
)
def test_act_is_read_in_its_tense(sentence, name, tense):
    assert (name, tense) in [(act.name, act.tense) for act in find_acts(normalize(sentence))]


@pytest.mark.parametrize(
    ("title", "result", "feature"),
    [
        ("Phê duyệt quy hoạch phân khu", "UBND tỉnh đã phê duyệt ngày 12/3.", "goal:reported:only"),
        ("Phê duyệt quy hoạch phân khu", "Quy hoạch đã công bố.", "goal:reported:only"),
        ("Phê duyệt quy hoạch phân khu", "Đã lập nhiệm vụ, đang thẩm định.", "goal:step_only"),
        ("Thu 500 tỷ đồng", "Thu được 512.000 triệu đồng.", "goal:100+"),
        ("Chợ trung tâm xã", "Đã khởi công.", "goal:none"),
    ],
)
def test_result_is_set_against_the_goal(title, result, feature):
    assert read(result, title=title)[1].features.get(feature) == 1.0


def test_act_of_the_goal_is_evidence_that_it_is_done():
    task, reading = read("Bình xét xong, huyện đã ra mắt trung tâm.", title="Ra mắt trung tâm")
    evidence = decide(task, reading, Prediction("done", 0.9), at_risk=False).evidence
    assert "ra mắt" in " ".join(e.text for e in evidence)
