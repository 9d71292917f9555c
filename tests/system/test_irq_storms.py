# SPDX-License-Identifier: MIT
"""A device that interrupts without end, on Granite and on the oracle."""
import re

import pytest

from granitelib import paths
from granitelib.first_domain import last_words, on_granite, on_oracle
from guest_test import boot

IMAGE = paths.BUILD / "tests" / "guest" / "irq_storms.elf"


# IO-7: by instructions, so that it is a storm however slow this machine is
@pytest.mark.parametrize("on", [on_granite, on_oracle], ids=["granite", "oracle"])
def test_a_storm_is_heard_so_often_and_no_more_and_calm_interrupts_all(on):
    if on is on_oracle and not paths.ORACLE.exists():
        pytest.skip("no package of Xen was found to compare with")
    plan, hardware = on(IMAGE)
    hardware.icount = True
    hardware.extra = ["-device", "edu"]
    outcome = boot(plan, hardware)
    assert outcome.word == "SUCCESS", last_words(outcome.output)
    if on is on_granite:
        [raised] = map(int, re.findall(r"of (\d+) were heard", outcome.output))
        [windows] = map(int, re.findall(r"heard in (\d+) windows", outcome.output))
        assert raised > 2 * 1000 * windows, "the machine's interrupts come too slowly for a storm"
