# SPDX-License-Identifier: MIT
"""Each kit test guest says SUCCESS as the first domain of Granite, and says
the same on the oracle, or stands in tests/guest/differences.txt."""
import dataclasses
import re

import pytest

from granitelib import paths
from granitelib.first_domain import last_words, on_granite, on_oracle
from guest_test import boot

SOURCES = paths.ROOT / "tests" / "guest"
CPUS = {"smp": 4}     # of the machine and of the guest; others have one
NICS = {"nic-queues": "igb", "pci_config": "igb"}    # others have none
OPTIONS = {"registers": "dom0_max_vcpus=2",     # of the hypervisor: both on one CPU
           "map_handles": "gnttab_max_maptrack_frames=4"}
SETTINGS = {"registers": "vcpus = 2\n", "map_handles": "max_maptrack_frames = 4\n"}    # of an ordinary guest
MODELS = {"registers": "max"}    # of the oracle's CPU, for whole vectors; others have the one it boots fastest on
TESTS = sorted(folder.name for folder in SOURCES.iterdir() if list(folder.glob("*.cpp")))


def differences():
    """{test: why its verdict on the oracle is another one}"""
    lines = (SOURCES / "differences.txt").read_text().splitlines()
    pairs = (line.partition(":") for line in lines if line and not line.startswith("#"))
    return {name.strip(): why.strip() for name, _, why in pairs}


# What entry paths and page tables promise, they promise with page-table isolation, too.
ISOLATED = ["descriptors", "hostile", "last_bytes", "page_tables", "registers", "smp", "table_writes", "traps",
            "user_mode"]


def image(name):
    return paths.BUILD / "tests" / "guest" / f"{name}.elf"


# TLB-2: those that flush more than 64 times go over the end of a quarter of the flush clock (arch/mm/tlb.cpp)
@pytest.mark.parametrize("name", TESTS)
def test_granite_keeps_the_promise(name):
    outcome = boot(*on_granite(image(name), OPTIONS.get(name, ""), cpus=CPUS.get(name, 1), nic=NICS.get(name, "none")))
    if outcome.word == "SKIP":
        pytest.skip(outcome.reason)
    assert outcome.word == "SUCCESS", last_words(outcome.output)


# D7 CP-4: where the CPU has no XSAVE, FXSAVE does
def test_registers_are_kept_without_xsave():
    plan, hardware = on_granite(image("registers"), OPTIONS["registers"])
    outcome = boot(plan, dataclasses.replace(hardware, cpu_model="Nehalem"))
    assert "vectors of 16 bytes" in outcome.output
    assert outcome.word == "SUCCESS", last_words(outcome.output)


@pytest.mark.parametrize("name", ISOLATED)
def test_the_promise_holds_with_page_table_isolation(name):
    outcome = boot(*on_granite(image(name), f"xpti=yes {OPTIONS.get(name, '')}", cpus=CPUS.get(name, 1)))
    assert "page-table isolation is on" in outcome.output
    assert outcome.word == "SUCCESS", last_words(outcome.output)


# SP-F: a way back that clears buffers is a way back
@pytest.mark.parametrize("options", ["spec-ctrl=md-clear", "xpti=yes spec-ctrl=md-clear"])
def test_a_guest_comes_and_goes_as_ever_when_buffers_are_cleared_on_its_way(options):
    outcome = boot(*on_granite(image("user_mode"), options))
    assert re.search(r"speculation:.* VERW", outcome.output)
    assert outcome.word == "SUCCESS", last_words(outcome.output)


@pytest.mark.parametrize("name", TESTS)
def test_the_oracle_agrees(name):
    if not paths.ORACLE.exists():
        pytest.skip("no package of Xen was found to compare with")
    plan, hardware = on_oracle(image(name), OPTIONS.get(name, ""), cpus=CPUS.get(name, 1), nic=NICS.get(name, "none"))
    outcome = boot(plan, dataclasses.replace(hardware, cpu_model=MODELS.get(name, hardware.cpu_model)))
    if name in differences():
        assert outcome.word != "SUCCESS", f"{name} agrees now: take it off the list of differences"
        pytest.skip(f"known difference: {differences()[name]}")
    if outcome.word == "SKIP":
        pytest.skip(outcome.reason)
    assert outcome.word == "SUCCESS", last_words(outcome.output)


def test_every_known_difference_is_one_of_a_test():
    assert set(differences()) <= set(TESTS)


@pytest.mark.parametrize("name", TESTS)
def test_an_ordinary_guest_is_promised_the_same(name, machine, tmp_path):
    cfg = tmp_path / f"{name}.cfg"
    cfg.write_text(f'name = "{name}"\nkernel = "{image(name)}"\nmemory = 32\n{SETTINGS.get(name, "")}')
    session = machine("--nic", "none", cfg)
    # Two speakers: the hypervisor tells of the end as it comes, the driver
    # domain passes the guest's last words on when it has read them.
    session.expect_each(r"\(d1\) (SUCCESS|SKIP|FAILURE|ERROR)[^\n]*\n", rf"\(GR\) d1 {name} shut down: [^\n]*\n")
    output = session.output()
    assert re.search(rf"\(GR\) d1 {name} shut down: poweroff", output), last_words(output)
    assert not re.search(r"\(d1\) (FAILURE|ERROR)", output), last_words(output)
