"""What `bin/serve` and its companions make of what was typed."""

import subprocess
from pathlib import Path

import pytest
from django.conf import settings

from strategy_portal import supervisor


@pytest.mark.parametrize(
    "typed", [["--port", "0"], ["--port", "70000"], ["--port", "http"], ["--prot", "1"], ["x"]]
)
def test_what_is_not_understood_is_said_and_nothing_starts(typed, capsys):
    with pytest.raises(SystemExit) as ended:
        supervisor.arguments(typed)
    assert ended.value.code == 2
    assert capsys.readouterr().err.startswith("usage: bin/serve")


def test_without_arguments_the_demonstration_comes_up_at_8000():
    chosen = supervisor.arguments([])
    assert (chosen.port, chosen.data_dir, chosen.empty, chosen.check) == (8000, None, False, False)
    assert supervisor.arguments(["--data-dir", "other"]).data_dir == Path("other")


def test_a_child_that_keeps_dying_is_started_again_ever_later(monkeypatch, capsys):
    class Dead:
        name = "worker"
        starts = 0

        class process:  # noqa: N801 - stands for a process that has ended
            returncode = 1

            @staticmethod
            def poll():
                return 1

        def start(self):
            self.starts += 1

    clock = iter(range(1000))
    monkeypatch.setattr(supervisor.time, "monotonic", lambda: float(next(clock)))
    watched = supervisor.Watched(Dead())
    for _second in range(100):
        watched.look()
    assert watched.child.starts == 8
    assert capsys.readouterr().out.splitlines() == ["worker ended by itself (1); starting it again."] * 8


@pytest.mark.parametrize("name", ["bin/serve", "bin/test", "bin/check", "bin/prepare", ".ci/run"])
def test_what_a_person_types_is_posix_sh(name):
    script = settings.BASE_DIR / name
    assert script.read_text().startswith("#!/bin/sh\n")
    assert script.stat().st_mode & 0o111 == 0o111
    assert subprocess.run(["sh", "-n", str(script)], capture_output=True, check=False).returncode == 0


def test_preparing_what_is_ready_says_nothing():
    done = subprocess.run([settings.BASE_DIR / "bin/prepare"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
