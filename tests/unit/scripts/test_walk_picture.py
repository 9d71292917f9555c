# SPDX-License-Identifier: MIT
"""A walk as a picture."""
import json
import xml.etree.ElementTree

import pytest

from granitelib import walk_picture


def row(station, who, ticks, **more):
    return {"ns": 0, "cpu": "0", "who": who, "station": station, "ticks": ticks, "calls": 0, "copied": 0, "what": "", **more}


ROWS = [row("interrupt", "-", 0, what="vector 48"), row("driver", "d0v0", 500, what="queue 0, descriptor <7>"),
        row("netback", "d0v0", 1500, copied=1514, calls=2), row("netfront", "d7", 90000), row("card", "-", 10)]


class Machine:
    def __init__(self, *objects):
        self.lines = [json.dumps(each) for each in objects]

    def ask(self, command):
        assert command == "walk next web -j"
        return self.lines


def test_each_step_is_a_point_in_the_lane_of_who_did_it_and_later_is_below(tmp_path):
    path = tmp_path / "walk.svg"
    assert len(walk_picture.write(Machine(*ROWS, {"note": "5 ticks & more"}), ["walk", "next", "web"], path)) == 5
    drawn = xml.etree.ElementTree.parse(path).getroot()
    points = [(int(c.get("cx")), int(c.get("cy"))) for c in drawn.iter("{http://www.w3.org/2000/svg}circle")]
    lanes = [walk_picture.LANES.index(lane) for lane in
             ("hypervisor", "driver domain", "driver domain", "guest", "card")]
    assert [x for x, _ in points] == [walk_picture.place(lane) for lane in lanes]
    ys = [y for _, y in points]
    assert ys == sorted(set(ys))
    assert int(drawn.get("width")) > max(int(t.get("x")) + 6 * len(t.text) for t in drawn.iter("{http://www.w3.org/2000/svg}text")
                                         if not t.get("text-anchor"))     # nothing is cut off
    said = " ".join(drawn.itertext())
    assert "descriptor <7>" in said and "1514 bytes copied" in said and "5 ticks & more" in said


def test_a_walk_that_found_no_frame_is_no_picture(tmp_path):
    with pytest.raises(walk_picture.Nothing, match="no frame for d1 came"):
        walk_picture.write(Machine({"error": "no frame for d1 came"}), ["walk", "next", "web"], tmp_path / "x.svg")
    assert not (tmp_path / "x.svg").exists()
