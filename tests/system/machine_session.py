# SPDX-License-Identifier: MIT
"""A machine started by `scripts/granite run`, with a person at its terminal."""
import contextlib
import json
import pathlib
import re
import signal
import subprocess
import time

import pexpect
from pexpect.popen_spawn import PopenSpawn

from granitelib.first_domain import last_words
from granitelib.monitor import Monitor

GRANITE = pathlib.Path(__file__).resolve().parent.parent.parent / "scripts" / "granite"
GENEROUS_S = 300
SHELL_PROMPT = r"\x1b\[Kgranite> "     # the line editor draws it so
OTHERS = re.compile(r"\((?:GR|d\d+)\) ")


def shut_down_line(name, reason="poweroff"):
    return rf"\(GR\) d\d+ {name} shut down: {reason}"


def lines_of(answer):
    return [line.rstrip() for line in answer.split("\n") if line.strip()]


def undisturbed(answer):
    """Without the lines of others. One that cut a line in two stands behind the first part of it, and then the line
    comes again from its beginning."""
    kept, cut_in = [], False
    for line in answer.replace("\r", "").split("\n"):
        if OTHERS.match(line):
            cut_in = True
            continue
        if cut_in and kept and kept[-1] and line.startswith(kept[-1]):
            kept.pop()
        kept.append(line)
        cut_in = False
    return "\n".join(kept)


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

    def _expect_any(self, patterns, timeout):
        """The number of the pattern that came first."""
        try:
            return self._terminal.expect(patterns, timeout=timeout)
        except (pexpect.EOF, pexpect.TIMEOUT) as error:
            raise AssertionError(f"{' or '.join(patterns)} never came{self._end()}\n{last_words(self.output())}") from error

    def _end(self):
        return "" if self.alive() else f", and the run ended with status {self.status()}"

    def expect(self, pattern, timeout=GENEROUS_S):
        """Waits for the pattern; what came before it."""
        self._expect_any([pattern], timeout)
        return self._terminal.before

    def expect_each(self, *patterns):
        """Waits for all of them, in whatever order they come."""
        missing = list(patterns)
        while missing:
            del missing[self._expect_any(missing, GENEROUS_S)]

    def expect_match(self, pattern, timeout=GENEROUS_S):
        """Waits for the pattern; what its first group stood for."""
        self.expect(pattern, timeout)
        return self._terminal.match[1]

    def wait_ready(self, *also):
        """Waits until all guests named at the start were started, and for what these may have said before that."""
        self.expect_each(r"\(GR\) ready\r?\n", *also)
        return self

    def wait_empty(self):
        """Waits until `hello`, started at boot, has come and gone: then there is only what the test creates."""
        self.wait_ready(shut_down_line("hello"))
        self.has_gone("hello")
        return self

    def type(self, keys):
        self._terminal.send(keys)

    def send_shell(self, command):
        """Types a command into the driver domain's shell."""
        self._terminal.send("\r")
        self.expect(SHELL_PROMPT)
        self._terminal.send(command + "\r")

    def shell(self, command):
        """The output of a command to the driver domain's shell, whoever else spoke meanwhile. What these said is over
        then: a test that awaits it only sends the command."""
        self.send_shell(command)
        echo = re.escape(command) + r"\r*\n"
        self.expect(echo)
        while (answer := self.expect(SHELL_PROMPT)).strip() and not undisturbed(answer).strip():
            # Others alone. Either nothing is answered, or they came before the line was entered, and it comes again.
            self._terminal.send("\r")
            if self._expect_any([echo, r"\n[^\n]*" + SHELL_PROMPT], GENEROUS_S) != 0:
                break
        return undisturbed(answer)

    def shell_lines(self, command):
        """The lines of that output which are not empty."""
        return lines_of(self.shell(command))

    def shell_until(self, command, holds):
        """Asks the shell again until its answer is as it should be, for what is begun takes its time; that answer."""
        deadline = time.monotonic() + GENEROUS_S
        while not holds(answer := self.shell(command)):
            assert time.monotonic() < deadline, f"{command} still says\n{answer}"
        return answer

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
        self.expect(shut_down_line(name, reason))
        self.has_gone(name)

    def has_gone(self, name):
        deadline = time.monotonic() + GENEROUS_S
        while name in self.domains():   # the toolstack is still taking it apart
            assert time.monotonic() < deadline, f"{name} is still there"

    def free_frames(self):
        """By the monitor's own count of frames that nobody owns."""
        rows = [json.loads(line) for line in self.ask("frames -j")]
        return next(row["frames"] for row in rows if row.get("owner") == "free")

    def frames_for_handles(self):
        """Of the driver domain's table of what it has mapped, which grows and is kept."""
        return int(re.search(r"room for \d+ handles in (\d+) frames", "\n".join(self.ask("maptrack 0")))[1])

    def audit(self):
        return "\n".join(self.ask("audit"))

    def output(self):
        return self.log_file.read_text(errors="replace").replace("\r", "")

    def end_by(self, number):
        """Sends the run a signal; the exit status."""
        self._terminal.proc.send_signal(number)
        return self._terminal.proc.wait(GENEROUS_S)

    def close(self):
        if not self.alive():
            return
        try:
            self.end_by(signal.SIGTERM)
        except subprocess.TimeoutExpired:
            self._terminal.proc.kill()


@contextlib.contextmanager
def machines(run_folder, logs):
    """Starts machines, which must pass `audit` at the end."""
    sessions = []

    def start(*arguments):
        sessions.append(Session(run_folder / "serial.sock", logs / f"serial{len(sessions)}.log", arguments))
        return sessions[-1]
    yield start
    try:
        for session in sessions:
            if session.alive():
                assert session.audit().startswith("audit: ok")
    finally:
        for session in sessions:
            session.close()
