# SPDX-License-Identifier: MIT
"""Grants, mappings, event channels and rings of one domain."""
import gdb

from .machine import DIRECT_MAP, PAGE_SIZE
from .printers import channel as channel_words, grant as grant_words, map_record
from .values import bare, elements, length, memory, number


def in_frames(frames, count):
    """(index, element) of a table that lies in frames."""
    per_frame = PAGE_SIZE // frames[0].type.target().sizeof
    for i in range(count):
        yield i, frames[i // per_frame][i % per_frame]


def active_grants(domain):
    table = domain["grants"]["value_"]
    # As many as fit into the frames of the table that the guest sees.
    return in_frames(elements(table["active_"]), int(table["frames_"]) * (PAGE_SIZE // 8))


def grants(domain):
    used = 0
    for ref, entry in active_grants(domain):
        if any(int(elements(entry["pins"]["counts_"])[i]) for i in range(4)):
            print(f"gref {ref}: {grant_words(entry)}")
            used += 1
    print(f"{used} grants of d{number(domain['id'])} are in use")


def maptrack(domain):
    table = domain["maptrack"]["value_"]
    for handle, record in in_frames(elements(table["frames_at_"]), int(table["capacity_"])):
        if record["in_use"]:
            print(f"handle {handle}: {map_record(record)}")
    print(f"d{number(domain['id'])} has mapped {int(table['in_use_'])} grants")


def channels(domain):
    buckets = elements(domain["channels"]["buckets_"])
    for b in range(length(buckets)):
        bucket = bare(buckets[b])
        if not bucket:
            continue
        per_bucket = PAGE_SIZE // bucket.type.target().sizeof
        for i in range(per_bucket):
            words = channel_words(bucket[i])
            if words != "free":
                print(f"port {b * per_bucket + i}: {words}")


def ring(domain, ref):
    """What both sides share begins with four indices, see public/io/ring.h."""
    entry = dict(active_grants(domain)).get(ref)
    frame = number(entry["frame"]) if entry is not None else 0
    if not frame:
        raise gdb.GdbError(f"d{number(domain['id'])} has granted nothing as {ref} that is in use")
    head = memory(DIRECT_MAP + frame * PAGE_SIZE, 16)
    asked, asked_event, answered, answered_event = (int.from_bytes(head[i:i + 4], "little") for i in range(0, 16, 4))
    print(f"ring in frame {frame:#x}: {asked} requests (event at {asked_event}), {answered} responses "
          f"(event at {answered_event}), {(asked - answered) % 2**32} with the backend")
