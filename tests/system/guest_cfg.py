# SPDX-License-Identifier: MIT
"""Configurations of guests that only tests have."""
from granitelib import paths


def write_networker(folder, name, kernel, extra, vif):
    """A guest of the kit with one network interface, by name, kernel, command line and what its vif says."""
    cfg = folder / f"{name}.cfg"
    cfg.write_text(f'name = "{name}"\ntype = "pv"\nkernel = "{paths.ROOT / "build/guests" / kernel}.elf"\n'
                   f'extra = "{extra}"\nmemory = 32\nvif = ["{vif}"]\n')
    return cfg
