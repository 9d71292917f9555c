# SPDX-License-Identifier: MIT
"""What a machine boots: one hypervisor image and its modules."""
import dataclasses
import pathlib


@dataclasses.dataclass
class Module:
    path: pathlib.Path
    arguments: str = ""


@dataclasses.dataclass
class BootPlan:
    kernel: pathlib.Path
    cmdline: str = ""
    modules: list[Module] = dataclasses.field(default_factory=list)
