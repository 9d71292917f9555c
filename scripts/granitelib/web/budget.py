# SPDX-License-Identifier: MIT
"""What asking may cost the machine: a small share of its own time, however many look."""

SHARE = 0.004               # of one CPU
QUESTION_NS = 25_000        # its bytes come in by interrupts
BYTE_NS = 80                # of an answer, on its way out; putting it together is in the answer's own `ns`
SLOWEST_CLOCK = 0.02
LEAST_S = 0.5               # between two readings of its clock that tell how fast it is


class Budget:
    """Says when the next question may be asked. Times are the caller's, in seconds."""

    def __init__(self):
        self._earned_ns = 0     # by the machine's clock: all that was asked is paid for then
        self._seen = None       # (our time, the machine's) of an answer, by which its clock is known
        self._clock = 1.0       # the machine's seconds in one of ours: an emulated one may be slow

    def wait_s(self, now):
        if not self._seen:
            return 0.0
        then, at_ns = self._seen
        machine_ns = at_ns + 1e9 * self._clock * (now - then)
        return max(0.0, self._earned_ns - machine_ns) / 1e9 / self._clock

    def spend(self, now, at_ns, took_ns, size):
        """Notes an answer of so many bytes; how long it is until that is earned again."""
        self._note_clock(now, at_ns)
        self._earned_ns = max(self._earned_ns, at_ns) + (took_ns + QUESTION_NS + size * BYTE_NS) / SHARE
        return self.wait_s(now)

    def _note_clock(self, now, at_ns):
        """Machines that are idle may let their clock jump: that is not counted on."""
        if self._seen and at_ns < self._seen[1]:
            self._seen, self._earned_ns = None, 0       # it was started anew
        if self._seen and now - self._seen[0] < LEAST_S:
            return
        if self._seen:
            self._clock = (at_ns - self._seen[1]) / 1e9 / (now - self._seen[0])
            self._clock = min(1.0, max(SLOWEST_CLOCK, self._clock))
        self._seen = (now, at_ns)
