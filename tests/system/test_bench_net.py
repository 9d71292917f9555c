# SPDX-License-Identifier: MIT
"""The network's benchmark: frames come in the machine's time, so that figures are a property of the build."""
import dataclasses

import pytest

from granitelib.bench.net import report, systems, traffic

SYSTEM = dataclasses.replace(systems.kit("mapped")[0], works=["rx:1514:3200", "tx:60:3200", "echo:60:20", "flood:1514:3200"])

DIRECT = [dataclasses.replace(systems.direct()[0], works=["rx:1514:640", "tx:1514:640", "echo:60:10"]),
          dataclasses.replace(systems.direct()[1], works=["tcp-rx:1514:200", "tcp-tx:1514:200"])]


@pytest.fixture(scope="module")
def runs():
    """Of two machines that did the same: notes, and the guest's interface."""
    with SYSTEM.plan() as plan:
        return [traffic.observe(SYSTEM, plan) for _ in range(2)]


@pytest.fixture(scope="module")
def records(runs):
    return [notes.records for notes, _ in runs]


def charged_to(blocks):
    return sum(charge.instructions for charge in blocks.values())


def figures(record):
    """Without where QEMU has cut its blocks: it cuts one in two whenever its thread for input and output wants a turn."""
    return (record.name, record.packets, record.instructions, record.sent, record.received,
            [charged_to(blocks) for blocks in (record.hypervisor, *record.systems)])


def test_the_same_machine_is_charged_the_same_instructions_twice(records):
    first, second = ([figures(one) for one in run] for run in records)
    assert [name for name, *_ in first] == ["rx_1500", "tx_64", "echo", "flood"]
    assert first == second


def test_nothing_is_lost_but_by_flooding(records):
    received = {one.name: (one.sent, one.received) for one in records[0]}
    assert received["rx_1500"] == received["tx_64"] == (3200, 3200)
    assert received["echo"][0] == received["echo"][1]
    assert 0 < received["flood"][1] <= received["flood"][0] == 3200


def test_the_driver_domain_tells_the_mode_and_how_many_frames_were_lost(runs):
    notes, interface = runs[0]
    assert interface.mode == "mapped"
    assert interface.dropped == sum(one.sent - one.received for one in notes.records)


def test_every_instruction_is_charged_to_somebody(records):
    for one in records[0]:
        assert sum(charged_to(blocks) for blocks in (one.hypervisor, *one.systems)) == one.instructions


def test_the_functions_that_tell_what_happened_are_there(records):
    echo = report.row(SYSTEM, records[0][2], "mapped").counts
    assert (echo["grants_pinned"], echo["notifications"]) == (0, 2)
    assert echo["hypercalls"] > echo["notifications"]


@pytest.mark.parametrize("system", DIRECT, ids=["datagrams", "streams"])
def test_who_has_the_card_to_itself_pays_nobody_between(system):
    with system.plan() as plan:
        notes, _ = traffic.observe(system, plan)
    for one in notes.records:
        assert one.received >= one.sent > 0
        row = report.row(system, one, system.mode)
        assert list(row.parts) == ["hypervisor", "guest"]
        assert row.parts["guest"] > 0
        assert row.counts["grants_pinned"] == 0


# Longer than the benchmark's, which takes long: a machine that waits is woken at each period's end.
PERIOD = 200_000


def test_below_what_the_guest_can_receive_nothing_is_lost():
    system = dataclasses.replace(SYSTEM, works=[f"load:1514:800:75:{PERIOD}"], period=PERIOD)
    with system.plan() as plan:
        load, = traffic.observe(system, plan)[0].records
    assert (load.name, load.sent, load.received) == ("load_75", 800, 800)
