# SPDX-License-Identifier: MIT
"""Answers like the monitor of a machine with as many domains as a test wants, whose counters grow."""
import json
import math
import time

PAGES, SELDOM = 8192, 7


class FakeMonitor:
    """Takes the place of granitelib.monitor.Caller."""

    def __init__(self, guests):
        self.guests, self.asked = guests, []
        self._begin = time.monotonic()

    def ask(self, command):
        self.asked.append(command)
        words = command.removesuffix(" -j").split()
        at = int((time.monotonic() - self._begin) * 1e9)
        rows = getattr(self, f"_{words[0]}")(at / 1e9, *words[1:])
        end = {"t": "end", "rows": len(rows), "lost": 0, "at": at, "ns": 1000}
        return [json.dumps(row) for row in [{"t": "begin", "cmd": command, "schema": 1}, *rows, end]]

    def _ids(self):
        return range(self.guests + 1)

    def _time(self, now):
        return [{"system_ns": int(1e9 * now)}]

    def _version(self, _now):
        return [{"version": "Granite", "cpus": 4}]

    def _domains(self, _now):
        return [{"id": i, "name": f"guest{i:03}" if i else "Domain-0", "state": "paused" if i % SELDOM == 5 else "running",
                 "pages": PAGES + 512 * (i % SELDOM), "max": PAGES, "vcpus": 1 + i % 2, "channels": 5, "grant_frames": 2,
                 "mapped": 0 if i else 515 * self.guests, "run_ms": 0, "refs": 2} for i in self._ids()]

    def _vcpus(self, now):
        return [{"vcpu": f"d{i}v0", "state": "blocked", "cpu": i % 4, "run_ms": int(self._busy(i) * 1000 * now),
                 "wait_ms": 0, "blocked_ms": 0, "weight": 256, "upcalls": int(900 * self._busy(i) * now),
                 "hypercalls": int(2000 * self._busy(i) * now), "pending": 0, "masked": 0} for i in self._ids()]

    @staticmethod
    def _busy(i):
        return 0 if i % SELDOM == 5 else 0.6 * abs(math.sin(i + 1)) / (1 + i)

    def _frames(self, _now, number=None):
        if number:
            return [{"mfn": number, "owner": "d1", "type": "writable", "types": 1, "refs": 2, "pinned": 0, "partial": 0},
                    {"holder": "d1", "by": "l1 0x7d0[17]", "as": "rw-uAD-"}]
        owners = [(f"d{i}", PAGES + 512 * (i % SELDOM)) for i in self._ids()] + [("granite", 9000)]
        return [{"owner": who, "frames": n, "none": n // 20, "l1": n // 60, "l2": 4, "l3": 2, "l4": 1, "seg": 0,
                 "writable": n - n // 20 - n // 60 - 8, "shared": 1} for who, n in owners] + [
            {"owner": "free", "frames": 120000, "none": 0, "l1": 0, "l2": 0, "l3": 0, "l4": 0, "seg": 0, "writable": 0,
             "shared": 0}]

    def _links(self, now):
        pairs = [(i, 0) for i in self._ids() if i] + [(0, i) for i in self._ids() if i]
        return [{"domain": a, "peer": b, "channels": 4, "sends": int(900 * self._busy(a or b) * now),
                 "grants": 518 if a else 0, "in_use": 515 if a else 0} for a, b in pairs]

    def _ptentries(self, _now, _domain, level="4", va="0"):
        base, level = int(va, 16), int(level)
        step = 4096 << (9 * (level - 1))
        return [{"slot": i, "count": 1 if level > 1 else 8, "va": hex(base + i * step), "mfn": hex(0x700 + i),
                 "flags": "rwxuAD-", "owner": "d1", "type": f"l{level - 1}" if level > 1 else "writable"} for i in range(3)]

    def _grants(self, _now, _domain):
        return [{"ref": hex(8 + i), "peer": 0, "mfn": hex(0x900 + i), "offers": "write", "host_r": 0, "host_w": 1,
                 "dev_r": 0, "dev_w": 0} for i in range(20)]

    def _maptrack(self, _now, _domain):
        return []

    def _evtchn(self, _now, _domain):
        return [{"port": 1 + i, "kind": "interdomain", "vcpu": 0, "peer": f"d0 port {9 + i}", "pending": 0, "masked": 0,
                 "sends": 100} for i in range(4)]

    def _queues(self, now):
        return [{"card": "nic0", "driver": "igb", "rx_packets": int(9000 * now), "tx_packets": int(4000 * now)}] + [
            {"vif": f"vif{i}.0", "mode": "mapped", "tx_packets": int(90 * now), "rx_packets": int(50 * now)}
            for i in self._ids() if i]

    def _prof(self, _now, _places=None):
        return [{"who": who, "samples": n} for who, n in (("granite", 300), ("d0", 500), ("d1", 200))] + [
            {"who": who, "address": hex(0xffff828000000000 + n), "function": f"{who}::function_{n}()", "samples": n}
            for who, whole in (("granite", 300), ("d0", 500), ("d1", 200)) for n in (whole // 2, whole // 4, whole // 8)]

    def _walk(self, _now, *_words):
        return [{"ns": 5_000_000 + t, "cpu": 0, "who": who, "station": station, "what": "", "copied": 0, "calls": i % 3}
                for i, (t, who, station) in enumerate((
                    (0, "nic0", "wire"), (900, "d0", "interrupt"), (2100, "d0", "driver"), (2600, "d0", "bridge"),
                    (4200, "d0", "response"), (4900, "granite", "event"), (6300, "d1v0", "upcall"), (8800, "d1v0", "netfront")))]
