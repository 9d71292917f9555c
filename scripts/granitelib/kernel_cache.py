# SPDX-License-Identifier: MIT
"""Unwrapped kernels, kept: unpacking one takes seconds.

A kernel is found again by the hash of the file it came in. The newest few are
kept, under build/kernels.
"""
import contextlib
import hashlib
import os
import tempfile

from . import kernel_image, paths

FOLDER = paths.BUILD / "kernels"
KEPT = 8


def unwrap(data, path):
    """As kernel_image.unwrap, from the store when it has been done before."""
    if data.startswith(kernel_image.ELF):
        return data
    kept = FOLDER / f"{hashlib.sha256(data).hexdigest()}.elf"
    with contextlib.suppress(FileNotFoundError):
        plain = kept.read_bytes()
        os.utime(kept)
        return plain
    plain = kernel_image.unwrap(data, path)
    store(kept, plain)
    return plain


def store(file, data, newest=KEPT):
    """At once and whole, whoever else is doing the same; of its folder, the newest of its kind remain."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=file.parent, delete=False) as new:
        new.write(data)
    os.replace(new.name, file)
    with contextlib.suppress(FileNotFoundError):    # somebody else clears away as well
        newest_first = sorted(file.parent.glob(f"*{file.suffix}"), key=lambda kept: kept.stat().st_mtime, reverse=True)
        for old in newest_first[newest:]:
            old.unlink()
