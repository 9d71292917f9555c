# SPDX-License-Identifier: MIT
"""Two guests on one processor: each fills its registers with its own values, and finds them again."""
import pytest

from granitelib import paths
from granitelib.first_domain import last_words

IMAGE = paths.BUILD / "tests" / "guest" / "registers.elf"


def neighbour(folder, number, peer):
    cfg = folder / f"n{number}.cfg"
    cfg.write_text(f'name = "n{number}"\nkernel = "{IMAGE}"\nmemory = 16\nvcpus = 2\nextra = "peer={peer}"\n')
    return cfg


# EX-8 CP-3 CP-4: bases, breakpoints, x87 and whole vectors among them. The second is one of those that load x87's
# pointers only with an exception pending.
@pytest.mark.parametrize("cpu", ["max", "max,xsaveerptr=off"])
def test_registers_of_two_domains_on_one_processor_stay_apart(machine, tmp_path, cpu):
    session = machine("--smp", "1", "--nic", "none", "--qemu-arg=-cpu", f"--qemu-arg={cpu}",
                      neighbour(tmp_path, 1, peer=2), neighbour(tmp_path, 2, peer=1))
    session.expect_each(*[rf"\(d{number}\) (SUCCESS|FAILURE|SKIP|ERROR)[^\n]*\n" for number in (1, 2)],
                        *[rf"\(GR\) d{number} n{number} shut down: [^\n]*\n" for number in (1, 2)])
    output = session.output()
    for number in (1, 2):
        assert f"(d{number}) vectors of 32 bytes\n" in output, last_words(output)
        assert f"(d{number}) SUCCESS\n" in output, last_words(output)
