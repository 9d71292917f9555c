# SPDX-License-Identifier: MIT
"""`granite inspect walk next DOM --svg FILE`: the way of one frame, as a picture.

A lane for each that had to do with it, time from above to below: every line of
the answer is a point in the lane of who did it, joined to the one before. Time
is drawn by its logarithm, for a switch of guests takes as long as all else.
"""
import json
import math
from xml.sax.saxutils import escape

from .monitor import refused

COLOURS = {"card": "#3d6b8e", "hypervisor": "#7a3b69", "driver domain": "#e09f3e", "guest": "#4c8577"}
LANES = tuple(COLOURS)
BY_HYPERVISOR = ("interrupt", "run", "upcall", "event")
LEFT, LANE, TOP = 96, 110, 60
CHARACTER = 7             # pixels, of the longest words there are room for
LEAST, MOST = 26, 90      # pixels from a point to the next


class Nothing(Exception):
    """There is nothing to draw; says why."""


def lane_of(row):
    if row["station"] in BY_HYPERVISOR:
        return "hypervisor"
    if row["who"] == "-":
        return "card"
    return "driver domain" if row["who"].startswith("d0") else "guest"


def text(x, y, words, more=""):
    return f'<text x="{x}" y="{y}" {more}>{escape(words)}</text>'


def place(number):
    return LEFT + LANE // 2 + number * LANE


def heights(rows):
    """Where each row is drawn."""
    y, drawn = TOP + LEAST, []
    for row in rows:
        if drawn:
            y += min(MOST, max(LEAST, 8 * math.log2(1 + row["ticks"])))
        drawn.append(round(y))
    return drawn


def details(row):
    costs = [f"{row['calls']} hypercall{'s' * (row['calls'] > 1)}"] if row["calls"] else []
    if row["copied"]:
        costs.append(f"{row['copied']} bytes copied")
    return " · ".join([f"{row['station']} {row['what']}".strip(), *costs])


def label(row):
    return f"{row['who']} {details(row)}"


def point(row, y, before):
    lane = lane_of(row)
    x = place(LANES.index(lane))
    drawn = []
    if before:
        drawn.append(f'<line x1="{before[0]}" y1="{before[1]}" x2="{x}" y2="{y}" stroke="#999"/>')
    drawn += [f'<circle cx="{x}" cy="{y}" r="5" fill="{COLOURS[lane]}"/>',
              text(LEFT - 10, y + 4, f"+{row['ticks']:,}", 'text-anchor="end" fill="#666"'),
              text(place(len(LANES)) - LANE // 2 + 10, y + 4, label(row))]
    return drawn, (x, y)


def lanes(bottom):
    drawn = [text(LEFT - 10, TOP - 22, "ticks", 'text-anchor="end" fill="#666"')]
    for number, name in enumerate(LANES):
        x = place(number)
        drawn += [text(x, TOP - 22, name, f'text-anchor="middle" font-weight="bold" fill="{COLOURS[name]}"'),
                  f'<line x1="{x}" y1="{TOP - 10}" x2="{x}" y2="{bottom}" stroke="#ddd"/>']
    return drawn


def draw(rows, notes):
    """An SVG document."""
    ys = heights(rows)
    bottom = ys[-1] + LEAST
    drawn, before = lanes(bottom), None
    for row, y in zip(rows, ys):
        more, before = point(row, y, before)
        drawn += more
    drawn += [text(LEFT, bottom + 22 + 18 * number, note) for number, note in enumerate(notes)]
    longest = max(len(label(row)) for row in rows)
    width, height = place(len(LANES)) - LANE // 2 + 20 + CHARACTER * longest, bottom + 22 + 18 * len(notes)
    return (f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" font-family="sans-serif" '
            f'font-size="12">\n<rect width="{width}" height="{height}" fill="white"/>\n' + "\n".join(drawn) + "\n</svg>\n")


def write(monitor, words, path):
    """Asks for the walk and draws it; the answer's lines."""
    lines = monitor.ask(" ".join([*words, "-j"]))
    objects = [json.loads(line) for line in lines]
    rows = [each for each in objects if "station" in each]
    if refused(lines) or not rows:
        raise Nothing(next((each["error"] for each in objects if "error" in each), "there is no walk in this answer"))
    path.write_text(draw(rows, [each["note"] for each in objects if "note" in each]))
    return rows
