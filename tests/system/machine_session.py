# SPDX-License-Identifier: MIT
"""A machine started by `scripts/granite run`, with a person at its terminal."""
import json
import pathlib
import re
import signal
import subprocess

from pexpect.popen_spawn import PopenSpawn

from granitelib.monitor import Monitor

GRANITE = pathlib.Path(__file__).resolve().parent.parent.parent / "scripts" / "granite"
GENEROUS_S = 300
SHELL_PROMPT = r"\x1b\[Kgranite> "     # the line editor draws it so


class Session:
    def __init__(self, serial_socket, log_file, arguments):
        self.serial_socket, self.log_file = serial_socket, log_file
        # Not a pseudo-terminal: this one is read at all times, even while the
        # test asks the monitor, so the machine never waits for the test.
        command = [str(GRANITE), "run", "--serial-log", str(log_file), *map(str, arguments)]
        # Whoever started the tests in the background had SIGINT ignored, by them and all they start.
        self._terminal = PopenSpawn(command, timeout=GENEROUS_S, encoding="utf-8", codec_errors="replace",
                                    preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))

    def alive(self):
        return self._terminal.proc.poll() is None

    def status(self):
        return self._terminal.proc.wait(GENEROUS_S)

    def expect(self, pattern, timeout=GENEROUS_S):
        """Waits for the pattern; what came before it."""
        self._terminal.expect(pattern, timeout=timeout)
        return self._terminal.before

    def expect_each(self, *patterns):
        """Waits for all of them, in whatever order they come."""
        missing = list(patterns)
        while missing:
            del missing[self._terminal.expect(missing, timeout=GENEROUS_S)]

    def expect_match(self, pattern):
        """Waits for the pattern; what its first group stood for."""
        self.expect(pattern)
        return self._terminal.match[1]

    def wait_ready(self):
        self.expect(r"\(GR\) ready\r?\n")
        return self

    def type(self, keys):
        self._terminal.send(keys)

    def send_shell(self, command):
        """Types a command into the driver domain's shell."""
        self._terminal.send("\r")
        self.expect(SHELL_PROMPT)
        self._terminal.send(command + "\r")

    def shell(self, command):
        """The output of a command to the driver domain's shell."""
        self.send_shell(command)
        self.expect(re.escape(command) + r"\r*\n")     # the echo
        return self.expect(SHELL_PROMPT)

    def ask(self, command):
        """The monitor's answer, line by line."""
        with Monitor(self.serial_socket, GENEROUS_S) as monitor:
            return monitor.ask(command)

    def domains(self):
        """{name: number} of all domains."""
        rows = [json.loads(line) for line in self.ask("domains -j")]
        return {row["name"]: row["id"] for row in rows if "name" in row}

    def has_ended(self, name, reason="poweroff"):
        """Waits for a guest's end, until nothing is left of it."""
        self.expect(rf"\(GR\) d\d+ {name} shut down: {reason}")
        while name in self.domains():
            pass    # the toolstack is still taking it apart

    def free_frames(self):
        """By the monitor's own count of frames that nobody owns."""
        rows = [json.loads(line) for line in self.ask("frames -j")]
        return next(row["frames"] for row in rows if row.get("owner") == "free")

    def audit(self):
        return "\n".join(self.ask("audit"))

    def output(self):
        return self.log_file.read_text(errors="replace").replace("\r", "")

    def end_by(self, number):
        """Sends the run a signal; the exit status."""
        self._terminal.proc.send_signal(number)
        return self._terminal.proc.wait(30)

    def close(self):
        if not self.alive():
            return
        try:
            self.end_by(signal.SIGTERM)
        except subprocess.TimeoutExpired:
            self._terminal.proc.kill()
