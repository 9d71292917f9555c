# SPDX-License-Identifier: MIT
"""Every way to boot reaches the same point; a bad image is named, not run."""
import pytest

from granitelib import paths, qemu
from granitelib.errors import Exit
from granitelib.first_domain import last_words
from granitelib.plan import BootPlan, Module
from guest_test import boot
from last_words import told


@pytest.mark.parametrize("way", ["kernel", "iso", "uefi"])
def test_every_way_of_booting_gets_ready(granite, app, way):
    done = granite("run", "--headless", "--boot", way, "--until", "(GR) ready", "--timeout", 500, app("hello"))
    assert done.returncode == Exit.OK, told(done)


@pytest.mark.parametrize("cpu", ["max", "Nehalem", "Skylake-Server"])
def test_processors_of_several_ages_get_ready(granite, app, cpu):
    done = granite("run", "--headless", "--until", "(GR) ready", "--timeout", 500, "--qemu-arg=-cpu",
                   f"--qemu-arg={cpu}", app("hello"))
    assert done.returncode == Exit.OK, told(done)


def panic_of(modules):
    plan = BootPlan(paths.HYPERVISOR_32, "", modules)
    outcome = boot(plan, qemu.Hardware(nics=["none"]))
    assert outcome.word == "DIED", last_words(outcome.output)
    return outcome.reason


def test_no_module_is_a_clear_message():
    assert "module" in panic_of([])


def test_a_truncated_module_is_a_clear_message(tmp_path):
    part = tmp_path / "part.elf"
    part.write_bytes(paths.DRIVER_DOMAIN.read_bytes()[:5000])
    assert "ELF" in panic_of([Module(part)])


def test_a_module_that_is_no_elf_file_is_a_clear_message(tmp_path):
    text = tmp_path / "text"
    text.write_bytes(b"not a program\n" * 500)
    assert "unknown kind" in panic_of([Module(text)])
