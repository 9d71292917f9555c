# SPDX-License-Identifier: MIT
"""Guests that compute get their share of the processors. Counted in virtual
time, so the figures are the same on any machine."""
import re

import pytest

from floods import FLOODS, beside_floods
from granitelib.errors import Exit
from last_words import told
from machine_session import lines_of

RAN = re.compile(r"\(d(\d+)\) burn: (\d+) vcpus ran (\d+) of (\d+) us")


@pytest.fixture
def used(granite):
    """What each of these guests had, in order, as parts of one processor."""
    def run(cpus, *guests):
        done = granite("run", "--headless", "--until-shutdown", "--icount", "--smp", cpus, *guests)
        assert done.returncode == Exit.OK, told(done)
        found = {int(domain): int(ran) / int(span) for domain, _, ran, span in RAN.findall(done.stdout)}
        assert len(found) == len(guests), told(done)
        return [found[domain] for domain in sorted(found)]
    return run


def test_weights_256_and_512_are_one_to_two(burn, used):
    light, heavy = used(1, burn("light", cpu_weight=256), burn("heavy", cpu_weight=512))
    assert heavy / light == pytest.approx(2, rel=0.03)
    assert light + heavy == pytest.approx(1, rel=0.02)


def test_weights_hold_with_several_vcpus_on_several_processors(burn, used):
    light, heavy = used(2, burn("light", cpu_weight=256, vcpus=3), burn("heavy", cpu_weight=512, vcpus=2))
    assert heavy / light == pytest.approx(2, rel=0.03)
    assert light + heavy == pytest.approx(2, rel=0.02)


def test_a_cap_holds_although_nobody_else_computes(burn, used):
    [capped] = used(1, burn("capped", cap=25))
    assert capped == pytest.approx(0.25, rel=0.02)


def test_a_cap_is_for_all_vcpus_together(burn, used):
    capped, pinned = used(2, burn("capped", cap=25, vcpus=2), burn("pinned", cpus="1"))
    assert capped == pytest.approx(0.25, rel=0.02)
    assert pinned == pytest.approx(1, rel=0.15)


# SC-3 EV-7: wakers, senders, callers and yielders, on four vcpus of each
@pytest.mark.parametrize("kinds", ["timers", "timers,events,calls,yields"])
def test_who_computes_beside_three_that_flood_gets_its_share_done(machine, burn, tmp_path, kinds):
    _, done = beside_floods(machine, burn, tmp_path, 1, kinds, 300)
    assert done >= 0.9 / (1 + FLOODS), f"{done:.3f} of what it does alone"


def test_the_shell_shows_and_changes_where_guests_run(machine, burn):
    session = machine("--smp", 2, burn("pinned", cpus="1", vcpus=2, cpu_weight=300, extra="from=0 for=3600000"))
    session.wait_ready()
    # It brings its second vcpu up by itself, and vcpus move when the processor that runs them hears of it.
    [heading, *_] = rows_become(session, r"pinned +1 +N +1   [r-]-- +\d+\.\d  1 / all")
    assert heading == "Name                                ID  VCPU   CPU State   Time(s) Affinity (Hard / Soft)"
    assert session.shell_lines("xl vcpu-pin pinned 0 all 0") == []
    assert session.shell_lines("xl vcpu-list pinned")[1].endswith("  all / 0")
    assert session.shell_lines("xl vcpu-pin pinned all 0-1,^1 -")  == []
    rows_become(session, r"pinned +1 +N +0   [r-]-- +\d+\.\d  0 / (0|all)")
    assert "leaves no processor" in session.shell("xl vcpu-pin pinned 0 1,^1")
    assert "none of the machine's processors" in session.shell("xl vcpu-pin pinned 0 7")


def test_the_shell_shows_and_changes_shares(machine, burn):
    session = machine(burn("some", cpu_weight=300, vcpus=2, extra="from=0 for=3600000")).wait_ready()
    heading, row = session.shell_lines("xl sched-credit -d some")
    assert heading == "Name                                ID Weight  Cap"
    assert row == "some                                 1    300    0"
    assert session.shell_lines("xl sched-credit -d some -w 512 -c 10") == []
    pool, heading, dom0, row = session.shell_lines("xl sched-credit")
    assert pool.startswith("Cpupool Pool-0: tslice=")
    assert row == "some                                 1    512   10"
    assert session.shell_lines("xl vcpu-set some 1") == []
    assert "offline" in session.shell("xenstore-read /local/domain/1/cpu/1/availability")
    assert "number from 1 to 2" in session.shell("xl vcpu-set some 3")


def rows_become(session, form):
    """Waits until `xl vcpu-list` shows both vcpus in this form, where N is the number of each; all of its lines."""
    def as_wanted(answer):
        rows = lines_of(answer)[1:]
        return len(rows) == 2 and all(re.fullmatch(form.replace("N", str(n)), row) for n, row in enumerate(rows))
    return lines_of(session.shell_until("xl vcpu-list pinned", as_wanted))
