# SPDX-License-Identifier: MIT
"""Compares what a Linux kernel logs on Granite with what it logs on Debian's Xen."""
import collections
import pathlib
import re

import pytest

from granitelib import first_domain, paths, qemu
from granitelib.linux import domain, images
from granitelib.linux.kernel import kernel
from granitelib.linux.packages import Unavailable

LINE = re.compile(r"^\(d1\) <\d+>\[ *\d+\.\d+\] (.*)$", re.MULTILINE)
NUMBER = re.compile(r"0x[0-9a-f]+|\b[0-9a-f]{8,}\b|[0-9]+")
DIFFERENCES = pathlib.Path(__file__).with_name("linux_log_differences.txt")


def allowed():
    lines = DIFFERENCES.read_text().splitlines()
    return [re.compile(line.split("  # ")[0]) for line in lines if line and not line.startswith("#")]


def lines_on(hypervisor, series):
    """{line without its numbers: how often}"""
    # One CPU model below both: what the kernel finds there is the same.
    hardware = qemu.Hardware(nics=["none"], cpu_model="Nehalem")
    with domain.plan(hypervisor, kernel(series), images.small(series), memory=128, vcpus=2, vif=[],
                     extra='quiet run="dmesg -r"') as plan:
        output = first_domain.boot(plan, hardware, domain.RAN.search)
    assert domain.RAN.search(output)[1] == "0", first_domain.last_words(output)
    return collections.Counter(NUMBER.sub("N", line) for line in LINE.findall(output))


def differences(series):
    """The lines that are on one of them alone, without a reason."""
    try:
        here, there = (lines_on(hypervisor, series) for hypervisor in (paths.HYPERVISOR_32, paths.ORACLE))
    except Unavailable as reason:
        pytest.skip(str(reason))
    either = [f"only here: {line}" for line in here - there] + [f"only on Xen: {line}" for line in there - here]
    reasons = allowed()
    return [line for line in either if not any(reason.match(line.partition(": ")[2]) for reason in reasons)]
