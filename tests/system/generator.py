# SPDX-License-Identifier: MIT
"""Sends frames to the guest `traffic`, who counts them (guest-pv/traffic/protocol.hpp), and
loses none on the way to the machine's card: the socket makes the sender wait."""
import concurrent.futures
import contextlib
import pathlib
import re
import socket
import struct
import tempfile
import threading

GENEROUS_S = 300
QUIET_S = 5             # after which the guest is asked for its count, or asked again
SOON_S = 0.3            # in which it may tell a count by itself
PATIENCE_S = 60         # after which what has not come will not
ATTEMPTS = 5            # that bring nothing new
WINDOW = 128            # frames under way
GENERATOR_PORT, SINK_PORT, SOURCE_PORT = 7000, 7001, 7003
ORDER_PORT = 7099       # what is ordered comes there
QUESTION_PORT = 7100    # questions come from ports of their own, so that each is known by its answer
MAC = bytes.fromhex("020000000001")
NOBODY = 0              # a port to which nothing is sent
HEADERS = 42            # Ethernet, IPv4, UDP
TAGGED = 0x8100         # the type of a frame with a tag of IEEE 802.1Q


def frame_to(mac, port, payload, source=GENERATOR_PORT):
    """A UDP frame, without the checksum that IPv4 leaves to choice."""
    length = 28 + len(payload)
    head = struct.pack(">BBHHHBB", 0x45, 0, length, 0, 0, 64, 17)
    ends = bytes([10, 0, 2, 2, 10, 0, 2, 20])
    total = sum(struct.unpack(">9H", head + ends))
    total = (total & 0xffff) + (total >> 16)
    return b"".join([mac, MAC, b"\x08\x00", head, struct.pack(">H", 0xffff - total), ends,
                     struct.pack(">HHHH", source, port, 8 + len(payload), 0), payload])


def udp_port(frame):
    """That to which a frame is addressed, if it is UDP over IPv4."""
    if len(frame) < HEADERS or frame[12:15] != b"\x08\x00\x45" or frame[23] != 17:
        return None
    return struct.unpack_from(">H", frame, 36)[0]


def tagged(frame, vlan):
    """As it is on the wire in this network; None: in the one without tags."""
    return frame if vlan is None else frame[:12] + struct.pack(">HH", TAGGED, vlan) + frame[12:]


def untagged(frame, vlan):
    """A frame of this network as its stations see it; an empty one if it is of another."""
    is_tagged = frame[12:14] == struct.pack(">H", TAGGED)
    if vlan is None:
        return b"" if is_tagged else frame
    return frame[:12] + frame[16:] if is_tagged and frame[14:16] == struct.pack(">H", vlan) else b""


class Generator:
    """To be used in a `with`, around the machine whose `--netdev` it is."""

    def __init__(self, vlan=None):
        self._vlan = vlan

    def __enter__(self):
        self._folder = tempfile.TemporaryDirectory(prefix="granite-")
        here, self._card = (pathlib.Path(self._folder.name) / end for end in ("generator", "card"))
        self.netdev = (f"dgram,id=net0,local.type=unix,local.path={self._card},"
                       f"remote.type=unix,remote.path={here}")
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(str(here))
        self.sent = self.counted = self._questions = 0
        self._answered = set()
        self._given_up = set()      # questions that will not be answered any more
        return self

    def __exit__(self, *_):
        self._socket.close()
        self._folder.cleanup()

    def _receive(self, port, timeout=QUIET_S):
        """The next frame to that port of the generator; None if none comes in time."""
        self._socket.settimeout(timeout)
        try:
            while (at := udp_port(frame := untagged(self._socket.recv(65536), self._vlan))) != port:
                self._answered.add(at)
        except TimeoutError:
            return None
        return frame

    def on_the_wire(self, count):
        """The next frames that the machine's card sends to one station each, whatever they are."""
        self._socket.settimeout(GENEROUS_S)
        frames = []
        while len(frames) < count:
            frame = self._socket.recv(65536)
            if not frame[0] & 1:
                frames.append(frame)
        return frames

    def _send(self, frame):
        self._transmit(tagged(frame, self._vlan))

    def _transmit(self, frame):
        self._socket.settimeout(GENEROUS_S)
        self._socket.sendto(frame, str(self._card))

    def meet(self):
        """Waits for the guest's hello."""
        hello = self._receive(GENERATOR_PORT, GENEROUS_S)
        assert hello is not None, "the guest does not say hello"
        self._guest = hello[6:12]
        self._send(frame_to(self._guest, GENERATOR_PORT, b""))
        return self

    def _hear(self, port, timeout=QUIET_S):
        """Takes the guest's count, which comes by itself now and then; False if it does not come."""
        answer = self._receive(port, timeout)
        if answer is not None:
            self.counted = max(self.counted, struct.unpack_from("<Q", answer, HEADERS)[0])
        return answer is not None

    def flood(self, frames, size):
        """As fast as the card takes them."""
        frame = frame_to(self._guest, SINK_PORT, bytes(size - HEADERS))
        for _ in range(frames):
            self._send(frame)
        self.sent += frames

    def order(self, frames, size):
        """Has the guest send so many as fast as it can, and one more; how many of all these came."""
        self._send(frame_to(self._guest, SOURCE_PORT, struct.pack("<II", frames, size - HEADERS), ORDER_PORT))
        arrived = 0
        while arrived <= frames and self._receive(ORDER_PORT, PATIENCE_S) is not None:
            arrived += 1
        return arrived

    def keep_ordering(self, frames, size, enough):
        """Again and again until the event is set: how many frames did not come."""
        missing = 0
        while not enough.is_set():
            missing += frames + 1 - self.order(frames, size)
        return missing

    def stray(self, size, vlan):
        """Something for the guest in another network, which it is not to see."""
        self._transmit(tagged(frame_to(self._guest, SINK_PORT, bytes(size - HEADERS)), vlan))

    @contextlib.contextmanager
    def kept_going(self, size):
        """Keeps up while the body runs."""
        enough = threading.Event()
        with concurrent.futures.ThreadPoolExecutor() as pool:
            traffic = pool.submit(self.keep_up, size, enough)
            try:
                yield
            finally:
                enough.set()
            traffic.result(GENEROUS_S)

    def keep_up(self, size, enough):
        """With so many under way that none need be lost, until the event is set or frames are missing."""
        while not enough.is_set():
            self.flood(WINDOW - (self.sent - self.counted), size)
            while self.sent - self.counted > WINDOW // 2:
                if not self._hear(GENERATOR_PORT) and not self.ask():
                    return

    def ask(self):
        """Has the guest tell its count until that is all, or grows no more: then frames are missing, and it is False.
        What is asked may be lost or overtake."""
        attempts = ATTEMPTS
        while attempts:
            before = self.counted
            self._questions += 1
            if self._question(QUESTION_PORT + self._questions) and self.counted == self.sent:
                return True
            attempts = ATTEMPTS if self.counted > before else attempts - 1
        return False

    def _question(self, port):
        """Asks by this port; False if no answer comes."""
        self._send(frame_to(self._guest, SINK_PORT, b"", port))
        if not self._hear(port):
            return False
        self._answered.add(port)
        if self.counted < self.sent:    # overtaken: what it overtook is to be given time
            self._hear(GENERATOR_PORT, SOON_S)
        return True

    def missing(self):
        """Frames of which the guest does not know, also questions: what waits for it may leave no room for these."""
        self.ask()
        asked = set(range(QUESTION_PORT + 1, QUESTION_PORT + self._questions + 1))
        if asked - self._answered - self._given_up:
            self._receive(NOBODY)   # notes all that come late
        self._given_up = asked - self._answered
        return self.sent - self.counted + len(self._given_up)


def losses(session, guest, way="rx"):
    """Frames for the guest, or with "tx" of it, that the driver domain and its card tell they have lost."""
    def told(command, heading):
        return re.search(heading + r"(.*)", session.shell(command))[1]
    lines = told(f"xl network-list -v {guest}", "dropped: "), told("xl nic-list -v", f"{way} lost: ")
    return sum(map(int, re.findall(r"\d+", " ".join(lines))))
