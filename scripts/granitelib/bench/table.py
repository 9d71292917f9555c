# SPDX-License-Identifier: MIT
"""Results as a table for people."""

PEERS = {"bare": "bare", "xen": "Xen"}


def ratio(result):
    """What the work costs here over what it costs on Xen; where it is known
    without a hypervisor too, of what either hypervisor adds to that."""
    xen, bare = result["peer"].get("xen"), result["peer"].get("bare", 0)
    return f"{(result['value'] - bare) / (xen - bare):.2f}" if xen and xen != bare else "-"


def aligned(rows, begin="", between="  ", end=""):
    """Lines of text, columns of numbers flush right."""
    widths = [max(map(len, column)) for column in zip(*rows)]
    return "".join(begin + between.join([cells[0].ljust(widths[0]), *map(str.rjust, cells[1:], widths[1:])]) + end + "\n"
                   for cells in rows)


def table(results):
    """A line for each result below the names of the columns, with those peers that any of them knows."""
    peers = [peer for peer in PEERS if any(peer in result["peer"] for result in results)]
    head = ["metric", "Granite", *(PEERS[peer] for peer in peers)]
    rows = [[f"{result['metric']} {result['mode']}".rstrip(), str(result["value"]), *(str(result["peer"].get(peer, "-")) for peer in peers)]
            for result in results]
    if "xen" in peers:
        head.append("added, of Xen's" if "bare" in peers else "Granite/Xen")
        rows = [[*cells, ratio(result)] for cells, result in zip(rows, results)]
    return aligned([head, *rows])
