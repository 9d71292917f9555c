# SPDX-License-Identifier: MIT
"""The serial line of a running machine, shared.

QEMU connects to us; what it says goes to the terminal, to a log, to whoever
watches, and to every program connected to the serial socket. What any of these
type goes to the machine.
"""
import selectors
import socket
import time

MOST_WAITING = 64 << 20     # bytes for a program that does not read


class _Client:
    """A program that listens in: what it has not taken yet waits for it, and the machine for nobody."""

    def __init__(self, end):
        self.end, self.waiting = end, bytearray()
        end.setblocking(False)

    def send(self):
        """False when it is gone, or reads so little that it will not catch up."""
        try:
            del self.waiting[:self.end.send(self.waiting)]
        except BlockingIOError:
            pass
        except OSError:
            return False
        return len(self.waiting) <= MOST_WAITING

    def events(self):
        return selectors.EVENT_READ | (selectors.EVENT_WRITE if self.waiting else 0)


class SerialHub:
    def __init__(self, machine_socket, shared_socket):
        self._selector = selectors.DefaultSelector()
        self._waiting = self._listen(machine_socket, 1)
        self._shared = self._listen(shared_socket, 8)
        self._machine = None
        self._typed = bytearray()   # what the machine has not taken yet
        self._clients = {}      # by their ends
        self._keyboard = None
        self.watchers = []      # called with each piece of output
        self.open = True
        self.last_output = time.monotonic()

    @staticmethod
    def _listen(path, backlog):
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(str(path))
        listener.listen(backlog)
        return listener

    def accept_machine(self, still_starting):
        """Waits for QEMU; False when it ended instead of connecting."""
        self._waiting.settimeout(0.2)
        while self._machine is None:
            try:
                self._machine, _ = self._waiting.accept()
            except TimeoutError:
                if not still_starting():
                    return False
        self._machine.setblocking(False)
        self._selector.register(self._machine, selectors.EVENT_READ, self._from_machine)
        self._selector.register(self._shared, selectors.EVENT_READ, self._new_client)
        return True

    def listen_to(self, keyboard):
        self._keyboard = keyboard
        self._selector.register(keyboard.descriptor, selectors.EVENT_READ, self._from_keyboard)

    def type(self, data):
        self._typed += data
        self._pass_on_typed()

    def _pass_on_typed(self):
        """A machine takes its time over what is pasted, and must be heard meanwhile."""
        if not self.open:
            return
        try:
            del self._typed[:self._machine.send(self._typed)]
        except BlockingIOError:
            pass
        except OSError:
            self._lose_machine()
            return
        wanted = selectors.EVENT_READ | (selectors.EVENT_WRITE if self._typed else 0)
        self._selector.modify(self._machine, wanted, self._from_machine)

    def _lose_machine(self):
        self.open = False
        self._selector.unregister(self._machine)

    def step(self, timeout):
        for key, events in self._selector.select(timeout):
            if events & selectors.EVENT_READ:
                key.data(key.fileobj)
            if events & selectors.EVENT_WRITE:
                self._pass_on(key.fileobj)

    def close(self):
        for each in (self._waiting, self._shared, self._machine, *self._clients):
            if each:
                each.close()
        self._selector.close()

    def _from_machine(self, machine):
        try:
            data = machine.recv(65536)
        except BlockingIOError:
            return
        except ConnectionError:
            data = b""
        if not data:
            self._lose_machine()
            return
        self.last_output = time.monotonic()
        for watcher in self.watchers:
            watcher(data)
        for client in list(self._clients.values()):
            client.waiting += data
            self._to_client(client)

    def _pass_on(self, end):
        if end is self._machine:
            self._pass_on_typed()
        elif end in self._clients:      # not dropped since the selector saw it
            self._to_client(self._clients[end])

    def _to_client(self, client):
        if client.send():
            self._selector.modify(client.end, client.events(), self._from_client)
        else:
            self._drop(client.end)

    def _new_client(self, listener):
        end, _ = listener.accept()
        self._clients[end] = _Client(end)
        self._selector.register(end, selectors.EVENT_READ, self._from_client)

    def _from_client(self, end):
        if end not in self._clients:        # dropped since the selector saw it
            return
        try:
            data = end.recv(4096)
        except OSError:
            data = b""
        if data:
            self.type(data)
        else:
            self._drop(end)

    def _drop(self, end):
        del self._clients[end]
        self._selector.unregister(end)
        end.close()

    def _from_keyboard(self, descriptor):
        data = self._keyboard.read()
        if data is None:
            self._selector.unregister(descriptor)
        elif data:
            self.type(data)
