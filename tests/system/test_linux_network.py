# SPDX-License-Identifier: MIT
"""What Linux's network front end negotiates, between two guests, and that nothing of it
depends on how frames cross."""
import contextlib
import json
import re

import pytest

import pages
from linux_guest import complaints, write_cfg

SERVER = "10.0.2.30"
FETCH = f"wget -q -O - http://{SERVER}/file | md5sum"
# While files cross, for as long as it takes. The last one stays, also while the client reconnects.
MODES = ["queue", "mapped", "queue", "copy", "queue"]
RECONNECT = ("cd /sys/bus/xen/drivers/vif; ip link set eth0 down; echo vif-0 >unbind; echo vif-0 >bind; sleep 1; "
             "ip link set eth0 up mtu 9000; ip addr add $ip dev eth0")


def server(folder):
    """Has a file of 4 MB and its hash."""
    work = ("cd /srv; dd if=/dev/urandom of=part bs=64k count=64 2>/dev/null; wc -c <part; md5sum <part; "
            "ip link set eth0 mtu 9000; mv part file")
    return write_cfg(folder, "server", "6.1", extra=f'quiet ip={SERVER}/24 run="{work}"')


@contextlib.contextmanager
def told_outside(folder):
    """A way to say that it is enough, and the command by which a guest asks whether that was said."""
    (folder / "outside").mkdir()
    with pages.served(folder / "outside") as port:
        yield ((folder / "outside" / "enough").touch,
               f"wget -q -O /dev/null http://{pages.OUTSIDE}:{port}/enough 2>/dev/null")


def change_to(session, guest, mode):
    session.shell(f"xl network-mode {guest} 0 {mode}")
    session.shell_until(f"xl network-list -v {guest}", lambda text: f"mode: {mode}" in text)


# Of two processors, one copies for the other.
@pytest.mark.parametrize(("processors", "mode", "options", "changes"),
                         [(2, "auto", [], MODES), (4, "guest-copy", ["--smp", "2"], [])])
def test_files_cross_whole_with_any_number_of_queues_and_after_reconnecting(machine, tmp_path, processors, mode,
                                                                            options, changes):
    with told_outside(tmp_path) as (enough, told_enough):
        work = (f"echo queues $(ls -d /sys/class/net/eth0/queues/tx-* | wc -l); ip link set eth0 mtu 9000; "
                f"until wget -q -O /dev/null http://{SERVER}/file; do sleep 1; done; "
                f"until {FETCH}; {told_enough}; do :; done; {RECONNECT}; {FETCH}; ping -c 2 -s 8900 {SERVER}")
        client = write_cfg(tmp_path, "client", "6.1", vcpus=processors, vif=[f"bridge=xenbr0,mode={mode}"],
                           extra=f'quiet ip=10.0.2.31/24 run="{work}"')
        session = machine(*options, server(tmp_path), client).wait_ready()
        session.expect(rf"queues {processors}\r*\n")
        walked = {row["station"] for row in map(json.loads, session.ask("walk next client rx -j")) if "station" in row}
        # Nobody is asked about a frame to all that the card brings by the guest's own queue.
        assert {"netback", "netfront"} <= walked
        assert walked & {"bridge", "card"}
        for change in changes:
            for guest in ("server", "client"):
                change_to(session, guest, change)
        enough()
        session.expect(r"2 packets received")
        session.expect("guest: ran status=0")
    lines = [line.split() for line in session.output().splitlines()]
    assert [str(4 << 20)] in [words[1:] for words in lines], "the server has no such file"
    hashes = [words[1] for words in lines if len(words) == 3 and words[2] == "-"]
    assert len(hashes) >= 3 and len(set(hashes)) == 1
    told = session.shell("xl network-list -v client")
    assert "dropped: nothing" in told
    assert ("mode: queue by copies, as it is TCP" in told) == (mode == "auto")
    # Its large frames stay in its pages until they are in the client's, or a card has read them.
    assert re.search(r"lent: [1-9]\d* packets", session.shell("xl network-list -v server"))
    assert not complaints(session.output())
    # In the last mode, of which the card still has pages of it.
    session.shell("xl destroy client")
    session.shell_until("xl list", lambda text: "\nclient " not in text)
