# SPDX-License-Identifier: MIT
"""How a run went, told from its serial line."""
import pytest

from granitelib import xlcfg
from granitelib.errors import Exit
from granitelib.verdict import Verdict


def guest(name, text=""):
    return xlcfg.Guest(f'name = "{name}"\nkernel = "k"\n{text}', "g.cfg")


def fed(*lines, **arguments):
    verdict = Verdict(**arguments)
    data = "".join(line + "\r\n" for line in lines).encode()
    for byte in range(len(data)):       # a serial line keeps no boundaries
        verdict.feed(data[byte:byte + 1])
    return verdict


@pytest.mark.parametrize("line, status", [
    ("(GR) d1 web shut down: poweroff", Exit.OK),
    ("(GR) d1 web shut down: crash", Exit.GUEST_CRASHED),
    ("(GR) PANIC page fault", Exit.PANIC),
    ("audit: ok (1 frames, 2 grants, 3 channels)", Exit.OK),
    ("audit: frame 0x12: type count 2, found 1", Exit.AUDIT),
    ("(d1) (GR) PANIC says a guest", Exit.OK),
    ("(d1) audit: says a guest", Exit.OK),
    ("\x1b[1m(GR) PANIC after a colour", Exit.PANIC),
])
def test_only_the_hypervisor_decides(line, status):
    assert fed(line).faults() == status


def test_the_highest_of_several_faults_counts():
    assert fed("(GR) d1 a shut down: crash", "audit: bad").faults() == Exit.AUDIT


def test_a_run_is_over_when_every_guest_has_ended():
    guests = [guest("one"), guest("two")]
    assert list(fed("(GR) d1 one shut down: poweroff", guests=guests).running) == ["two"]
    assert not fed("(GR) d1 one shut down: crash", "(GR) d2 two shut down: poweroff", guests=guests).running


def test_a_guest_that_restarts_goes_on():
    assert fed("(GR) d1 one shut down: reboot", guests=[guest("one")]).running


def test_text_is_found_in_an_unfinished_line():
    verdict = Verdict(until_text="dom0# ")
    verdict.feed(b"(GR) ready\r\ndom")
    assert not verdict.text_seen
    verdict.feed(b"0# ")
    assert verdict.text_seen and verdict.ready


def test_an_audit_that_a_program_asked_for_counts():
    verdict = fed("(GR) ready")
    verdict.heard("a1b2c3 audit: ok (1 frames, 2 grants, 3 channels)")
    assert verdict.faults() == Exit.OK
    verdict.heard("a1b2c3 audit: frame 0x12: type count 2, found 1")
    assert verdict.faults() == Exit.AUDIT
