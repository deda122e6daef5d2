import pkgutil
import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

import nlp_tasks
from nlp_tasks.cli import app

ROOT = Path(__file__).parent.parent
MODULES = sorted(
    module.name
    for module in pkgutil.walk_packages(nlp_tasks.__path__, "nlp_tasks.")
    if not module.name.startswith("nlp_tasks._shipped")
)
HEAVY = ("sklearn", "streamlit", "pandas", "pyarrow", "underthesea", "openpyxl", "transformers", "torch")


@pytest.mark.parametrize("name", ["nlp_tasks", *MODULES])
def test_public_names_are_importable(name):
    module = import_module(name)
    assert all(hasattr(module, public) for public in getattr(module, "__all__", []))


def test_importing_the_package_loads_nothing_heavy():
    code = f"import sys, nlp_tasks, nlp_tasks.readers; print([m for m in {HEAVY} if m in sys.modules])"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert run.stdout.strip() == "[]"


def test_every_command_has_help_and_stands_in_the_readme():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for command in app.registered_commands:
        assert command.callback.__doc__
        assert f"nlp-tasks {command.name or command.callback.__name__}" in readme


def test_code_of_the_readme_runs():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```python\n(.*?)```", readme, re.DOTALL)
    assert blocks
    for block in blocks:
        exec(compile(block, "README.md", "exec"), {})


def test_links_of_the_readme_lead_to_files():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#:]+)\)", readme):
        assert (ROOT / target).exists(), target
