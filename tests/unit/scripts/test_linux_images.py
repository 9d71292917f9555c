# SPDX-License-Identifier: MIT
"""Root file systems and cfg files for Linux guests, without fetching a kernel."""
import lzma
import shutil
import subprocess

import pytest

from granitelib import cpio, xlcfg
from granitelib.linux import guest, images, kernel
from granitelib.linux.kernel import Kernel
from granitelib.linux.packages import Unavailable


def module(*needs):
    return b"\0license=GPL\0depends=" + ",".join(needs).encode() + b"\0intree=Y\0"


@pytest.fixture
def its_kernel(tmp_path):
    folder = tmp_path / "lib/modules/6.0/kernel"
    folder.mkdir(parents=True)
    (tmp_path / "release").write_text("6.0\n")
    (folder / "front-end.ko").write_bytes(module("middle_part"))
    (folder / "middle-part.ko.xz").write_bytes(lzma.compress(module("base")))
    (folder / "base.ko").write_bytes(module())
    return Kernel("6.0", tmp_path)


def test_modules_come_after_what_they_need(its_kernel):
    assert list(its_kernel.modules("front-end")) == ["base.ko", "middle_part.ko", "front-end.ko"]


def test_a_compressed_module_is_unpacked(its_kernel):
    assert its_kernel.modules("middle-part")["middle-part.ko"] == module("base")


def test_a_module_that_is_not_packaged_is_named(its_kernel):
    with pytest.raises(Unavailable, match="6.0 is packaged without a module sound"):
        its_kernel.modules("sound")


def test_a_kernel_that_could_not_be_had_is_asked_for_again(tmp_path, monkeypatch):
    offers = iter([None, "the archive"])
    monkeypatch.setattr(kernel, "folder_of", lambda series: tmp_path / series)
    monkeypatch.setattr(kernel, "package_of", lambda series: next(offers))
    monkeypatch.setattr(kernel, "fetch", lambda source, folder, wanted: (folder.mkdir(), (folder / "release").write_text("6.0-1\n")))
    with pytest.raises(Unavailable, match="of the series 6.0"):
        kernel.kernel("6.0")
    assert kernel.kernel("6.0").release == "6.0-1"
    assert kernel.kernel("6.0").release == "6.0-1"     # and is kept


@pytest.mark.skipif(not shutil.which("cpio"), reason="the program cpio is not installed")
def test_an_archive_keeps_folders_links_and_programs(tmp_path):
    entries = {"bin": cpio.folder(), "bin/tool": cpio.program(b"#!"), "sbin": cpio.link("bin"), "text": cpio.file(b"t")}
    subprocess.run(["cpio", "-id", "--quiet"], input=cpio.tree_archive(entries), cwd=tmp_path, check=True)
    assert images.tree(tmp_path) == entries


def test_a_guest_of_ours_is_a_good_cfg(its_kernel, tmp_path):
    file = guest.write(tmp_path, "linux", its_kernel, tmp_path / "root.cpio", vcpus=4, extra='run="poweroff"')
    read = xlcfg.read(file)
    assert (read.name, read.get("vcpus"), read.get("memory")) == ("linux", 4, 128)
    assert read.command_line == 'run="poweroff"'
    assert read.get("vif") == ["bridge=xenbr0"]
