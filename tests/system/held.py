# SPDX-License-Identifier: MIT
"""What guests could leave behind in a machine."""
import json


def heap(session):
    """The driver domain's own memory."""
    return next(row for row in map(json.loads, session.ask("heap -j")) if "left" in row)


def held(session, grows=True):
    """Frames, grants mapped, channels, nodes, domains. `grows`: the table of what the driver domain has mapped may
    still, and is kept."""
    domains = [json.loads(line) for line in session.ask("domains -j")]
    driver = next(row for row in domains if row.get("id") == 0)
    kept = session.frames_for_handles() if grows else 0
    return {"frames": session.free_frames() + kept, "mapped": driver["mapped"],
            "channels": driver["channels"], "nodes": len(session.shell_lines("xenstore-ls")),
            "domains": sorted(session.domains())}
