# SPDX-License-Identifier: MIT
"""The hypervisor's services, seen by the kit guest that asks for them."""
from .. import first_domain, paths
from .measure import measure, results

GUEST = paths.BUILD / "guests" / "micro.elf"


# The measured CPU needs page-table isolation, so it is on unless that is said.
MODES = ["", "xpti=no"]


def in_mode(mode, with_xen):
    own = measure(*first_domain.on_granite(GUEST, f"dom0_mem=256M dom0_max_vcpus=2 {mode}"), "micro", "d0")
    xen = measure(*first_domain.on_oracle(GUEST, f"dom0_max_vcpus=2 {mode}"), "micro", "d0") if with_xen else {}
    return results("micro", "kit", own, {"xen": xen} if with_xen else {}, mode)


def suite(with_xen):
    return [result for mode in MODES for result in in_mode(mode, with_xen)]
