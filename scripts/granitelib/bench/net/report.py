# SPDX-License-Identifier: MIT
"""What machines' records become: results of the suite, functions by their cost, and a picture."""
import collections
import dataclasses
import json

from ... import paths
from .record import parts
from . import picture

PICTURE = paths.BUILD / "bench" / "net.svg"
# What happened so often: counted by how often functions of the hypervisor were entered.
COUNTED = {"hypercalls": ("hypercall::(anonymous namespace)::Adapt<",),
           "grants_pinned": ("GrantTable::pin(",),
           "tlb_flushes": ("machine::flush_tlb", "arch::flush_page("),
           "notifications": ("evtchn::send(",)}


@dataclasses.dataclass
class Row:
    """A record, the mode in which the guest was served, and each part's functions by
    instructions per packet, the dearest first."""
    system: object
    mode: str
    record: object
    functions: dict[str, dict[str, float]]
    counts: dict[str, float]
    dropped: int | None     # by the driver domain's account, in the machine's whole life

    @property
    def identity(self):
        return self.system.guest, self.mode, self.system.peer, self.record.name

    @property
    def unit(self):
        return "round_trip" if self.record.name == "echo" else "packet"

    @property
    def total(self):
        return self.record.per_packet(self.record.instructions)

    @property
    def parts(self):
        return {part: round(sum(functions.values()), 3) for part, functions in self.functions.items()}


def times(blocks, entries):
    return sum(blocks[entry].times for entry in entries if entry in blocks)


def row(system, record, mode, dropped=None):
    functions, counts = {}, {}
    for part, blocks in parts(record, list(system.images)).items():
        symbols, sums = system.images[part](), collections.Counter()
        for address, charge in blocks.items():
            sums[symbols.name(address)] += charge.instructions
        functions[part] = {name: record.per_packet(count) for name, count in sums.most_common()}
        if part == "hypervisor":
            counts = {name: record.per_packet(times(blocks, symbols.entries(prefixes)))
                      for name, prefixes in COUNTED.items()} if not system.peer else {}
    return Row(system, mode, record, functions, counts, dropped)


def metrics(one):
    """{metric: (value, unit)} of a row."""
    name, unit = one.record.name, f"instructions/{one.unit.replace('_', ' ')}"
    answer = {f"{name}_instructions_per_{one.unit}": (one.total, unit)}
    answer |= {f"{name}_{part.replace(' ', '_')}": (value, unit) for part, value in one.parts.items()}
    answer |= {f"{name}_{what}": (value, f"per {one.unit.replace('_', ' ')}")
               for what, value in one.counts.items()}
    answer[f"{name}_sent"] = (one.record.sent, "packets")
    answer[f"{name}_lost"] = (one.record.sent - one.record.received, "packets")
    # The work that loses frames is the only one of its machine.
    if name == "flood" and one.dropped is not None:
        answer["flood_counted_drops"] = (one.dropped, "packets")
    return answer


def distinct(rows):
    """Without those of guests that were served in a mode which another had from the beginning."""
    ordered = sorted(rows, key=lambda one: one.mode != one.system.mode)
    kept = {id(one) for one in {one.identity: one for one in reversed(ordered)}.values()}
    return [one for one in rows if id(one) in kept]


def results(rows):
    """Of our own machines, with what the peers have of the same name."""
    theirs = {one.system.peer: {} for one in rows if one.system.peer}
    for one in rows:
        if one.system.peer:
            theirs[one.system.peer] |= {metric: value for metric, (value, _) in metrics(one).items()}
    return [{"suite": "net", "metric": metric, "guest": one.system.guest, "mode": one.mode, "value": value,
             "unit": unit, "peer": {peer: known[metric] for peer, known in theirs.items()
                                    if one.system.guest == "linux" and metric in known}}
            for one in rows if not one.system.peer for metric, (value, unit) in metrics(one).items()]


def write(rows):
    """All functions, and the picture, beside the suite's results."""
    folder = PICTURE.parent
    folder.mkdir(parents=True, exist_ok=True)
    lines = [json.dumps({"work": one.record.name, "guest": one.system.guest, "mode": one.mode,
                         "peer": one.system.peer, "packets": one.record.packets, "sent": one.record.sent,
                         "received": one.record.received, "functions": one.functions}) for one in rows]
    (folder / "net-functions.json").write_text("[\n" + ",\n".join(lines) + "\n]\n")
    PICTURE.write_text(picture.draw(rows))
