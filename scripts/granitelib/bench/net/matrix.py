# SPDX-License-Identifier: MIT
"""The suite's results as a table for people: a line for each metric, a column for each system."""
from ..table import PEERS, aligned


def columns(results):
    """{heading: {metric: value}} of guests in their modes, then of the peers."""
    answer = {}
    for result in results:
        answer.setdefault(f"{result['guest']} {result['mode']}", {})[result["metric"]] = result["value"]
    for peer, heading in PEERS.items():
        known = {result["metric"]: result["peer"][peer] for result in results if peer in result["peer"]}
        if known:
            answer[heading] = known
    return answer


def shown(value):
    return "-" if value is None else f"{value:,.0f}" if value >= 100 else f"{value:.3f}".rstrip("0").rstrip(".")


def matrix(results):
    own = columns(results)
    metrics = list(dict.fromkeys(result["metric"] for result in results))
    return aligned([["metric", *own], *([metric, *(shown(column.get(metric)) for column in own.values())]
                                        for metric in metrics)])
