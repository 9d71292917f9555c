# SPDX-License-Identifier: MIT
"""xl.cfg files for Linux guests."""
from .. import xlcfg

DEFAULTS = {"memory": 128, "vif": ["bridge=xenbr0"]}


def spelled(value):
    if isinstance(value, list):
        return "[" + ", ".join(map(spelled, value)) + "]"
    return xlcfg.quoted(value) if isinstance(value, str) else str(value)


def text(name, its_kernel, ramdisk, **settings):
    """The cfg of a guest called `name` with these files; `settings` are further keys of xl.cfg."""
    keys = {"name": name, "type": "pv", "kernel": str(its_kernel), "ramdisk": str(ramdisk), **DEFAULTS, **settings}
    return "".join(f"{key} = {spelled(value)}\n" for key, value in keys.items())


def write(folder, name, its_kernel, ramdisk, **settings):
    """Its file, in a folder."""
    file = folder / f"{name}.cfg"
    file.write_text(text(name, its_kernel.image, ramdisk, **settings))
    return file
