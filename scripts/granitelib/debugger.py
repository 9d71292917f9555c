# SPDX-License-Identifier: MIT
"""`granite gdb`: a debugger on the running machine, by the stub that QEMU has for it."""
import contextlib
import subprocess
import sys
import time

from . import paths
from .errors import Exit, UsageError

SCRIPT = paths.ROOT / "scripts" / "gdb" / "granite.py"
SOCKET = "gdb.sock"     # beside the serial socket
STEP_S = 0.1
PATIENCE_S = 300        # gdb's own of two seconds is over where this machine is busy, and what comes then confuses it


def attach_command(folder):
    """For a machine whose sockets are in this folder."""
    return ["gdb", "-q", str(paths.HYPERVISOR), "-x", str(SCRIPT), "-ex", f"set remotetimeout {PATIENCE_S}",
            "-ex", f"target remote {folder / SOCKET}"]


def debug(options):
    if not paths.SERIAL_SOCKET.exists():
        raise UsageError("no machine is running here: `scripts/granite run` starts one, or `scripts/granite gdb --boot`")
    command = attach_command(paths.SERIAL_SOCKET.resolve().parent)
    for each in options.ex:
        command += ["-ex", each]
    return subprocess.run(command + (["-batch"] if options.batch else []), check=False).returncode


@contextlib.contextmanager
def booted(run_options):
    """A machine that waits before its first instruction. Not to be reached by the terminal's Ctrl-c, which is gdb's."""
    paths.RUN.mkdir(parents=True, exist_ok=True)
    log = paths.RUN / "gdb.log"
    with open(log, "wb") as output:
        run = subprocess.Popen([sys.argv[0], "run", "--headless", "--gdb", *run_options], stdin=subprocess.DEVNULL,
                               stdout=output, stderr=output, start_new_session=True)
    try:
        while not paths.SERIAL_SOCKET.exists():
            if run.poll() is not None:
                raise UsageError(f"the machine did not start:\n{log.read_text(errors='replace')}")
            time.sleep(STEP_S)
        print(f"granite: the serial line goes to {log}; `scripts/granite inspect` asks the monitor", file=sys.stderr)
        yield
    finally:
        run.terminate()
        run.wait()


def act(options):
    if not options.boot:
        if options.run_options:
            raise UsageError(f"{options.run_options[0]}: options of `run` need --boot")
        return debug(options)
    with contextlib.suppress(FileNotFoundError):
        paths.SERIAL_SOCKET.unlink()    # of an earlier machine
    with booted(options.run_options):
        debug(options)
    return Exit.OK
