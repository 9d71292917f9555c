# SPDX-License-Identifier: MIT
"""A Linux guest beside our driver domain, on Granite or on Debian's Xen: the same
guest, toolstack and hardware, so that what differs is the hypervisor."""
import contextlib
import pathlib
import re
import tempfile

from .. import first_domain, paths, prepare
from . import guest

DRIVER_DOMAIN_MB = 512
NAME = "linux"
# What our root says at the end of the `run=` of its command line, as a whole line.
RAN = re.compile(r"guest: ran status=(\d+)\n")


def _options(hypervisor):
    if hypervisor == paths.ORACLE:
        return first_domain.oracle_options(DRIVER_DOMAIN_MB)
    return f"dom0_mem={DRIVER_DOMAIN_MB}M"


@contextlib.contextmanager
def plan(hypervisor, its_kernel, ramdisk, dom0_cmdline="shell=off", **settings):
    """What boots the guest, for as long as the context lasts; `settings` are keys of xl.cfg."""
    with tempfile.TemporaryDirectory(prefix="granite-") as name:
        folder = pathlib.Path(name)
        cfg = guest.write(folder, NAME, its_kernel, ramdisk, **settings)
        yield prepare.boot_plan(prepare.prepare([cfg], []).archive, folder, _options(hypervisor), dom0_cmdline, hypervisor)
