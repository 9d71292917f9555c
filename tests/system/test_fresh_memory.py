# SPDX-License-Identifier: MIT
"""A guest finds nothing of another one in its memory."""
import re

from granitelib import paths
from granitelib.first_domain import last_words

IMAGE = paths.BUILD / "tests" / "guest" / "fresh_memory.elf"
MEMORY_MB = 500


# MM-4: each of two guests fills more than half of what was free, so the second has frames of the first
def test_what_a_guest_has_left_in_its_memory_is_gone_before_another_one_gets_it(machine, app, tmp_path):
    cfg = tmp_path / "fresh.cfg"
    cfg.write_text(f'name = "fresh"\nkernel = "{IMAGE}"\nmemory = {MEMORY_MB}\n')
    session = machine("--nic", "none", "--at-hand", cfg, app("hello")).wait_empty()
    free = session.free_frames()
    for _ in range(2):
        session.send_shell("xl create fresh.cfg")
        session.has_ended("fresh")
    counts = re.findall(r"\(d\d+\) (\d+) pages were clean and are filled\n", session.output())
    assert len(counts) == 2 and sum(map(int, counts)) > free, last_words(session.output())
    assert re.findall(r"\(d\d+\) (SUCCESS|FAILURE|ERROR)", session.output()) == ["SUCCESS"] * 2
