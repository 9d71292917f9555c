# SPDX-License-Identifier: MIT
"""The network domain is killed, again and again and each time elsewhere, under TCP connections of which every byte is
known: between two guests, and between a guest and this machine (guest-pv/apps/flows)."""
import contextlib
import dataclasses
import re
import socketserver
import threading

OUTSIDE = "10.0.2.2"    # this machine, as guests see it
AFTER_US = 100_000      # of life before a kill, at least; twice that at most
ECHO, INNER, OUTER = 2, 3, 4    # numbers of the guests


class _Echo(socketserver.BaseRequestHandler):
    def handle(self):
        with contextlib.suppress(ConnectionError):
            while heard := self.request.recv(65536):
                self.request.sendall(heard)


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads, block_on_close, request_queue_size = True, False, 200


@contextlib.contextmanager
def echo_server():
    """Says back what it hears, on a port of this machine."""
    with _Server(("127.0.0.1", 0), _Echo) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1]
        server.shutdown()


@dataclasses.dataclass
class Standing:
    """What the two guests that begin connections say of them; the last line each."""
    open: int
    broken: int
    wrong: int
    least: int      # bytes back of the connection that got the fewest


class Campaign:
    """Under --icount: the machine's time is instructions, of which this machine's haste changes nothing."""

    def __init__(self, machine, networker, port, flows):
        def guest(name, number, extra):
            return networker(name, "flows", f"ip=10.0.2.{20 + number}/24 {extra}", f"mac=00:16:3e:00:00:0{number}")
        self._flows = flows
        self.session = machine(
            "--icount", "--cmdline", "faults=on", "--dom0-cmdline", "network=apart",
            guest("echo", ECHO, "role=echo"),
            guest("inner", INNER, f"role=client peer=10.0.2.{20 + ECHO} flows={flows // 2}"),
            guest("outer", OUTER, f"role=client peer={OUTSIDE} port={port} flows={flows - flows // 2}"))
        self.session.wait_ready(rf"\(d{INNER}\) flows: {flows // 2} open", rf"\(d{OUTER}\) flows: {flows // 2} open")

    def kill(self, times):
        """For how many microseconds of the machine's nobody served the interfaces, each time."""
        self.session.ask(f"kill network {AFTER_US} {times}")
        return [int(self.session.expect_match(r"\(d0\) network: its interfaces were not served for (\d+) us"))
                for _ in range(times)]

    def standing(self):
        lines = [re.findall(rf"\(d{guest}\) flows: (\d+) open, (\d+) broken, \d+ bytes back, (\d+) wrong, "
                            r"at least (\d+) each\n", self.session.output())[-1] for guest in (INNER, OUTER)]
        inner, outer = (list(map(int, line)) for line in lines)
        return Standing(*(a + b for a, b in zip(inner[:3], outer[:3])), min(inner[3], outer[3]))

    def await_bytes(self, more):
        """Until every connection has got on by so many bytes."""
        goal = self.standing().least + more
        while (now := self.standing()).least < goal:
            assert now.open == self._flows, f"{now} of {self._flows}"
            self.session.expect(rf"\(d(?:{INNER}|{OUTER})\) flows: [^\n]* each\r?\n")
        return now

    def frames_between_guests(self):
        """(sent, received) of the two guests that speak to nobody else, as of their last lines."""
        counts = [re.findall(rf"\(d{guest}\) flows: (\d+) frames sent, (\d+) received\n", self.session.output())[-1]
                  for guest in (ECHO, INNER)]
        return sum(int(sent) for sent, _ in counts), sum(int(received) for _, received in counts)
