# SPDX-License-Identifier: MIT
"""Names of functions for addresses."""
import bisect
import functools
import pathlib
import subprocess

from . import kernel_cache
from .errors import UsageError
from .linux import kallsyms

USER_SPACE_END = 1 << 47
MODULES = 0xffff_ffff_c000_0000


class Symbols:
    """Of (address, name) pairs, sorted."""

    def __init__(self, pairs):
        self._addresses = [address for address, _ in pairs]
        self._names = [name for _, name in pairs]

    def name(self, address):
        index = bisect.bisect_right(self._addresses, address) - 1
        return self._names[index] if index >= 0 else "?"

    def entries(self, prefixes):
        """Where the functions begin whose names begin with one of these."""
        for prefix in prefixes:
            if not any(name.startswith(prefix) for name in self._names):
                raise UsageError(f"there is no function {prefix}...) to be counted any more")
        return {address for address, name in zip(self._addresses, self._names) if name.startswith(prefixes)}


@functools.cache
def of_elf(file):
    lines = subprocess.run(["nm", "-C", "-n", file], stdout=subprocess.PIPE, text=True, check=True).stdout.splitlines()
    words = (line.split(None, 2) for line in lines)
    return Symbols([(int(word[0], 16), word[2]) for word in words if len(word) == 3 and word[1] in "tTwW"])


@functools.cache
def of_linux(file):
    """Of a kernel that lies where it was linked to, as a PV guest does. What is in modules
    is not told apart, nor what is in user space."""
    image = kernel_cache.unwrap(file.read_bytes(), file)
    user = [(0, "(user space)"), (USER_SPACE_END, "?")]
    return Symbols(user + kallsyms.symbols(image) + [(MODULES, "(modules)")])


def of_guest(file):
    """Of what a guest was started from; a kernel without names has none here."""
    debug = pathlib.Path(f"{file}.debug")
    if debug.exists():
        return of_elf(debug)
    try:
        return of_linux(pathlib.Path(file))
    except (OSError, ValueError):
        return Symbols([])
