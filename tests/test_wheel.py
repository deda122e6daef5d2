"""The built wheel, unpacked far from the checkout, does the main job: no resource file is missing."""

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    [wheel] = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "site")
    return folder / "site"


def run(installed, *arguments, cwd):
    code = f"import sys; sys.path.insert(0, {str(installed)!r}); import nlp_tasks.cli as c; c.main()"
    command = [sys.executable, "-I", "-c", code, *arguments]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, encoding="utf-8", timeout=300)


def test_wheel_tags_a_report(installed, tmp_path):
    report = (ROOT / "data" / "reports" / "o-mon-2022-q3.txt").read_bytes()
    (tmp_path / "bao-cao.txt").write_bytes(report)
    done = run(installed, "tag", "bao-cao.txt", "-o", "out.jsonl", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    rows = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines()]
    assert len(rows) == 8


def test_wheel_carries_app_models_taxonomy_and_samples(installed):
    shipped = installed / "nlp_tasks" / "_shipped"
    for name in ("app.py", "models/fast/config.json", "data/taxonomy.json", "data/reports"):
        assert (shipped / name).exists()


def test_wheel_carries_nothing_else(installed):
    top = {path.name for path in installed.iterdir()}
    assert {name for name in top if not name.endswith(".dist-info")} == {"nlp_tasks"}
