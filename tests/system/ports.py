# SPDX-License-Identifier: MIT
"""Ports of this machine's loopback at which guests are to be reached."""
import contextlib
import socket


@contextlib.contextmanager
def free_ports():
    """Finds ports that nobody has, each another, and keeps them from everybody but who says that he shares an address
    (SO_REUSEADDR), as QEMU does: this machine's kernel gives them neither to who asks for any nor to a connection."""
    with contextlib.ExitStack() as held:
        def find():
            keeper = held.enter_context(socket.socket())
            keeper.bind(("127.0.0.1", 0))
            keeper.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            return keeper.getsockname()[1]
        yield find
