# SPDX-License-Identifier: MIT
"""`granite run`: boot guests in QEMU and tell by the exit status how it went."""
import contextlib
import shlex
import sys
import time

from . import paths, qemu, terminal
from .asides import Asides
from .errors import Exit, UsageError
from .machine import LAST_WORDS_S, Machine
from .prepare import boot_arguments, prepare
from .profile import note_images
from .verdict import Verdict

STEP_S = 0.2


def say(text):
    # The terminal may be raw, where a new line needs its carriage return.
    sys.stderr.write(f"granite: {text}\r\n")
    sys.stderr.flush()


def hardware(options, rules):
    nics = options.nic or [qemu.usual_nic()]
    if rules and all(nic == "none" for nic in nics):
        raise UsageError("--nic none leaves no way for --forward (or the demo's page)")
    return qemu.Hardware(cpus=options.smp, memory=options.memory, nics=nics, netdev=options.netdev, forwards=rules,
                         icount=options.icount, gdb=options.gdb, extra=options.qemu_arg)


def dom0_cmdline(options):
    """Nobody types in a headless run; a shell would only print its prompt between guests' lines."""
    given = options.dom0_cmdline
    if not options.headless or any(word.startswith("shell=") for word in given.split()):
        return given
    return f"{given} shell=off".lstrip()


def introduce(options, command, prepared):
    say(shlex.join(command))
    if options.gdb:
        say(f"waiting for a debugger: scripts/granite gdb")
    if not options.headless:
        say(terminal.HELP)
    say_forwards(prepared)


def say_forwards(prepared):
    for forward in prepared.forwards:
        say(f"{forward.guest} port {forward.guest_port}: curl http://127.0.0.1:{forward.host_port}/")


def outputs(options, stack):
    """Where the serial line's bytes go besides the verdict; who has seen them finds them in the log."""
    files = [sys.stdout.buffer]
    if options.serial_log:
        try:
            files.insert(0, stack.enter_context(open(options.serial_log, "wb")))
        except OSError as error:
            raise UsageError(f"{options.serial_log}: {error.strerror}") from error

    def write(data):
        for file in files:
            file.write(data)
            file.flush()
    return write


class Run:
    def __init__(self, options, prepared, machine):
        self.options, self.prepared, self.machine = options, prepared, machine
        self.verdict = Verdict(prepared.guests, options.until)
        self.deadline = time.monotonic() + options.timeout if options.timeout else None
        self._reachable_said = False

    def finished(self):
        """The exit status once there is one, else None."""
        hub, verdict = self.machine.hub, self.verdict
        if verdict.text_seen:
            return verdict.faults()
        if verdict.panicked or (self.options.until_shutdown and not verdict.running):
            quiet = time.monotonic() - hub.last_output > LAST_WORDS_S
            return verdict.faults() if quiet or not hub.open else None
        if not hub.open:
            return self._powered_off()
        if self.deadline and time.monotonic() > self.deadline:
            say(f"time ran out after {self.options.timeout} s")
            return Exit.TIMEOUT
        return None

    def _powered_off(self):
        if self.options.until or self.options.until_shutdown or not self.verdict.ready:
            say(f"the machine stopped before it was expected to: {self.machine.end}")
            return max(self.verdict.faults(), Exit.PANIC)
        return self.verdict.faults()

    def announce(self):
        if self.verdict.ready and not self._reachable_said:
            self._reachable_said = True
            say_forwards(self.prepared)

    def follow(self, keyboard):
        while (status := self.finished()) is None:
            self.machine.hub.step(STEP_S)
            self.announce()
            if keyboard and keyboard.wants_to_leave:
                return self.verdict.faults()
        return status


def run(options):
    prepared = prepare(options.guests, options.forward, options.at_hand)
    with contextlib.ExitStack() as stack:
        machine = stack.enter_context(Machine())
        write = outputs(options, stack)
        boot = boot_arguments(options.boot, prepared.archive, machine.folder, options.cmdline, dom0_cmdline(options))
        command = qemu.command(hardware(options, prepared.rules), machine.machine_socket, boot)
        introduce(options, command, prepared)
        this_run = Run(options, prepared, machine)
        machine.hub.watchers += [Asides(write).feed, Asides(this_run.verdict.feed, this_run.verdict.heard).feed]
        note_images(machine.folder, prepared.guests + prepared.at_hand)
        if not machine.start(command):
            raise UsageError(f"QEMU did not start: {machine.complaint}")
        keyboard = None
        if not options.headless:
            keyboard = stack.enter_context(terminal.Terminal())
            machine.hub.listen_to(keyboard)
        return this_run.follow(keyboard)
