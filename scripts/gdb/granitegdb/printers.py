# SPDX-License-Identifier: MIT
"""How values print by themselves."""
import gdb
import gdb.printing

from .machine import mfn_of
from .values import bare, enumerator, number, text

TYPES = ("none", "l1", "l2", "l3", "l4", "segdesc", "writable", "shared")
CHANNELS = ("free", "unbound", "interdomain", "pirq", "virq", "ipi")
FLAGS = {27: "pinned", 26: "validated", 25: "partial", 24: "locked"}
DECIMAL = {"DomIdTag": "d{}", "VcpuIdTag": "v{}", "CpuIdTag": "cpu {}", "EvtchnPortTag": "port {}",
           "GrantRefTag": "gref {}", "GrantHandleTag": "handle {}"}
HEXADECIMAL = {"MfnTag": "mfn", "PfnTag": "pfn", "MaddrTag": "maddr", "VaddrTag": "vaddr"}


class Words:
    """A printer that is a function from value to text."""

    def __init__(self, value, words):
        self._value, self._words = value, words

    def to_string(self):
        return self._words(self._value)


def strong(value):
    tag = str(value.type.strip_typedefs()).split("<")[1].split(",")[0].rstrip(">").strip()
    raw = number(value)
    if tag in DECIMAL:
        return DECIMAL[tag].format(raw)
    return f"{HEXADECIMAL.get(tag, tag)} {raw:#x}"


def atomic(value):
    return str(bare(value))


def owner_of(record):
    owner = bare(record["owner"])
    return f"d{number(owner['id'])}" if owner else "granite" if number(record["refs"]) else "nobody"


def page_info(record):
    word, refs = number(record["type_word"]), number(record["refs"])
    flags = "".join(f" {name}" for bit, name in FLAGS.items() if word >> bit & 1)
    return (f"frame {mfn_of(record.address):#x} of {owner_of(record)}: {refs & 0x7fffffff} references, "
            f"{TYPES[word >> 28 & 7]} {word & 0xffffff} times{flags}")


def domain(value):
    pages = value["memory"]["pages"]["value_"]
    return (f"d{number(value['id'])} {text(value['name'])}: {enumerator(value['life'])}, {int(value['vcpu_limit'])} vcpus, "
            f"{int(pages['count'])} of {int(value['memory']['max_pages'])} pages, {number(value['refs'])} references")


def vcpu(value):
    unit = value["sched"]
    return (f"d{number(value['domain']['id'])}v{number(value['id'])}: {enumerator(unit['state'])}, "
            f"cpu {number(unit['cpu'])}{'' if number(unit['up']) else ', not up'}")


def grant(entry):
    counts = [int(n) for n in (entry["pins"]["counts_"]["_M_elems"][i] for i in range(4))]
    uses = ", ".join(f"{name} {n}" for name, n in zip(("host read", "host write", "device read", "device write"), counts) if n)
    return f"mfn {number(entry['frame']):#x} used by d{number(entry['user'])}: {uses}" if uses else "not in use"


def map_record(record):
    if not record["in_use"]:
        return "free"
    words = [word for word in ("host", "device", "readonly", "busy") if record[word]]
    return f"gref {number(record['ref'])} of d{number(record['granter'].dereference()['id'])}: {', '.join(words)}"


def channel(value):
    state = CHANNELS[number(value["state"])]
    if state == "interdomain":
        return f"interdomain to d{number(value['peer_id'])} port {int(value['number'])}, vcpu {number(value['vcpu'])}"
    if state == "unbound":
        return f"unbound, for d{number(value['peer_id'])}"
    return f"{state} {int(value['number'])}, vcpu {number(value['vcpu'])}" if state != "free" else state


def register():
    printers = gdb.printing.RegexpCollectionPrettyPrinter("granite")
    for name, pattern, words in (
            ("number", r"^(Strong|Steps)<", strong), ("atomic", r"^std::atomic<", atomic),
            ("PageInfo", r"^PageInfo$", page_info), ("Domain", r"^Domain$", domain), ("Vcpu", r"^Vcpu$", vcpu),
            ("ActiveEntry", r"^grant::ActiveEntry$", grant), ("MapRecord", r"^MapRecord$", map_record),
            ("Channel", r"^Channel$", channel)):
        printers.add_printer(name, pattern, lambda value, words=words: Words(value, words))
    gdb.printing.register_pretty_printer(gdb.current_objfile(), printers, replace=True)
