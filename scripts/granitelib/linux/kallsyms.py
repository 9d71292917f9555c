# SPDX-License-Identifier: MIT
"""The names of functions that a Linux image carries for its own messages
(CONFIG_KALLSYMS), as the stable Linux 6.1 lays them out, each part on a multiple of 8:

    offsets   i32 each; a negative one lies that far above the base, less one
    base      u64
    number    u32
    names     each a length and so many bytes, which stand for tokens
    markers   u32 each: where every 256th name begins
    order     3 bytes for each name
    tokens    256 texts that end in a zero; digits stand for themselves
"""
import struct

DIGITS = b"".join(b"%d\0" % digit for digit in range(10))
NAMES_A_MARKER = 256
MOST_SYMBOLS = 1 << 20


def aligned(position):
    return (position + 7) & ~7


def find_tables(image):
    """(where the number of names is, the number, the tokens)"""
    at = image.find(DIGITS)
    while at >= 0:
        begin = at
        for _ in range(ord("0") + 1):   # the last of these zeroes is not of the tokens
            begin = image.rindex(b"\0", 0, begin)
        begin += 1
        number = find_number(image, begin) if begin == aligned(begin) else None
        if number:
            return *number, image[begin:begin + 65536].split(b"\0")[:256]
        at = image.find(DIGITS, at + 1)
    raise ValueError("this kernel has no table of symbols that can be read")


def find_number(image, tokens_at):
    """(where the number of names is, the number): the one that fits the names and markers behind it."""
    for at in range(tokens_at - 8, 0, -8):
        number, padding = struct.unpack_from("<II", image, at)
        if padding or not NAMES_A_MARKER < number < MOST_SYMBOLS:
            continue
        markers = -(-number // NAMES_A_MARKER)
        markers_at = tokens_at - aligned(3 * number) - aligned(4 * markers)
        if markers_at <= at:
            continue
        first, second = struct.unpack_from("<II", image, markers_at)
        if first == 0 and ends_at(image, at + 8, NAMES_A_MARKER) == at + 8 + second \
                and aligned(ends_at(image, at + 8, number)) == markers_at:
            return at, number
    return None


def length_at(image, at):
    """(length of the name, where its bytes begin)"""
    low = image[at]
    return ((low & 0x7f) | image[at + 1] << 7, at + 2) if low & 0x80 else (low, at + 1)


def ends_at(image, at, number):
    """Where so many names end, or the image."""
    for _ in range(number):
        if at + 1 >= len(image):
            break
        length, begin = length_at(image, at)
        at = begin + length
    return at


def names(image, at, number, tokens):
    for _ in range(number):
        length, begin = length_at(image, at)
        at = begin + length
        yield b"".join(tokens[byte] for byte in image[begin:at]).decode("latin-1")


def symbols(image):
    """(address, name) of each function, sorted."""
    at, number, tokens = find_tables(image)
    base, = struct.unpack_from("<Q", image, at - 8)
    offsets = struct.unpack_from(f"<{number}i", image, at - 8 - aligned(4 * number))
    answer = []
    for offset, name in zip(offsets, names(image, at + 8, number, tokens)):
        if offset < 0 and name[0] in "tTwW":
            answer.append((base - 1 - offset, name[1:]))
    return sorted(answer)
