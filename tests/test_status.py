import pytest

from nlp_tasks.figures import find_figures
from nlp_tasks.lexicon import load_table
from nlp_tasks.normalize import normalize
from nlp_tasks.schema import FIELDS, Prediction, Task
from nlp_tasks.status import decide, read_status

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
