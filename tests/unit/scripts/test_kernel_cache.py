# SPDX-License-Identifier: MIT
"""Unwrapped kernels are found again, and old ones make room."""
import gzip
import os

import pytest

from granitelib import kernel_cache, kernel_image

PLAIN = kernel_image.ELF + b" the kernel"


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(kernel_cache, "FOLDER", tmp_path / "kernels")
    return tmp_path / "kernels"


def test_a_kernel_is_unwrapped_once(monkeypatch):
    packed = gzip.compress(PLAIN)
    assert kernel_cache.unwrap(packed, "k.gz") == PLAIN
    monkeypatch.delattr(kernel_image, "unwrap")
    assert kernel_cache.unwrap(packed, "elsewhere/k.gz") == PLAIN


def test_a_plain_kernel_is_not_kept(folder):
    assert kernel_cache.unwrap(PLAIN, "k.elf") == PLAIN
    assert not folder.exists()


def test_the_longest_unused_kernels_make_room(folder):
    for number in range(kernel_cache.KEPT + 2):
        kernel_cache.unwrap(gzip.compress(PLAIN + bytes([number])), "k.gz")
        for age, file in enumerate(sorted(folder.iterdir(), key=lambda f: f.stat().st_mtime, reverse=True)):
            os.utime(file, (1000 - age, 1000 - age))    # the clock may be too coarse to tell them apart
    assert len(list(folder.iterdir())) == kernel_cache.KEPT
    assert any(file.read_bytes() == PLAIN + bytes([kernel_cache.KEPT + 1]) for file in folder.iterdir())
