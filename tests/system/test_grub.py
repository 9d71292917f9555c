# SPDX-License-Identifier: MIT
"""GRUB, as packaged for Xen's PV guests, boots Linux from inside a guest."""
import pytest

from granitelib.errors import Exit
from granitelib.linux import grub_guest, images
from granitelib.linux.packages import Unavailable
from last_words import told

CFG = 'name = "grub"\nkernel = "grub.elf"\nmemory = 256\n'


@pytest.fixture
def cfg(tmp_path):
    try:
        grub_guest.make(tmp_path / "grub.elf", "6.1", images.small("6.1"), 'console=hvc0 quiet ip=off run="poweroff"')
    except Unavailable as reason:
        pytest.skip(str(reason))
    (tmp_path / "grub.cfg").write_text(CFG)
    return tmp_path / "grub.cfg"


def test_grub_finds_its_console_and_memory_disk_and_boots_linux(granite, cfg):
    done = granite("run", "--headless", "--nic", "none", "--until-shutdown", cfg)
    assert done.returncode == Exit.OK, told(done)
    assert "grub: on xen" in done.stdout
    assert "guest: linux 6.1." in done.stdout
