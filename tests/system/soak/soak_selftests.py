# SPDX-License-Identifier: MIT
"""Linux's own tests fare on Granite as they do on Debian's Xen."""
import re

import pytest

from granitelib import first_domain, paths, qemu
from granitelib.linux import domain, images, selftests
from granitelib.linux.kernel import kernel
from granitelib.linux.packages import Unavailable

# Each one's status, and of one that fails what it says about that.
WORK = ("cd /tmp; for t in /selftests/*; do timeout -s KILL 60 $t >said 2>&1; s=$?; "
        "[ $s = 0 ] || grep -i fail said || tail -n 4 said; echo selftest ${t##*/} $s; done")
LIMIT_S = 7200
VERDICT = re.compile(r"^\(d1\) selftest (\S+) (\d+)$", re.MULTILINE)


def statuses(hypervisor):
    # Virtual time: many of them measure delays, and this machine may be busy.
    hardware = qemu.Hardware(nics=["none"], cpu_model="Nehalem", icount=True)
    with domain.plan(hypervisor, kernel("6.1"), images.small("6.1", "selftests", selftests.entries()), memory=400,
                     vcpus=2, vif=[], extra=f'quiet run="{WORK}"') as plan:
        output = first_domain.boot(plan, hardware, domain.RAN.search, limit_s=LIMIT_S)
    print(output)   # shown when the test fails
    return dict(VERDICT.findall(output))


def test_self_tests_fare_as_on_xen():
    try:
        here, there = statuses(paths.HYPERVISOR_32), statuses(paths.ORACLE)
    except Unavailable as reason:
        pytest.skip(str(reason))
    assert len(here) == len(selftests.chosen())
    assert here == there
