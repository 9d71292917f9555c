# SPDX-License-Identifier: MIT
"""A machine with TCP connections of which every byte is known: between two guests, and between a guest and this
machine (guest-pv/apps/flows)."""
import contextlib
import dataclasses
import re
import socketserver
import threading

OUTSIDE = "10.0.2.2"            # this machine, as guests see it
HOSTS = {"echo": 22, "inner": 23, "outer": 24}      # the guests, and the last part of their addresses


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


class Flows:
    """Half of the connections are between `inner` and `echo`, the others between `outer` and `port` of this machine.
    `apart`: the network has a domain of its own. `words`: more of the driver domain's command line."""

    def __init__(self, machine, networker, port, count, *options, apart=True, words=()):
        def guest(name, extra):
            host = HOSTS[name]
            return networker(name, "flows", f"ip=10.0.2.{host}/24 {extra}", f"mac=00:16:3e:00:00:{host}")
        self._count = count
        self._ids = {name: number + (2 if apart else 1) for number, name in enumerate(HOSTS)}
        words = [*words, *(["network=apart"] if apart else [])]
        self.session = machine(
            "--cmdline", "faults=on", "--dom0-cmdline", " ".join(words), *options,
            guest("echo", "role=echo"),
            guest("inner", f"role=client peer=10.0.2.{HOSTS['echo']} flows={count // 2}"),
            guest("outer", f"role=client peer={OUTSIDE} port={port} flows={count - count // 2}"))
        self.session.wait_ready(rf"\(d{self._ids['inner']}\) flows: {count // 2} open",
                                rf"\(d{self._ids['outer']}\) flows: {count - count // 2} open")

    def standing(self):
        lines = [re.findall(rf"\(d{self._ids[guest]}\) flows: (\d+) open, (\d+) broken, \d+ bytes back, (\d+) wrong, "
                            r"at least (\d+) each\n", self.session.output())[-1] for guest in ("inner", "outer")]
        inner, outer = (list(map(int, line)) for line in lines)
        return Standing(*(a + b for a, b in zip(inner[:3], outer[:3])), min(inner[3], outer[3]))

    def await_bytes(self, more):
        """Until every connection has got on by so many bytes."""
        goal = self.standing().least + more
        while (now := self.standing()).least < goal:
            assert now.open == self._count, f"{now} of {self._count}"
            self.session.expect(rf"\(d(?:{self._ids['inner']}|{self._ids['outer']})\) flows: [^\n]* each\r?\n")
        return now

    def all_go_on(self):
        """Whether each connection does, and none was broken or brought a wrong byte."""
        now = self.await_bytes(1)
        return (now.open, now.broken, now.wrong) == (self._count, 0, 0)

    def frames_between_guests(self):
        """(sent, received) of the two guests that speak to nobody else, as of their last lines."""
        counts = [re.findall(rf"\(d{self._ids[guest]}\) flows: (\d+) frames sent, (\d+) received\n",
                             self.session.output())[-1] for guest in ("echo", "inner")]
        return sum(int(sent) for sent, _ in counts), sum(int(received) for _, received in counts)
