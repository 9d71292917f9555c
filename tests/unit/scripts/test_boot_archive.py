# SPDX-License-Identifier: MIT
"""The driver domain's module, read back with the system's own cpio."""
import shutil
import subprocess

import pytest

from granitelib import xlcfg
from granitelib.boot_archive import BootArchive
from granitelib.errors import UsageError

KERNEL = b"\x7fELF the kernel"


@pytest.fixture
def write_guest(tmp_path):
    (tmp_path / "k.elf").write_bytes(KERNEL)
    (tmp_path / "rd").write_bytes(b"ramdisk")

    def write(name, text=""):
        file = tmp_path / f"{name}.cfg"
        file.write_text(f'name = "{name}"\nkernel = "k.elf"\n{text}')
        return xlcfg.read(file)
    return write


def unpacked(archive, folder):
    folder.mkdir()
    subprocess.run(["cpio", "-id", "--quiet"], input=archive.data(), cwd=folder, check=True)
    return {f.relative_to(folder).as_posix(): f.read_bytes() for f in folder.rglob("*") if f.is_file()}


@pytest.mark.skipif(not shutil.which("cpio"), reason="the program cpio is not installed")
def test_guests_kernels_and_start_list_are_found_again(write_guest, tmp_path):
    archive = BootArchive()
    archive.add(write_guest("one", 'ramdisk = "rd"\n'))
    archive.add(write_guest("two"), start=False)
    files = unpacked(archive, tmp_path / "out")
    assert files["granite/boot"] == b"one.cfg\n"
    assert files["kernel/k.elf"] == KERNEL
    assert files["ramdisk/rd"] == b"ramdisk"
    assert files["one.cfg"] == b'name = "one"\nkernel = "kernel/k.elf"\nramdisk = "ramdisk/rd"\n'
    assert set(files) == {"granite/boot", "kernel/k.elf", "ramdisk/rd", "one.cfg", "two.cfg"}


def test_the_same_guests_give_the_same_bytes(write_guest):
    archives = [BootArchive(), BootArchive()]
    for archive in archives:
        archive.add(write_guest("one"))
    assert archives[0].data() == archives[1].data()


def test_two_guests_of_one_name_are_refused(write_guest):
    archive = BootArchive()
    archive.add(write_guest("one"))
    with pytest.raises(UsageError, match="another guest called one"):
        archive.add(write_guest("one"))


def test_a_kernel_that_is_not_there_is_named_with_its_line(write_guest, tmp_path):
    guest = write_guest("one")
    (tmp_path / "k.elf").unlink()
    with pytest.raises(UsageError, match=r"one\.cfg:2: kernel .*k\.elf: No such file"):
        BootArchive().add(guest)
