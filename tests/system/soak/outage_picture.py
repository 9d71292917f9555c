# SPDX-License-Identifier: MIT
"""How long outages were, as a picture: a bar for each tenth of a millisecond, as high as they were many."""
from collections import Counter

from granitelib.bench.net.picture import text

STEP_US = 100
LEFT, HEAD, FLOOR, FOOT = 40, 40, 260, 40
COLUMN, BAR = 24, 20
COLOUR = "#e09f3e"


def bar(place, count, scale):
    height = count * scale
    x = LEFT + place * COLUMN
    return [f'<rect x="{x}" y="{FLOOR - height:.1f}" width="{BAR}" height="{height:.1f}" fill="{COLOUR}"/>',
            text(x + BAR / 2, f"{FLOOR - height - 4:.1f}", str(count), 'text-anchor="middle" font-size="10"')]


def draw(outages_us):
    """An SVG document."""
    counts = Counter(us // STEP_US for us in outages_us)
    first, last = min(counts), max(counts)
    scale = (FLOOR - HEAD - 20) / max(counts.values())
    drawn = [text(LEFT, 22, f"{len(outages_us):,} outages, by their length in milliseconds", 'font-weight="bold"')]
    for step in range(first, last + 1):
        if counts[step]:
            drawn += bar(step - first, counts[step], scale)
        if step % 5 == 0 or step == first:
            drawn.append(text(LEFT + (step - first) * COLUMN, FLOOR + 18, f"{step * STEP_US / 1000:.1f}"))
    width, height = 2 * LEFT + (last - first + 1) * COLUMN, FLOOR + FOOT
    return (f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" font-family="sans-serif" font-size="12">\n'
            f'<rect width="{width}" height="{height}" fill="white"/>\n' + "\n".join(drawn) + "\n</svg>\n")
