# SPDX-License-Identifier: MIT
"""A guest gets what it may make the hypervisor hold when another one has taken all memory."""
import re

import pytest

from granitelib import paths
from granitelib.first_domain import last_words

MEMORY_MB = 32
ROOTS = 64 + MEMORY_MB * 256 // 32     # that so large a guest may have with page-table isolation
OWN = 1       # root, of each guest of the kit
MUCH_MB = 900


def write_cfg(folder, name, image, *more):
    cfg = folder / f"{name}.cfg"
    lines = [f'name = "{name}"', f'kernel = "{paths.BUILD / "tests" / "guest" / image}.elf"', *more,
             'on_poweroff = "preserve"']    # with its memory
    cfg.write_text("\n".join(lines) + "\n")
    return cfg


def at_hand(*files):
    return [word for file in files for word in ("--at-hand", file)]


def set_aside(session):
    """Frames, of those that are free."""
    return int(re.search(r"(\d+) of the free frames are set aside", "\n".join(session.ask("frames")))[1])


# D8: frames for grants and handles, records of channels, and with page-table isolation views of roots
@pytest.mark.parametrize("options", ["xpti=no", "xpti=yes"])
def test_all_that_a_guest_may_ask_for_is_there_when_another_one_has_taken_what_it_could(machine, app, tmp_path,
                                                                                       options):
    guests = [write_cfg(tmp_path, "limits", "limits", f"memory = {MEMORY_MB}", f'extra = "roots={ROOTS - OWN}"'),
              write_cfg(tmp_path, "handles", "map_handles", "memory = 32", "max_maptrack_frames = 8")]
    greedy = write_cfg(tmp_path, "greedy", "greedy", "memory = 16", f"maxmem = {MUCH_MB}",
                       f'extra = "hold pages={MUCH_MB * 256}"')
    late = write_cfg(tmp_path, "late", "limits", "memory = 16")
    session = machine("--nic", "none", "--cmdline", options, *at_hand(*guests, greedy, late), app("hello")).wait_empty()
    before = set_aside(session)
    for cfg in guests:
        session.shell(f"xl create -p {cfg.name}")
    assert set_aside(session) > before
    session.send_shell(f"xl create {greedy.name}")
    session.expect_each(r"\(d4\) SUCCESS[^\n]*\n", r"\(d4\) \d+ pages taken[^\n]*\n")
    assert re.search(r"^free_memory +: 0$", session.shell("xl info"), re.MULTILINE)
    assert "not enough memory" in session.shell(f"xl create {late.name}")
    for domain, name in [(2, "limits"), (3, "handles")]:
        session.send_shell(f"xl unpause {name}")
        session.expect_each(rf"\(d{domain}\) (SUCCESS|FAILURE|ERROR)[^\n]*\n",
                            rf"\(GR\) d{domain} {name} shut down: [^\n]*\n")
    output = session.output()
    assert re.findall(r"\(d[23]\) (SUCCESS|FAILURE|ERROR)", output) == ["SUCCESS"] * 2, last_words(output)
    assert f"(d2) {ROOTS - OWN} roots\n" in output and "(d3) 2048 handles\n" in output, last_words(output)
    for name in ("limits", "handles", "greedy"):
        session.shell(f"xl destroy {name}")
        session.has_gone(name)
    assert set_aside(session) <= before     # of which the driver domain may have made use
