# SPDX-License-Identifier: MIT
"""Every card that the driver domain drives carries the same traffic, however frames cross to the guest."""
import hashlib
import os

import pytest

import pages
from granitelib import qemu
from linux_guest import complaints, write_cfg

SIZE = 4_000_000
# Of the Linux guest, which has two queues.
MODES = {"igb": "queue", "e1000e": "mapped", "virtio-net": "guest-copy"}


@pytest.fixture(params=sorted(qemu.NICS))
def card(request):
    least = qemu.NICS[request.param][1]
    if qemu.version() < least:
        pytest.skip(f"{request.param} came with QEMU {least[0]}.{least[1]}")
    return request.param


@pytest.fixture
def outside(tmp_path):
    """A port below pages.OUTSIDE that serves `file`, and the file's hash."""
    data = os.urandom(SIZE)
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "file").write_bytes(data)
    with pages.served(tmp_path / "outside") as port:
        yield port, hashlib.sha256(data).hexdigest()


def test_guests_reach_the_outside_and_are_reached(machine, app, tmp_path, free_port, outside, card):
    served_at, expected = outside
    web, linux = free_port(), free_port()
    work = f"wget -q -O /srv/file http://{pages.OUTSIDE}:{served_at}/file; sha256sum </srv/file"
    cfg = write_cfg(tmp_path, "linux", "6.1", vcpus=2, vif=[f"bridge=xenbr0,mode={MODES[card]}"],
                    extra=f'quiet run="{work}"')
    session = machine("--nic", card, "--forward", f"{web}:web:80", "--forward", f"{linux}:linux:80", app("web"), cfg)
    session.wait_ready(r"\(d\d+\) [^\n]*listening", r"guest: address 10\.0\.2\.\d+\r*\n",     # by DHCP
                       r"\(d\d+\) [0-9a-f]{64}  -\r*\n")
    assert f" {expected}  -\n" in session.output()
    pages.check_page(pages.fetch(f"http://127.0.0.1:{web}/")[1])
    pages.check_big(*pages.fetch(f"http://127.0.0.1:{web}/big"))
    assert f"mode: {MODES[card]}" in session.shell("xl network-list -v linux")
    assert hashlib.sha256(pages.fetch(f"http://127.0.0.1:{linux}/file")[1]).hexdigest() == expected
    assert b"<h1>Debian Linux guest</h1>" in pages.fetch(f"http://127.0.0.1:{linux}/")[1]
    assert not complaints(session.output())
