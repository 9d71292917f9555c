# SPDX-License-Identifier: MIT
"""The host tool's exit status tells how a run went."""
import pytest

from granitelib.errors import Exit
from last_words import told


def test_a_guest_that_powers_off_ends_the_run_well(granite, app):
    done = granite("run", "--headless", "--until-shutdown", "--timeout", 500, app("hello"))
    assert done.returncode == Exit.OK, told(done)
    assert "(GR) d1 hello shut down: poweroff" in done.stdout


def test_a_guest_that_crashes_is_told(granite, app):
    done = granite("run", "--headless", "--until-shutdown", "--timeout", 500, app("crash"))
    assert done.returncode == Exit.GUEST_CRASHED, told(done)
    assert "(GR) d1 crash shut down: crash" in done.stdout


def test_time_runs_out(granite, app):
    done = granite("run", "--headless", "--until", "never said", "--timeout", 1, app("hello"))
    assert done.returncode == Exit.TIMEOUT


def test_an_unknown_key_is_refused_before_anything_starts(granite, tmp_path):
    file = tmp_path / "odd.cfg"
    file.write_text('name = "odd"\nkernel = "k"\nmemroy = 16\n')
    done = granite("run", "--headless", file)
    assert done.returncode == Exit.USAGE
    assert done.stderr == f"granite: {file}:3: unknown key memroy; did you mean `memory`?\n"
    assert done.stdout == ""


@pytest.mark.parametrize("arguments", [["--smp", "0"], ["--memory", "much"], ["--nic", "ne2000"], ["--boot", "tape"],
                                       ["--forward", "80"], ["--timeout", "-1"], ["no-such.cfg"]])
def test_wrong_usage_is_told_from_failure(granite, arguments):
    done = granite("run", "--headless", *arguments)
    assert done.returncode == Exit.USAGE
    assert done.stderr
