# SPDX-License-Identifier: MIT
"""The sockets between a machine's network card and the generator, which is a plugin
of the same QEMU (scripts/plugin/traffic): pairs, of which QEMU inherits both ends."""
import socket

# A pair to the card, and two that a hub joins, so that what is sent on one comes
# out of the other when QEMU's main thread has seen to it.
NAMES = ("frames", "question", "answer")


class Wire:
    """To be used in a `with`."""

    def __enter__(self):
        self._pairs = {name: socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM) for name in NAMES}
        return self

    def __exit__(self, *_):
        for pair in self._pairs.values():
            for end in pair:
                end.close()

    @property
    def files(self):
        return [end.fileno() for pair in self._pairs.values() for end in pair]

    def _netdev(self, name, identity):
        return f"dgram,id={identity},local.type=fd,local.str={self._pairs[name][0].fileno()}"

    @property
    def card(self):
        """-netdev of the card."""
        return self._netdev("frames", "net0")

    @property
    def arguments(self):
        """The hub."""
        return [word for name in NAMES[1:]
                for word in ("-netdev", self._netdev(name, name),
                             "-netdev", f"hubport,hubid=0,id={name}-port,netdev={name}")]

    @property
    def plugin_options(self):
        return [f"{name}={pair[1].fileno()}" for name, pair in self._pairs.items()]
