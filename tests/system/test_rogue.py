# SPDX-License-Identifier: MIT
"""A guest that attacks its backend by all that the two share, in each mode, harms nobody else."""
import re

ECHO, WATCH, ASKED = (f"00:16:3e:00:00:0{number}" for number in (1, 2, 3))
MODES = {"copy": "mode: copy,", "guest-copy": "mode: guest-copy by the guest,", "mapped": "mode: mapped,", "queue": "mode: queue by the card,"}
AFTER = 2500    # ms of system time, when the card has a link


# Whom they ask may lose frames, of anybody's: when 256 come at once a card's queue is full, and the card drops what
# comes then. So they ask a guest of their own, and the bystanders speak to each other.
# NB-08 XS-13 NF-1: a vif that is cut off is connected again, and destroyed, whatever its guest has written
def test_attacks_on_the_backend_are_withstood_in_every_mode(machine, networker):
    beside = [networker("echo", "rally", "role=echo", f"mac={ECHO}"),
              networker("watch", "rally", f"role=watch peer={ECHO}", f"mac={WATCH}"),
              networker("asked", "rally", "role=echo", f"mac={ASKED}")]
    rogues = [networker(mode, "rogue", f"peer={ASKED} after={AFTER}", f"mode={mode}") for mode in MODES]
    session = machine("--icount", "--nic", "igb", *beside, *rogues)
    session.wait_ready(*[r"rogue: \d+ attacks withstood, 0 pages kept\r?\n", "rogue: stays"] * len(MODES))
    for mode, told in MODES.items():
        session.shell_until(f"xl network-list -v {mode}", lambda text, told=told: told in text)
        session.shell(f"xl destroy {mode}")
        session.shell_until("xl list", lambda text, mode=mode: f"\n{mode} " not in text)
        session.has_gone(mode)
    session.expect(r"round trips, \d+ lost")
    lost = re.findall(r"round trips, (\d+) lost", session.output())
    assert set(lost) == {"0"}, "\n".join([f"a bystander lost {lost}", *map(session.shell, (
        "xl network-list -v echo", "xl network-list -v watch", "xl nic-list -v"))])
