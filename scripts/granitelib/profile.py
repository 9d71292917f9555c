# SPDX-License-Identifier: MIT
"""`granite inspect prof`: where the machine spends its time, by function.

The monitor knows the names of its own functions; those of guests come from the
images that they were started from, which `granite run` notes beside the serial
socket.
"""
import collections
import json

from . import paths, symbols
from .bench.table import aligned

IMAGES = "images.json"
DRIVER_DOMAIN = "Domain-0"
ALL_THAT_FIT = 100000
USUAL = 40
IDLE = "idle"


def note_images(folder, guests):
    """For who asks later: {name: image} of all that this machine can start."""
    images = {guest.name: str(guest.path("kernel")) for guest in guests} | {DRIVER_DOMAIN: str(paths.DRIVER_DOMAIN)}
    (folder / IMAGES).write_text(json.dumps(images))


def noted_images(socket):
    try:
        return json.loads((socket.resolve().parent / IMAGES).read_text())
    except OSError:     # started by somebody else
        return {}


def by_function(rows, functions_of):
    """({who: samples}, Counter of (who, function)). `functions_of(who)` has their names."""
    owners, found = {}, collections.Counter()
    for row in rows:
        if "address" not in row:
            owners[row["who"]] = row["samples"]
            continue
        name = row["function"]
        if name == "-" and row["who"] != IDLE:
            name = functions_of(row["who"]).name(int(row["address"], 16))
        found[row["who"], name] += row["samples"]
    for who, samples in owners.items():     # what the answer had no room for
        if rest := samples - sum(count for (its, _), count in found.items() if its == who):
            found[who, "(elsewhere)"] = rest
    return owners, found


def table(owners, found, most):
    whole = sum(owners.values())

    def line(who, samples, name):
        return [who, str(samples), f"{100 * samples / whole:.1f}%", f" {name}"]
    rows = [line(who, samples, "(all)") for who, samples in owners.items()]
    rows += [line(who, samples, name) for (who, name), samples in found.most_common(most)]
    head = ["WHO", "SAMPLES", "SHARE", " FUNCTION"]
    width = max(len(row[-1]) for row in [head, *rows])
    return aligned([[*row[:-1], row[-1].ljust(width)] for row in [head, *rows]]).splitlines()


def names(domains, images):
    """The function that finds a domain's functions, by rows of `domains`."""
    names_of = {f"d{row['id']}": row["name"] for row in domains}
    nothing = symbols.Symbols([])

    def functions_of(who):
        image = images.get(names_of.get(who))
        return symbols.of_guest(image) if image else nothing
    return functions_of


def lines(monitor, socket, words):
    """The monitor's answer to `prof [PLACES]`, with names and summed by function."""
    answer = monitor.ask(f"prof {ALL_THAT_FIT} -j")
    rows = [row for line in answer if "who" in (row := json.loads(line))]
    if not rows:
        return monitor.ask(" ".join(words))
    domains = [row for line in monitor.ask("domains -j") if "id" in (row := json.loads(line))]
    owners, found = by_function(rows, names(domains, noted_images(socket)))
    return [line.rstrip() for line in table(owners, found, int(words[1]) if len(words) > 1 else USUAL)]


def asked_for(words):
    """Whether the words ask for the table, which is then made here."""
    return words[0] == "prof" and all(word.isdecimal() for word in words[1:])
