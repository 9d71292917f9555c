# SPDX-License-Identifier: MIT
"""Kernels as plain ELF files, whatever they come wrapped in.

The driver domain and the hypervisor hold no decompressor: a bzImage or a
compressed ELF is unwrapped here, when it is packed.
"""
import lzma
import shutil
import struct
import subprocess
import zlib

from .errors import UsageError

ELF = b"\x7fELF"
LZ4_BLOCK = 8 << 20          # a block of the legacy frame grows to this at most
LARGEST = 512 << 20          # no kernel is larger than this


def gunzip(data):
    decoder = zlib.decompressobj(wbits=31)
    return decoder.decompress(data, LARGEST)


def unxz(data):
    # One stream; what follows it (the size that Linux appends) is left alone.
    return lzma.LZMADecompressor(lzma.FORMAT_XZ).decompress(data, LARGEST)


def unlzma(data):
    return lzma.LZMADecompressor(lzma.FORMAT_ALONE).decompress(data, LARGEST)


def unzstd(data):
    return with_tool("zstd", ["-dc", "--memory=512MB"], data)


def unlz4(data):
    """The legacy frame: magic, then blocks of a size and that many bytes. The
    stream ends where only the appended size is left."""
    end, position = len(data), 4
    while position + 4 < end:
        size = struct.unpack_from("<I", data, position)[0]
        if size == 0 or position + 4 + size > end:
            break
        position += 4 + size
    return with_tool("lz4", ["-dc"], data[:position])


def with_tool(tool, arguments, data):
    if not shutil.which(tool):
        raise UsageError(f"this kernel needs the program {tool}; scripts/setup installs it")
    done = subprocess.run([tool, *arguments], input=data, stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL, check=False)
    # Not its status: trailing bytes of a bzImage's payload displease the tool
    # when all of the kernel is already written.
    return done.stdout


PACKINGS = (
    (b"\x1f\x8b", "gzip", gunzip),
    (b"\xfd7zXZ\0", "xz", unxz),
    (b"\x5d\0\0", "lzma", unlzma),
    (b"\x28\xb5\x2f\xfd", "zstd", unzstd),
    (b"\x02\x21\x4c\x18", "lz4", unlz4),
)


def unpacked(data, path, what):
    for magic, name, decode in PACKINGS:
        if data.startswith(magic):
            try:
                plain = decode(data)
            except (zlib.error, lzma.LZMAError, EOFError) as error:
                raise UsageError(f"{path}: {what} is damaged ({name}: {error})") from error
            if not plain.startswith(ELF):
                raise UsageError(f"{path}: {what} ({name}) holds no ELF file")
            return plain
    raise UsageError(f"{path}: {what} is packed in an unknown way (it begins with {data[:4].hex(' ')})")


def bzimage_payload(data, path):
    """The compressed kernel inside a bzImage (Linux boot protocol)."""
    version, = struct.unpack_from("<H", data, 0x206)
    if version < 0x208:
        raise UsageError(f"{path}: a bzImage of boot protocol {version >> 8}.{version & 255}; 2.8 is the least")
    sectors = data[0x1f1] or 4
    offset, length = struct.unpack_from("<II", data, 0x248)
    start = (sectors + 1) * 512 + offset
    payload = data[start:start + length]
    if not length or len(payload) != length:
        raise UsageError(f"{path}: a bzImage cut short: {length} bytes of kernel are announced, {len(payload)} there")
    if payload.startswith(ELF):
        return payload
    plain = unpacked(payload, path, "the kernel in this bzImage")
    expected, = struct.unpack_from("<I", payload, length - 4)
    if len(plain) != expected:
        raise UsageError(f"{path}: the kernel in this bzImage unpacks to {len(plain)} bytes instead of {expected}")
    return plain


def unwrap(data, path):
    """The ELF file in `data`; `path` is named in messages."""
    if data.startswith(ELF):
        return data
    if len(data) > 0x250 and data[0x202:0x206] == b"HdrS":
        return bzimage_payload(data, path)
    if any(data.startswith(magic) for magic, _, _ in PACKINGS):
        return unpacked(data, path, "this file")
    raise UsageError(f"{path}: neither an ELF file nor a bzImage (it begins with {data[:4].hex(' ')})")
