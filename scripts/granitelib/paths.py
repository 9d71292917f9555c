# SPDX-License-Identifier: MIT
"""Where things lie in the tree. B=DIR names another build folder, as in make."""
import os
import pathlib

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
BUILD = pathlib.Path(ROOT, os.environ.get("B", "build"))

HYPERVISOR = BUILD / "granite.elf"        # for GRUB
HYPERVISOR_32 = BUILD / "granite32.elf"   # the same bytes, for QEMU's own loader
DRIVER_DOMAIN = BUILD / "dom0.elf"
NETWORK_DOMAIN = BUILD / "network.elf"    # for dom0 with network=apart

RUN = pathlib.Path(os.environ.get("GRANITE_RUN", BUILD / "run"))
SERIAL_SOCKET = RUN / "serial.sock"       # of the newest run

ORACLE = BUILD / "oracle" / "xen.elf"
