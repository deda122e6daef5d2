import pytest

from nlp_tasks.assets import asset, domain_names

CORE = ["planning", "land_clearance", "finance", "admin_reform"]


def test_assets_core_domains_stand_first():
    assert list(domain_names())[:4] == CORE


def test_assets_have_a_name_for_every_domain_in_both_languages():
    assert len(domain_names("vi")) == len(domain_names("en")) == 10


def test_assets_name_what_is_missing():
    with pytest.raises(FileNotFoundError, match="models/nowhere"):
        asset("models/nowhere")
