# SPDX-License-Identifier: MIT
"""For gdb on a running Granite: printers for its types and the commands `granite ...`.

    scripts/granite gdb            attaches to the newest `scripts/granite run`
    (gdb) source scripts/gdb/granite.py
"""
import pathlib
import sys

sys.path[:0] = [str(pathlib.Path(__file__).resolve().parent), str(pathlib.Path(__file__).resolve().parent.parent)]

from granitegdb import commands, printers  # noqa: E402

printers.register()
commands.register()
