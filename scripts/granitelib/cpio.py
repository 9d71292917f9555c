# SPDX-License-Identifier: MIT
"""Archives in the `newc` format, as the driver domain reads them."""

TRAILER = "TRAILER!!!"
REGULAR_FILE = 0o100644


def padded(data):
    return data + bytes(-len(data) % 4)


def member(name, data, inode):
    fields = (inode, REGULAR_FILE, 0, 0, 1, 0, len(data), 0, 0, 0, 0, len(name.encode()) + 1, 0)
    head = b"070701" + b"".join(b"%08X" % f for f in fields)
    return padded(head + name.encode() + b"\0") + padded(data)


def archive(members):
    """The bytes of an archive of {name: bytes}: the same for the same members."""
    files = [member(name, data, inode) for inode, (name, data) in enumerate(members.items(), 1)]
    return b"".join(files) + member(TRAILER, b"", 0)
