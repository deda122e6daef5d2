import pytest

from nlp_tasks.lexicon import Phrases, load_table
from nlp_tasks.topics import read_topics


@pytest.mark.parametrize(
    ("title", "feature"),
    [
        ("Giải phóng mặt bằng đường Vành đai 3", "first:clearance"),
        ("Thi công đường Vành đai 3", "act:build:first:road"),
        ("Giải ngân vốn đầu tư công", "act:spend:object:capital"),
        ("Nâng cấp đê biển Tây", "act:build:object:dyke"),
        ("Trùng tu tháp Bắc", "act:restore:first:heritage"),
        ("Cấp giấy chứng nhận quyền sử dụng đất cho trường học", "first:certificate"),
    ],
)
def test_title_gives_its_act_and_objects(title, feature):
    assert read_topics(title, "")[feature] == 1.0


@pytest.mark.parametrize(
    ("title", "feature"),
    [
        ("Bảo vệ môi trường", "object:works"),
        ("Dự án nước sạch", "object:justice"),
        ("Điều chỉnh quy hoạch chung", "object:crops"),
        ("Hỗ trợ gia đình chính sách", "object:heritage"),
    ],
)
def test_part_of_a_compound_is_no_topic(title, feature):
    assert feature not in read_topics(title, "")


def test_longest_phrase_wins_and_offsets_are_those_of_the_text():
    phrases = Phrases({"a": ["khu"], "b": ["khu tái định cư"]})
    text = "Khu tái định cư, khu phố"
    assert [(name, text[start:end]) for name, start, end in phrases.find(text)] == [
        ("b", "Khu tái định cư"),
        ("a", "khu"),
    ]


@pytest.mark.parametrize(("table", "part"), [("topics", "objects"), ("topics", "acts"), ("acts", "acts")])
def test_phrases_are_in_small_letters_and_are_there(table, part):
    phrases = [phrase for names in load_table(table)[part].values() for phrase in names]
    assert phrases == [phrase.lower() for phrase in phrases]
    assert all(names for names in load_table(table)[part].values())
