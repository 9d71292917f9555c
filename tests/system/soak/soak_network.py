# SPDX-License-Identifier: MIT
"""Much traffic through Linux's network front end arrives whole."""
import hashlib
import os
import subprocess
import urllib.request

import pytest

from granitelib.linux import images
from granitelib.linux.debian_root import debian_root
from linux_guest import LinuxGuest, complaints, write_cfg
from pages import OUTSIDE, served

SIZE_MB = 200
# Segments and datagrams that came with a wrong checksum; both end in InCsumErrors.
CHECKSUM_ERRORS = "grep -hE '^(Tcp|Udp):' /proc/net/snmp"
GENEROUS_S = 1800


@pytest.fixture
def iperf_server(free_port):
    """Debian's iperf3 on this machine; its port."""
    port, root = free_port(), debian_root()
    environment = os.environ | {"LD_LIBRARY_PATH": str(root / "usr/lib/x86_64-linux-gnu")}
    server = subprocess.Popen([root / "usr/bin/iperf3", "-s", "-B", "127.0.0.1", "-p", str(port)], env=environment,
                              stdout=subprocess.DEVNULL)
    yield port
    server.terminate()
    server.wait()


def start(machine, tmp_path, name, run, *arguments, **settings):
    cfg = write_cfg(tmp_path, name, "6.1", images.debian, memory=512, vcpus=2, extra=f'quiet run="{run}"', **settings)
    return machine("--smp", 2, "--memory", "2G", *arguments, cfg)


def check_transfer(session):
    linux = LinuxGuest(session, "client")
    counters = [linux.says(rf"({kind}: \d[^\n\r]*)", GENEROUS_S).split() for kind in ("Tcp", "Udp")]
    assert linux.says(r"guest: ran status=(\d+)") == "0"
    assert [tcp_or_udp[-1 if tcp_or_udp[0] == "Tcp:" else 7] for tcp_or_udp in counters] == ["0", "0"]
    assert "iperf Done." in session.output()
    assert not complaints(session.output())


@pytest.mark.parametrize("direction", ["", "-R"], ids=["to_outside", "from_outside"])
def test_a_stream_of_a_minute(machine, tmp_path, iperf_server, transfer_seconds, direction):
    work = f"iperf3 -c {OUTSIDE} -p {iperf_server} -t {transfer_seconds} {direction} && {CHECKSUM_ERRORS}"
    check_transfer(start(machine, tmp_path, "client", work))


@pytest.mark.parametrize("direction", ["", "-R"], ids=["there", "back"])
def test_a_stream_between_two_guests(machine, tmp_path, transfer_seconds, direction):
    server = write_cfg(tmp_path, "server", "6.1", images.debian, memory=512, vcpus=2,
                       extra='quiet ip=10.0.2.30/24 run="iperf3 -s"')
    work = ("until iperf3 -c 10.0.2.30 -n 1K --connect-timeout 1000; do sleep 1; done; "
            f"iperf3 -c 10.0.2.30 -t {transfer_seconds} {direction} && {CHECKSUM_ERRORS}")
    check_transfer(start(machine, tmp_path, "client", work, server))


def test_a_large_file_is_fetched_from_a_guest(machine, tmp_path, port):
    work = f"head -c {SIZE_MB}M /dev/urandom >/srv/big; sha256sum </srv/big"
    session = start(machine, tmp_path, "client", work, "--forward", f"{port}:client:80")
    expected = LinuxGuest(session, "client").says("([0-9a-f]{64})  -", GENEROUS_S)
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/big", timeout=GENEROUS_S) as answer:
        assert hashlib.file_digest(answer, "sha256").hexdigest() == expected


def test_a_large_file_is_fetched_by_a_guest(machine, tmp_path):
    data = os.urandom(SIZE_MB << 20)
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "big").write_bytes(data)
    with served(tmp_path / "outside") as port:
        session = start(machine, tmp_path, "client", f"wget -q -O - http://{OUTSIDE}:{port}/big | sha256sum")
        assert LinuxGuest(session, "client").says("([0-9a-f]{64})  -", GENEROUS_S) == hashlib.sha256(data).hexdigest()
