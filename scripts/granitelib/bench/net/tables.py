# SPDX-License-Identifier: MIT
"""The suite's results as tables for people and for the README: a line for each system."""
from ..table import PEERS, aligned

WORKS = {"rx_1500": "receive 1500", "rx_64": "receive 64", "tcp_rx": "receive TCP", "tx_1500": "send 1500",
         "tx_64": "send 64", "tcp_tx": "send TCP"}
PARTS = {"hypervisor": "hypervisor", "driver_domain": "driver domain", "guest": "guest"}
LOADS = ("25", "50", "75", "90")
COUNTS = {"hypercalls": "hypercalls", "grants_pinned": "grants", "tlb_flushes": "TLB flushes",
          "notifications": "notifications"}


def systems_of(results):
    """{name: {metric: value}} of guests in their modes, then of the peers."""
    answer = {}
    for result in results:
        answer.setdefault(f"{result['guest']}, {result['mode']}", {})[result["metric"]] = result["value"]
    for peer, heading in PEERS.items():
        known = {result["metric"]: result["peer"][peer] for result in results if peer in result["peer"]}
        if known:
            answer[f"linux, {heading}"] = known
    return answer


def shown(value):
    return "-" if value is None else f"{value:,.0f}" if value >= 100 else f"{value:.3f}".rstrip("0").rstrip(".")


def table(title, columns, systems):
    """Of {metric: heading}; nobody's columns and systems without any of them are left out."""
    columns = {metric: heading for metric, heading in columns.items()
               if any(metric in known for known in systems.values())}
    rows = [[name, *(shown(known.get(metric)) for metric in columns)]
            for name, known in systems.items() if known.keys() & columns.keys()]
    if not rows:
        return ""
    rule = [":--", *("--:" for _ in columns)]
    return aligned([[title, *columns.values()], rule, *rows], "| ", " | ", " |")


def overload(systems):
    """Adds what a packet costs over what it does when no more come than are taken."""
    for known in systems.values():
        closed, flooded = (known.get(f"{work}_instructions_per_packet") for work in ("rx_1500", "flood"))
        if closed and flooded:
            known["flood_ratio"] = flooded / closed
        if known.get("flood_sent"):
            known["flood_delivered"] = 1 - known["flood_lost"] / known["flood_sent"]
    return systems


def text(results):
    systems = overload(systems_of(results))
    totals = {f"{work}_instructions_per_packet": heading for work, heading in WORKS.items()}
    tables = [table("instructions a packet", totals | {"echo_instructions_per_round_trip": "echo"}, systems)]
    for work in ("rx_1500", "tx_1500"):
        tables.append(table(f"{WORKS[work]}: who executes", {f"{work}_{part}": heading for part, heading in PARTS.items()},
                            systems))
    for work in ("rx_1500", "tx_1500"):
        tables.append(table(f"{WORKS[work]}: a packet needs",
                            {f"{work}_{what}": heading for what, heading in COUNTS.items()}, systems))
    tables.append(table("flood", {"flood_instructions_per_packet": "instructions a packet received",
                                  "flood_ratio": "of receive 1500", "flood_delivered": "share received",
                                  "flood_lost": "lost", "flood_counted_drops": "counted"}, systems))
    for title, what in (("lost at a load of", "lost"), ("instructions a packet at a load of", "instructions_per_packet")):
        tables.append(table(title, {f"load_{percent}_{what}": f"{percent} %" for percent in LOADS}, systems))
    return "\n".join(filter(None, tables))
