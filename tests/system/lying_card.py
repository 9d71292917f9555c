# SPDX-License-Identifier: MIT
"""A network card that lies about its work, or stops doing it: what a card would write into memory, and what would befall
its registers, is put there by QEMU's debugger while the machine stands still."""
import socket
import struct

GENEROUS_S = 60
CHUNK = 1024            # bytes in a packet of the debugger's protocol

# Of Intel's chips: vendor and device, and where the address of the first receive ring is.
INTEL = {"igb": (0x8086, 0x10c9, 0xc000), "e1000e": (0x8086, 0x10d3, 0x2800)}
RING_BYTES, DESCRIPTOR = 4096, 16
TOO_LONG = struct.pack("<Q", 0xffff << 32 | 3)      # done, end of packet, more than any buffer holds
TCTL, TCTL_EN = 0x400, 2
NEVER_GIVEN = struct.pack("<II", 0xffff, 64)        # an element of a virtqueue's used ring


class Memory:
    """The machine's, by physical address; it stands still in a `with`."""

    def __init__(self, path):
        self._path = str(path)

    def __enter__(self):
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.settimeout(GENEROUS_S)
        self._socket.connect(self._path)
        self._stream = self._socket.makefile("rb")
        self._ask("Qqemu.PhyMemMode:1", "OK")
        return self

    def __exit__(self, *_):
        try:
            self._ask("Qqemu.PhyMemMode:0", "OK")
            self._ask("D", "OK")
        finally:
            self._stream.close()
            self._socket.close()

    def _ask(self, question, expected=None):
        self._socket.sendall(f"${question}#{sum(question.encode()) & 0xff:02x}".encode())
        while self._stream.read(1) != b"$":
            pass        # what was ours is acknowledged
        answer = b"".join(iter(lambda: self._stream.read(1), b"#")).decode()
        self._stream.read(2)
        self._socket.sendall(b"+")
        assert expected in (None, answer), f"{question[:40]}: {answer}"
        return answer

    def read(self, at, count):
        parts = (self._ask(f"m{at + done:x},{min(CHUNK, count - done):x}") for done in range(0, count, CHUNK))
        return bytes.fromhex("".join(parts))

    def write(self, at, data):
        for done in range(0, len(data), CHUNK):
            part = data[done:done + CHUNK]
            self._ask(f"M{at + done:x},{len(part):x}:{part.hex()}", "OK")

    def word(self, at):
        return struct.unpack("<I", self.read(at, 4))[0]


class IntelCard:
    def __init__(self, name, hands):
        *chip, self._ring = INTEL[name]
        functions = [each for bus in hands.do("query-pci") for each in bus["devices"]]
        [self._registers] = [each["regions"][0]["address"] for each in functions
                             if [each["id"]["vendor"], each["id"]["device"]] == chip]

    def lie(self, memory):
        """Every frame has come, and was longer than its buffer."""
        at = self._registers + self._ring
        ring = memory.word(at) | memory.word(at + 4) << 32
        places = memory.read(ring, RING_BYTES)
        memory.write(ring, b"".join(places[place:place + DESCRIPTOR // 2] + TOO_LONG
                                    for place in range(0, RING_BYTES, DESCRIPTOR)))

    def stop_sending(self, memory):
        at = self._registers + TCTL
        memory.write(at, struct.pack("<I", memory.word(at) & ~TCTL_EN))


class VirtioCard:
    def __init__(self, _, hands):
        self._hands = hands
        [self._path] = [device["path"] for device in hands.do("x-query-virtio") if device["name"] == "virtio-net"]

    def lie(self, memory):
        """Half a ring of buffers has come back that it was never given. A frame that comes before anybody looks undoes
        that, as the device knows better."""
        ring = self._hands.do("x-query-virtio-queue-status", path=self._path, queue=0)
        used, places = ring["vring-used"], ring["vring-num"]
        memory.write(used + 4, NEVER_GIVEN * places)
        memory.write(used + 2, struct.pack("<H", (ring["used-idx"] + places // 2) & 0xffff))


def lying_card(name, hands):
    return (IntelCard if name in INTEL else VirtioCard)(name, hands)
