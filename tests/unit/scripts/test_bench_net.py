# SPDX-License-Identifier: MIT
"""What becomes of the traffic generator's notes: parts, results, tables, picture."""
import dataclasses
import io
import struct
import xml.dom.minidom

import pytest

from granitelib import plan, symbols
from granitelib.bench.net import interface, kept, notes, picture, publish, record, report, selection, systems, tables
from granitelib.errors import UsageError
from granitelib.linux import kallsyms

NOTES = """\
work rx:1514:160 128 2560 160 160
system 0
block 1000 1280 128
block 1010 128 64
system 2
block 400000 512 128
system 3
block 400000 640 128
work echo:60:4 4 400 4 4
system 0
block 1000 400 8
done
"""


def image(pairs):
    return lambda: symbols.Symbols(pairs)


IMAGES = {"hypervisor": image([(0x1000, "hypercall::(anonymous namespace)::Adapt<4>::run(Vcpu&)")]),
          "driver domain": image([(0x400000, "poll")]),
          "guest": image([(0x3ff000, "main")])}


@pytest.fixture(autouse=True)
def only_hypercalls_are_counted(monkeypatch):
    monkeypatch.setattr(report, "COUNTED", {"hypercalls": report.COUNTED["hypercalls"]})


def read(text):
    whole = notes.Notes(io.StringIO(text))
    assert whole.take_in()
    return whole.records


def rows(peer="", mode="copy", served=None):
    system = systems.System("linux", "" if peer else mode, [], None, IMAGES, peer=peer)
    return [report.row(system, each, served or system.mode) for each in read(NOTES)]


def test_notes_are_read_by_work_and_system():
    receive, echo = read(NOTES)
    assert (receive.name, receive.packets, receive.sent, receive.received) == ("rx_1500", 128, 160, 160)
    assert receive.hypervisor == {0x1000: record.Charge(1280, 128), 0x1010: record.Charge(128, 64)}
    assert [list(blocks) for blocks in receive.systems] == [[0x400000], [0x400000]]
    assert (echo.name, echo.systems) == ("echo", [])


def test_notes_are_read_while_they_are_written():
    file, told = io.StringIO(), []
    reader = notes.Notes(file, lambda one: told.append((one.name, one.instructions)))
    ended = []
    for piece in ("work rx:60:9 9 1", "80 9 9\nsystem 0\nblock 1000 1", "80 1\nwork echo:60:1 1 5 1 1\n", "done\n"):
        at = file.tell()
        file.write(piece)
        file.seek(at)
        ended.append(reader.take_in())
    assert ended == [False, False, False, True]
    assert told == [("rx_64", 180), ("echo", 5)]
    assert reader.records[0].hypervisor == {0x1000: record.Charge(180, 1)}


def test_work_that_failed_ends_the_reading_and_says_why():
    text = "work echo:60:1 1 5 1 1\nfailed tcp-rx:1514:9 the connection ended early\ndone\n"
    reader = notes.Notes(io.StringIO(text))
    assert reader.take_in()
    assert (reader.failure, reader.complete) == ("tcp_rx: the connection ended early", False)


@pytest.mark.parametrize("known", [None, interface.Interface("queue", 3)])
def test_what_is_known_of_a_machine_is_recalled(tmp_path, known):
    noted = notes.Notes(io.StringIO(NOTES))
    noted.take_in()
    kept.keep(tmp_path / "it.txt", noted, known)
    recalled, its_interface = kept.recall(tmp_path / "it.txt", lambda record: None)
    assert (recalled.records, its_interface) == (noted.records, known)
    assert kept.recall(tmp_path / "another.txt", None) is None


def test_a_machine_is_another_when_anything_that_goes_into_it_is(tmp_path):
    for name in ("plugin", "hypervisor", "guest"):
        (tmp_path / name).write_text(name)
    system = systems.System("kit", "copy", ["echo:60:1"], None, {})
    booted = plan.BootPlan(tmp_path / "hypervisor", "", [plan.Module(tmp_path / "guest", "ip=off")])

    def place(its_system=system):
        return kept.place(its_system, booted, tmp_path / "plugin")
    first = place()
    assert place() == first
    others = {place(dataclasses.replace(system, works=["echo:60:2"])), place(dataclasses.replace(system, cpus=2))}
    for name in ("plugin", "hypervisor", "guest"):
        (tmp_path / name).write_text("changed")
        others.add(place())
    assert len(others | {first}) == 6


def test_tables_are_put_between_the_marks_of_the_readme():
    marked = "before\n<!-- tables of net -->\nold\n<!-- end of tables -->\nafter\n"
    assert publish.with_tables(marked, "new \\1\n") == marked.replace("old", "\nnew \\1\n")
    with pytest.raises(UsageError):
        publish.with_tables("no marks\n", "")


def test_no_row_is_measured_twice():
    rows = [(system.name, record.name_of(work)) for system in systems.own() + systems.peers() for work in system.works]
    assert len(rows) == len(set(rows))
    assert {name for name, work in rows if work == "load_90"} == {"kit/queue", "kit/copy", "linux/copy"}


ANSWER = """\
(d0) Idx BE Mac Addr.         handle state evt-ch   tx-/rx-ring-ref BE-path
(d0)     mode: queue by the card (auto), 512 pages declared
(d0)     rx: 5 packets, 300 bytes
(d0)     dropped: %s
(d0) granite> xl nic-list -v
(d0)     rx lost: 1 bad, 40 without a buffer
(d0)     tx lost: 7 found it full
"""
LAST = "(d0)     resets: 0\n"


@pytest.mark.parametrize("said, count", [("nothing", 41), ("guest slow 17, past card 3", 61)])
def test_what_the_driver_domain_says_of_an_interface_is_read(said, count):
    assert interface.read(ANSWER % said + LAST) == interface.Interface("queue", count)
    assert not interface.read(ANSWER % said)


def test_a_guest_is_shown_in_the_mode_it_was_served_in_and_once():
    asked, served = rows(mode="copy"), rows(mode="mapped", served="copy")
    assert {result["mode"] for result in report.results(report.distinct(served))} == {"copy"}
    assert report.distinct(served + asked) == asked


def test_works_are_chosen_by_patterns():
    all_of_it = [systems.System("kit", mode, ["rx:60:1", "echo:60:1"], None, {}) for mode in ("copy", "queue")]
    assert selection.chosen(all_of_it, []) == all_of_it
    assert selection.chosen(all_of_it, ["kit/*/echo", "kit/queue/rx_*"]) == [
        dataclasses.replace(all_of_it[0], works=["echo:60:1"]), all_of_it[1]]
    with pytest.raises(UsageError, match="kit/direct/echo"):
        selection.chosen(all_of_it, ["kit/direct/echo"])


def test_all_guests_beyond_the_named_ones_are_the_last_part():
    one = record.Record("rx_64", 1, 6, 1, 1, {1: record.Charge(1, 1)}, [{2: record.Charge(n, 1)} for n in (2, 3, 4)])
    assert record.parts(one, ["hypervisor", "driver domain", "guest"])["guest"][2] == record.Charge(7, 2)
    assert record.parts(one, ["guest"])["guest"][2] == record.Charge(9, 3)


def test_instructions_are_divided_by_part_function_and_packet():
    receive = rows()[0]
    assert receive.total == 20
    assert receive.parts == {"hypervisor": 11, "driver domain": 4, "guest": 5}
    assert receive.functions["guest"] == {"main": 5}
    # Only what enters a function at its beginning calls it.
    assert receive.counts["hypercalls"] == 1


def test_a_function_that_is_not_there_cannot_be_counted():
    with pytest.raises(UsageError, match="no function gone"):
        IMAGES["hypervisor"]().entries(("gone(",))


def test_results_carry_the_peers_figures():
    results = {result["metric"]: result for result in report.results(rows() + rows("bare"))}
    assert results["rx_1500_instructions_per_packet"] == {
        "suite": "net", "metric": "rx_1500_instructions_per_packet", "guest": "linux", "mode": "copy", "value": 20,
        "unit": "instructions/packet", "peer": {"bare": 20}}
    assert results["echo_instructions_per_round_trip"]["value"] == 100
    assert results["rx_1500_lost"]["value"] == 0


def test_the_tables_have_a_line_for_each_system():
    lines = tables.text(report.results(rows() + rows("bare"))).splitlines()
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    assert cells[:4] == [["instructions a packet", "receive 1500", "echo"], [":--", "--:", "--:"],
                         ["linux, copy", "20", "100"], ["linux, bare", "20", "100"]]
    needs = cells.index(["receive 1500: a packet needs", "hypercalls"])
    assert cells[needs + 2:] == [["linux, copy", "1"]]


def test_overload_is_compared_with_what_packets_cost_otherwise():
    known = {"rx_1500_instructions_per_packet": 100, "flood_instructions_per_packet": 110, "flood_sent": 8, "flood_lost": 2}
    assert "110 |             1.1 |           0.75 |    2 |" in tables.text(
        [{"guest": "kit", "mode": "copy", "metric": metric, "value": value, "peer": {}} for metric, value in known.items()])


def test_the_picture_is_well_formed_and_shows_each_bar():
    drawn = xml.dom.minidom.parseString(picture.draw(rows() + rows("bare")))
    words = [text.firstChild.data for text in drawn.getElementsByTagName("text")]
    assert words.count("linux, copy") == words.count("Linux, alone") == 2
    assert "receive, 1500 bytes: instructions per packet" in words


def padded(data):
    return data + bytes(-len(data) % 8)


def linux_image(names):
    """What Linux 6.1 carries of these; names begin with the symbol's type, and no two bytes share a token."""
    tokens = padded(b"".join(bytes([max(code, 1)]) + b"\0" for code in range(256)))
    spelled = [bytes([len(name)]) + name.encode() for name in names]
    starts = [len(b"".join(spelled[:index])) for index in range(0, len(names), 256)]
    offsets = struct.pack(f"<{len(names)}i", *(-1 - 16 * index for index in range(len(names))))
    return (bytes(64) + padded(offsets) + struct.pack("<Q", 0xffffffff81000000) + padded(struct.pack("<I", len(names)))
            + padded(b"".join(spelled)) + padded(struct.pack(f"<{len(starts)}I", *starts)) + padded(bytes(3 * len(names)))
            + tokens)


def test_functions_of_a_linux_image_are_found():
    names = [f"{'tTdb'[index % 4]}function_{index}" for index in range(600)]
    found = kallsyms.symbols(linux_image(names))
    assert len(found) == 300
    assert found[:3] == [(0xffffffff81000000, "function_0"), (0xffffffff81000010, "function_1"),
                         (0xffffffff81000040, "function_4")]


def test_an_image_without_names_is_refused():
    with pytest.raises(ValueError):
        kallsyms.symbols(bytes(4096) + kallsyms.DIGITS + bytes(4096))
