# SPDX-License-Identifier: MIT
"""Archives in the `newc` format: the driver domain's module, and initial file
systems of Linux. The same members give the same bytes: all belong to root and
are of the same hour."""
import dataclasses
import stat

TRAILER = "TRAILER!!!"


@dataclasses.dataclass
class Entry:
    mode: int
    data: bytes = b""


def file(data, permissions=0o644):
    return Entry(stat.S_IFREG | permissions, data)


def program(data):
    return file(data, 0o755)


def folder():
    return Entry(stat.S_IFDIR | 0o755)


def link(target):
    return Entry(stat.S_IFLNK | 0o777, target.encode())


def padded(data):
    return data + bytes(-len(data) % 4)


def member(name, entry, inode):
    fields = (inode, entry.mode, 0, 0, 1, 0, len(entry.data), 0, 0, 0, 0, len(name.encode()) + 1, 0)
    head = b"070701" + b"".join(b"%08X" % f for f in fields)
    return padded(head + name.encode() + b"\0") + padded(entry.data)


def tree_archive(entries):
    """The bytes of an archive of {name: Entry}, folders before what is in them."""
    members = [member(name, entry, inode) for inode, (name, entry) in enumerate(entries.items(), 1)]
    return b"".join(members) + member(TRAILER, file(b""), 0)


def archive(members):
    """The bytes of an archive of {name: bytes}."""
    return tree_archive({name: file(data) for name, data in members.items()})
