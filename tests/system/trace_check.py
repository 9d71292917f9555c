# SPDX-License-Identifier: MIT
"""What every trace has to be, whatever was going on: checked of events and of the file for a viewer."""
import collections

# A send is noted before it has its effect, so one may stand a little before an upcall that it comes too late for.
BETWEEN_NOTE_AND_EFFECT_NS = 200_000


def check_each_cpu(events):
    """No CPU's events go back in time, or are there twice."""
    last = {}
    for row in events:
        before = last.get(row["cpu"])
        if before:
            assert row["number"] > before["number"], (before, row)
            assert row["ns"] >= before["ns"], (before, row)
        last[row["cpu"]] = row


def check_causes(events):
    """No upcall comes before the send that it is of: between two of one vcpu there is a send to its domain, by whatever
    CPU. Some are of a timer instead, which leaves no event of its own; were the CPUs' clocks apart, most would fail."""
    sent, upcalls, with_cause, without = {}, {}, 0, 0
    for row in events:
        if row["event"] == "send":
            sent[int(row["a"], 16) >> 32] = row["ns"]
        elif row["event"] == "upcall":
            domain = int(row["who"].removeprefix("d").split("v")[0])
            before = upcalls.get(row["who"])
            if before is not None:
                cause = sent.get(domain, 0)     # the last one, for rows come in order
                follows = cause > before - BETWEEN_NOTE_AND_EFFECT_NS
                with_cause, without = with_cause + follows, without + (not follows)
            upcalls[row["who"]] = row["ns"]
    assert without * 4 <= with_cause, f"{without} of {without + with_cause} upcalls have no cause"
    return with_cause


def check_spans(records):
    """In each row of the viewer spans follow each other or lie within each other."""
    rows = collections.defaultdict(list)
    for span in (record for record in records if record["ph"] == "X"):
        first, length = round(span["ts"] * 1000), round(span["dur"] * 1000)
        assert length >= 0, span
        rows[span["pid"], span["tid"]].append((first, -length, span))
    for spans in rows.values():
        open_ends = []
        for first, length, span in sorted(spans, key=lambda each: each[:2]):
            while open_ends and open_ends[-1] <= first:
                open_ends.pop()
            assert not open_ends or first - length <= open_ends[-1], span
            open_ends.append(first - length)
