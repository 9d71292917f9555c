# SPDX-License-Identifier: MIT
"""GRUB as a guest's kernel: an image for Xen's PV guests that holds a Linux
kernel and its root file system in a memory disk, and boots them."""
import io
import subprocess
import tarfile
import tempfile

from .. import paths
from .kernel import kernel
from .packages import Archive, unpack

FOLDER = paths.BUILD / "linux" / "grub"
FORMAT = "x86_64-xen"
# Reading the disk, what kernels are packed with, and showing how far it is.
MODULES = ("echo", "gzio", "linux", "memdisk", "normal", "tar", "xzio")
SCRIPT = """\
echo "grub: on $grub_platform"
linux (memdisk)/vmlinuz {cmdline}
initrd (memdisk)/initrd
echo "grub: booting"
boot
"""


def modules():
    if not FOLDER.exists():
        with Archive().fetched("grub-xen-bin") as files:
            unpack(files[0], FOLDER, f"*/{FORMAT}/*")
    return next(FOLDER.rglob(FORMAT))


def memory_disk(files):
    """A tar archive of {name: bytes}."""
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w") as tar:
        for name, data in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            tar.addfile(member, io.BytesIO(data))
    return archive.getvalue()


def make(output, series, ramdisk, cmdline):
    """Writes the image: an ELF file for xl.cfg's `kernel`."""
    disk = memory_disk({"vmlinuz": kernel(series).image.read_bytes(), "initrd": ramdisk.read_bytes()})
    with tempfile.NamedTemporaryFile() as disk_file, tempfile.NamedTemporaryFile("w") as script_file:
        disk_file.write(disk)
        disk_file.flush()
        script_file.write(SCRIPT.format(cmdline=cmdline))
        script_file.flush()
        subprocess.run(["grub-mkimage", "-O", FORMAT, "-d", modules(), "-m", disk_file.name, "-c", script_file.name,
                        "-o", output, *MODULES], check=True)
    return output
