# SPDX-License-Identifier: MIT
"""The hypervisor's services, seen by the kit guest that asks for them."""
from .. import first_domain, paths
from .measure import measure, results

GUEST = paths.BUILD / "guests" / "micro.elf"


def suite(with_xen):
    own = measure(*first_domain.on_granite(GUEST, "dom0_mem=256M dom0_max_vcpus=2"), "micro", "d0")
    peers = {"xen": measure(*first_domain.on_oracle(GUEST, "dom0_max_vcpus=2"), "micro", "d0")} if with_xen else {}
    return results("micro", "kit", own, peers)
