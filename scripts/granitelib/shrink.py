# SPDX-License-Identifier: MIT
"""Which of many steps does it take? Leaves out what it can of a failing sequence.

The usual way (Zeller's ddmin): halves, quarters and so on are left out, each time that
what remains still fails. The result fails, and does not without any single one of its steps.
"""


def as_ranges(steps):
    """[1, 2, 3, 7] -> "1-3,7" """
    ranges = []
    for step in steps:
        if ranges and ranges[-1][1] + 1 == step:
            ranges[-1][1] = step
        else:
            ranges.append([step, step])
    return ",".join(str(first) if first == last else f"{first}-{last}" for first, last in ranges)


def from_ranges(text):
    """The steps of such a list, ascending."""
    steps = []
    for part in text.split(","):
        first, _, last = part.partition("-")
        steps += range(int(first), int(last or first) + 1)
    return steps


def _chunks(steps, parts):
    size = -(-len(steps) // parts)
    return [steps[at:at + size] for at in range(0, len(steps), size)]


def shrink(steps, fails):
    """The fewest of `steps` found with which `fails(steps)` still holds; it must hold with all of them."""
    parts = 2
    while len(steps) > 1:
        for chunk in _chunks(steps, parts):
            left_out = set(chunk)
            rest = [step for step in steps if step not in left_out]
            if rest and fails(rest):
                steps, parts = rest, max(parts - 1, 2)
                break
        else:
            if parts >= len(steps):
                break
            parts = min(2 * parts, len(steps))
    return steps
