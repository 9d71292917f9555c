# SPDX-License-Identifier: MIT
"""The figures as a picture: for each work a bar per system, stacked by who executed."""
from xml.sax.saxutils import escape

COLOURS = {"hypervisor": "#7a3b69", "driver domain": "#e09f3e", "guest": "#4c8577"}
HEAD, ROW, GAP = 54, 18, 14
LABEL, BAR, END = 190, 560, 90
TITLES = {"rx_1500": "receive, 1500 bytes", "rx_64": "receive, 64 bytes", "tx_1500": "send, 1500 bytes",
          "tx_64": "send, 64 bytes", "tcp_rx": "receive, bulk TCP", "tcp_tx": "send, bulk TCP", "echo": "echo, round trip",
          "flood": "receive, flooded"}


def text(x, y, words, more=""):
    return f'<text x="{x}" y="{y}" {more}>{escape(words)}</text>'


def label(one):
    names = {"xen": "Linux, Xen 4.17", "bare": "Linux, alone"}
    return names[one.system.peer] if one.system.peer else f"{one.system.guest}, {one.mode}"


def bar(one, y, scale):
    drawn, x = [text(LABEL - 8, y + 13, label(one), 'text-anchor="end"')], LABEL
    for part, value in one.parts.items():
        width = value * scale
        drawn.append(f'<rect x="{x:.1f}" y="{y}" width="{width:.1f}" height="{ROW - 4}" fill="{COLOURS[part]}"/>')
        x += width
    return drawn + [text(f"{x + 6:.1f}", y + 13, f"{one.total:,.0f}")]


def legend():
    drawn, x = [], LABEL
    for part, colour in COLOURS.items():
        drawn += [f'<rect x="{x}" y="14" width="14" height="14" fill="{colour}"/>', text(x + 20, 26, part)]
        x += 130
    return drawn


def draw(rows):
    """An SVG document. Each work has a scale of its own."""
    drawn, y = legend(), HEAD
    for name, title in TITLES.items():
        its_own = [one for one in rows if one.record.name == name]
        if not its_own:
            continue
        drawn.append(text(8, y + 10, f"{title}: instructions per {its_own[0].unit.replace('_', ' ')}", 'font-weight="bold"'))
        y += ROW
        scale = BAR / max(max(one.total for one in its_own), 1)
        for one in its_own:
            drawn += bar(one, y, scale)
            y += ROW
        y += GAP
    width = LABEL + BAR + END
    return (f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{y}" font-family="sans-serif" font-size="12">\n'
            f'<rect width="{width}" height="{y}" fill="white"/>\n' + "\n".join(drawn) + "\n</svg>\n")
