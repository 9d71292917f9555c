# SPDX-License-Identifier: MIT
"""Every command of the monitor on a live machine, for people and for programs.

What rows of an answer look like is said in kernel/monitor/schema.json; a command without a line there fails."""
import json
import pathlib

import jsonschema
import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
SCHEMA = json.loads((ROOT / "kernel/monitor/schema.json").read_text())
ROWS = jsonschema.Draft202012Validator(SCHEMA)

# What to ask, where the bare command asks for more, or for something else.
ASKED = {
    "regs": ["regs", "regs 0 0"],
    "prof": ["prof on", "prof", "prof off"],
    "trace": ["trace on", "trace 5", "trace off"],
    "stretches": ["stretches on", "stretches", "stretches off"],
    "frames": ["frames", "frames {granted}"],
    "pt": ["pt 0 0x400000", "pt web 0x400000 -v", "pt 0 0x123456789000"],
    "ptdump": ["ptdump 0 0x400000 0x500000", "ptdump 0 0x400000 0x500000 -v"],
    "ptentries": ["ptentries 0", "ptentries 0 1 0x400000"],
    "grants": ["grants", "grants web"],
    "walk": [],     # waits for traffic: test_trace.py
    "panic": [],    # has tests of its own: it ends the machine
}
WITHOUT_ROWS = {"audit", "freeze", "thaw", "runq", "stretches",  # an idle machine in order has none,
                "failalloc", "failirq", "kill",                  # these are refused without faults=on,
                "failheap"}                                      # and this in a driver domain without refuse=


@pytest.fixture(scope="module")
def session(shared_machine):
    return shared_machine("--nic", "igb", ROOT / "guest-pv/apps/web/web.cfg").wait_ready(r"\(d1\) [^\n]*listening")


def ask(session, line):
    """The answer; sampling may just have begun, and then has nothing to show yet."""
    while "there are no samples" in "\n".join(answer := session.ask(line)):
        pass
    return answer


def rows(session, line):
    """The rows of an answer, each of its lines checked against the schema."""
    lines = [json.loads(text) for text in ask(session, line + " -j")]
    command = line.split()[0]
    for row in lines:
        ROWS.validate({command: row})
    assert [row["t"] for row in lines if "t" in row] == ["begin", "end"]
    return [row for row in lines if not row.keys() & {"t", "note", "error"}]


@pytest.fixture(scope="module")
def answers(session):
    """{line: its rows} of everything that can be asked."""
    granted = rows(session, "maptrack 0")[0]["mfn"]
    commands = [row["command"] for row in rows(session, "help")]
    lines = [line.format(granted=granted) for command in commands for line in ASKED.get(command, [command])]
    return {line: rows(session, line) for line in lines}


def test_the_schema_names_the_commands_that_help_lists(session):
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    assert [row["command"] for row in rows(session, "help")] == list(SCHEMA["properties"])


def test_every_command_answers_programs_as_the_schema_says(answers):
    for line, found in answers.items():
        assert found or line in WITHOUT_ROWS or line.endswith((" on", " off")), line


def test_every_command_answers_people_with_the_same_columns(session, answers):
    for line, found in answers.items():
        text = ask(session, line)
        words = {word.lower() for shown in text for word in shown.split()}
        assert text and {key for row in found for key in row} <= words, line


def test_a_mistake_is_answered_with_a_hint(session):
    hints = {"domans": "did you mean 'domains'", "help domans": "did you mean 'domains'",
             "grants nobody": "('domains' lists them)", "pt 0": "'pt DOM VA'", "frames x": "not a frame number",
             "ptdump": "by its number or its name", "trace many": "how many events"}
    for line, hint in hints.items():
        [refusal] = [text for text in session.ask(line) if text.startswith("error: ")]
        assert hint in refusal, line


def test_a_granted_frame_is_followed_to_both_ends(session):
    """From the handle of the driver domain to the guest's grant, and from the frame to both and to both addresses."""
    handle = next(row for row in rows(session, "maptrack 0") if row["host"])
    [grant] = [row for row in rows(session, "grants web") if row["ref"] == handle["ref"]]
    assert grant["mapped_by"].startswith(f"d0 handle {handle['handle']}") and grant["mfn"] == handle["mfn"]
    holders = [(row["holder"], row["by"], row["va"]) for row in rows(session, f"frames {handle['mfn']}") if "holder" in row]
    assert ("d1", f"grant {handle['ref']} to d0", "-") in holders
    assert ("d0", f"handle {handle['handle']} on d1 grant {handle['ref']}", "-") in holders
    assert {holder for holder, _, va in holders if va != "-"} == {"d0", "d1"}
