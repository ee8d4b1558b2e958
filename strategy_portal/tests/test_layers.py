"""The house keeps its order: imports one way, and no room that would become a drawer for everything."""

import subprocess
import sys
import tomllib

import pytest
from django.apps import apps
from django.conf import settings

LEAVES = {"choices", "dates", "missing", "workflow", "fields", "panels"}
APPS = sorted(config.name for config in apps.get_app_configs() if (settings.BASE_DIR / config.name).is_dir())


def test_imports_go_one_way():
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as run; run()"]
    done = subprocess.run(
        [*command, "--no-cache", "--no-logo"],
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_whatever_is_not_a_leaf_belongs_to_the_root_that_nobody_imports():
    house = settings.BASE_DIR / "strategy_portal"
    modules = {path.stem for path in house.glob("*.py")} | {
        path.parent.name for path in house.glob("*/__init__.py")
    }
    contracts = tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text())["tool"]["importlinter"][
        "contracts"
    ]
    root = {name.removeprefix("strategy_portal.") for name in contracts[1]["forbidden_modules"]}
    assert modules - {"__init__"} - LEAVES == root


@pytest.mark.parametrize("name", ["common", "core", "utils", "helpers", "services"])
def test_there_is_no_drawer_for_everything(name):
    found = [str(p) for app in APPS for p in (settings.BASE_DIR / app).rglob(f"{name}*") if p.stem == name]
    assert found == []
    assert not (settings.BASE_DIR / name).exists()


def test_no_app_brings_django_admin_or_signals():
    found = [
        str(path.relative_to(settings.BASE_DIR))
        for app in APPS
        for path in (settings.BASE_DIR / app).rglob("*.py")
        if path.name in {"admin.py", "signals.py"}
    ]
    assert found == []
    assert not apps.is_installed("django.contrib.admin")
