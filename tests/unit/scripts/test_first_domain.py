# SPDX-License-Identifier: MIT
"""What is made of the serial line of a machine that runs to an end."""
from granitelib.first_domain import Transcript, Unfinished


def test_a_machine_is_judged_by_whole_lines():
    asked = []
    transcript = Transcript(asked.append)
    for piece in (b"(d1) guest: ran status=", b"1", b"27\r", b"\n\x01gues", b"t"):
        transcript.feed(piece)
    assert asked == ["(d1) guest: ran status=127\n"]
    assert transcript.text == asked[0]
    assert transcript.all() == asked[0] + "guest"


def test_a_machine_has_ended_for_good():
    transcript = Transcript(lambda text: text.endswith("end\n"))
    transcript.feed(b"the end")
    assert not transcript.ended
    transcript.feed(b"\n")
    assert transcript.ended
    transcript.feed(b"and more\n")
    assert transcript.ended


def test_a_machine_that_stops_early_is_told_by_its_last_words():
    told = str(Unfinished("QEMU ended with status 3", "".join(f"line {number}\n" for number in range(100))))
    assert told.startswith("QEMU ended with status 3\n[40 lines before these]\nline 40\n")
    assert told.endswith("\nline 99")
