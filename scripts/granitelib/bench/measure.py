# SPDX-License-Identifier: MIT
"""One machine that counts instructions, and the figures its guest prints.

A guest prints `WORD NAME VALUE` for each figure, and `WORD done`.
"""
import dataclasses
import re

from .. import first_domain
from ..errors import UsageError


def lines(pattern, speaker):
    return re.compile(rf"^(?:\({speaker}\) )?{pattern}$", re.MULTILINE)


def figures(output, word, speaker):
    """{metric: instructions}, from lines with or without the speaker's prefix."""
    if not lines(f"{word} done", speaker).search(output):
        raise first_domain.Unfinished("the guest of the benchmark did not come to its end", output)
    return {metric: int(value) for metric, value in lines(rf"{word} (\w+) (\d+)", speaker).findall(output)}


def measure(plan, hardware, word, speaker):
    for image in (plan.kernel, *(module.path for module in plan.modules)):
        if not image.exists():
            raise UsageError(f"{image} is not there; `make` builds the guest, `scripts/setup` unpacks Xen")
    # The same CPU below both hypervisors: their choices by feature are the same.
    hardware = dataclasses.replace(hardware, icount=True, cpu_model="Nehalem")
    done = lines(f"{word} done", speaker)
    return figures(first_domain.boot(plan, hardware, lambda text: done.search(text) or first_domain.PANIC.search(text)),
                   word, speaker)


def results(suite, guest, own, peers, mode=""):
    """What a suite answers with: `own` figures, and those of {peer: figures} with the same names."""
    return [{"suite": suite, "metric": metric, "guest": guest, "mode": mode, "value": value, "unit": "instructions",
             "peer": {peer: theirs[metric] for peer, theirs in peers.items() if metric in theirs}}
            for metric, value in own.items()]
