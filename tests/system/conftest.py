# SPDX-License-Identifier: MIT
"""What every system test uses: the host tool, and machines that are audited."""
import functools
import os
import pathlib
import subprocess
import sys

import pytest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "scripts"))
sys.path.insert(0, str(ROOT / "tests" / "system"))

from guest_cfg import write_networker  # noqa: E402
from machine_session import machines  # noqa: E402
from ports import free_ports  # noqa: E402

GENEROUS_S = 600


def pytest_addoption(parser):
    parser.addoption("--update", action="store_true", help="write transcripts in documents anew (test_tour.py)")


@pytest.fixture
def run_folder(tmp_path, monkeypatch):
    """Runs side by side do not share the newest run's socket."""
    monkeypatch.setenv("GRANITE_RUN", str(tmp_path / "run"))
    return tmp_path / "run"


@pytest.fixture
def granite(run_folder):
    """Calls the host tool to its end."""
    def call(*arguments):
        return subprocess.run([ROOT / "scripts" / "granite", *map(str, arguments)], env=os.environ, text=True,
                              stdin=subprocess.DEVNULL, capture_output=True, timeout=GENEROUS_S, check=False)
    return call


@pytest.fixture
def machine(run_folder, tmp_path):
    """Starts machines that run beside the test."""
    with machines(run_folder, tmp_path) as start:
        yield start


@pytest.fixture(scope="module")
def shared_machine(tmp_path_factory):
    """The same for machines that all tests of a module use."""
    folder = tmp_path_factory.mktemp("machines")
    with pytest.MonkeyPatch.context() as patch, machines(folder / "run", folder) as start:
        patch.setenv("GRANITE_RUN", str(folder / "run"))
        yield start


@pytest.fixture
def free_port():
    """Finds ports of this machine that nobody has; each is another."""
    with free_ports() as find:
        yield find


@pytest.fixture
def port(free_port):
    return free_port()


@pytest.fixture
def app():
    """The cfg file of a sample guest."""
    return lambda name: ROOT / "guest-pv" / "apps" / name / f"{name}.cfg"


@pytest.fixture
def burn(app, tmp_path):
    """A guest that uses all it gets and tells how much that was: for the second, in ms of system time,
    that begins when all guests are there."""
    def make(name, **settings):
        settings = {"name": name, "kernel": str(app("burn").parent.parent.parent.parent / "build/guests/burn.elf"),
                    "memory": 16, "extra": "from=1500 for=1000", **settings}
        cfg = tmp_path / f"{name}.cfg"
        cfg.write_text("".join(f"{key} = {repr(value)}\n" for key, value in settings.items()))
        return cfg
    return make


@pytest.fixture
def networker(tmp_path):
    """A guest of the kit with one network interface, by name, kernel, command line and what its vif says."""
    return functools.partial(write_networker, tmp_path)


@pytest.fixture
def mode_changes():
    """How often a vif's mode changes under traffic; soak tests have more time."""
    return 24
