# SPDX-License-Identifier: MIT
"""xl.cfg files for Linux guests."""
from .. import xlcfg

DEFAULTS = {"memory": 128, "vif": ["bridge=xenbr0"]}


def spelled(value):
    if isinstance(value, list):
        return "[" + ", ".join(map(spelled, value)) + "]"
    return xlcfg.quoted(value) if isinstance(value, str) else str(value)


def write(folder, name, its_kernel, ramdisk, **settings):
    """The file of a guest called `name`; `settings` are further keys of xl.cfg."""
    keys = {"name": name, "type": "pv", "kernel": str(its_kernel.image), "ramdisk": str(ramdisk), **DEFAULTS, **settings}
    file = folder / f"{name}.cfg"
    file.write_text("".join(f"{key} = {spelled(value)}\n" for key, value in keys.items()))
    return file
