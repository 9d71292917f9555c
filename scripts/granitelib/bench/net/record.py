# SPDX-License-Identifier: MIT
"""A piece of work, and who executed how many instructions for it."""
import collections
import dataclasses


@dataclasses.dataclass
class Charge:
    instructions: int = 0
    times: int = 0      # the block was entered

    def __iadd__(self, other):
        return Charge(self.instructions + other.instructions, self.times + other.times)


@dataclasses.dataclass
class Record:
    name: str       # such as rx_1500
    packets: int    # among which the instructions are divided
    instructions: int
    sent: int
    received: int
    # {address: Charge} of the hypervisor, and of each system in the order in which they first ran.
    hypervisor: dict[int, Charge] = dataclasses.field(default_factory=dict)
    systems: list[dict[int, Charge]] = dataclasses.field(default_factory=list)

    def begin_system(self, number):
        """The blocks of the next one."""
        if number == 0:
            return self.hypervisor
        self.systems.append({})
        return self.systems[-1]

    def per_packet(self, number):
        return round(number / self.packets, 3) if self.packets else 0.0


# Of frames: by their IP packet, and the least one with its check sequence.
SIZES = {"1514": "1500", "60": "64"}
WITH_SIZE = ("rx", "tx")


def name_of(work):
    kind, frame, _, *rest = work.split(":")
    if kind == "load":
        return f"{kind}_{rest[0]}"
    return f"{kind}_{SIZES.get(frame, frame)}" if kind in WITH_SIZE else kind.replace("-", "_")


def parts(record, names):
    """{part: {address: Charge}}, of the hypervisor if there is one, and the systems as they come;
    if there are more of them than names, the last name is for all of these."""
    found = ([record.hypervisor] if "hypervisor" in names else []) + record.systems
    answer = {name: collections.defaultdict(Charge) for name in names}
    for number, blocks in enumerate(found):
        part = answer[names[min(number, len(names) - 1)]]
        for address, charge in blocks.items():
            part[address] += charge
    return answer
