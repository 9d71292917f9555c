# SPDX-License-Identifier: MIT
"""Kernels unwrapped from what distributions wrap them in."""
import gzip
import lzma
import random
import shutil
import struct
import subprocess

import pytest

from granitelib import kernel_image
from granitelib.errors import UsageError

ELF = b"\x7fELF" + bytes(range(256)) * 300


def with_size(packed):
    return packed + struct.pack("<I", len(ELF))


def lz4_legacy(data):
    return subprocess.run(["lz4", "-l", "-c"], input=data, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                          check=True).stdout


def zstd(data):
    return subprocess.run(["zstd", "-c"], input=data, stdout=subprocess.PIPE, check=True).stdout


def xz(data):
    filters = [{"id": lzma.FILTER_X86}, {"id": lzma.FILTER_LZMA2, "preset": 6}]
    return lzma.compress(data, check=lzma.CHECK_CRC32, filters=filters)


PAYLOADS = {
    "gzip": lambda: gzip.compress(ELF),
    "xz": lambda: with_size(xz(ELF)),
    "lzma": lambda: with_size(lzma.compress(ELF, lzma.FORMAT_ALONE)),
    "zstd": lambda: with_size(zstd(ELF)),
    "lz4": lambda: with_size(lz4_legacy(ELF)),
}


def bzimage(payload, version=0x20f):
    """The fields of the boot protocol that lead to the payload."""
    head = bytearray(2 * 512)
    head[0x1f1] = 1
    head[0x202:0x206] = b"HdrS"
    struct.pack_into("<H", head, 0x206, version)
    struct.pack_into("<II", head, 0x248, 16, len(payload))
    return bytes(head) + bytes(16) + payload


@pytest.mark.parametrize("packing", PAYLOADS)
def test_a_bzimage_gives_up_its_kernel(packing):
    tool = {"zstd": "zstd", "lz4": "lz4"}.get(packing)
    if tool and not shutil.which(tool):
        pytest.skip(f"the program {tool} is not installed")
    assert kernel_image.unwrap(bzimage(PAYLOADS[packing]()), "vmlinuz") == ELF


def test_an_elf_file_is_taken_as_it_is_plain_or_in_gzip():
    assert kernel_image.unwrap(ELF, "k") == ELF
    assert kernel_image.unwrap(gzip.compress(ELF), "k.gz") == ELF


@pytest.mark.parametrize("data, complaint", [
    (b"", "neither an ELF file nor a bzImage"),
    (b"#!/bin/sh\n", "neither an ELF file nor a bzImage"),
    (gzip.compress(b"text"), "holds no ELF file"),
    (gzip.compress(ELF)[:40], "holds no ELF file"),
    (bzimage(gzip.compress(ELF))[:-9], "cut short"),
    (bzimage(b"\1\2\3\4" * 4), "packed in an unknown way"),
    (bzimage(gzip.compress(ELF), version=0x207), "boot protocol 2.7"),
    (bzimage(xz(ELF) + bytes(4)), "instead of 0"),
    (bzimage(b"\xfd7zXZ\0" + bytes(64)), "damaged"),
])
def test_what_is_no_kernel_is_named(data, complaint):
    with pytest.raises(UsageError, match=complaint):
        kernel_image.unwrap(data, "k")


def spoiled(data, choice):
    """The same with a few bytes changed, where the boot protocol's fields and the packing's are rather than
    within what is packed, and perhaps cut off."""
    data = bytearray(data)
    interesting = [*range(0x1f1, 0x250), *range(1040, min(1080, len(data))), *range(len(data) - 8, len(data))]
    for _ in range(choice.randint(1, 4)):
        data[choice.choice(interesting)] = choice.choice((0, 1, 0x7f, 0x80, 0xff, choice.randrange(256)))
    return bytes(data[:choice.randrange(len(data))] if choice.random() < 0.2 else data)


@pytest.mark.parametrize("packing", ("gzip", "xz", "lzma"))
def test_im_1_a_bzimage_of_any_bytes_is_refused_with_a_reason_or_has_a_kernel(packing):  # IM-1
    choice = random.Random(6)
    whole = bzimage(PAYLOADS[packing]())
    for _ in range(1000):
        try:
            kernel = kernel_image.unwrap(spoiled(whole, choice), "vmlinuz")
        except UsageError as refusal:
            assert str(refusal).startswith("vmlinuz: ")
        else:
            assert kernel.startswith(kernel_image.ELF)
