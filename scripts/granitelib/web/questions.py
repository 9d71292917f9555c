# SPDX-License-Identifier: MIT
"""Which commands the page may have asked: those that only read, and a few that act."""
import re

LONGEST = 100
NUMBER = r"(?:0x[0-9a-f]{1,16}|[0-9]{1,20})"
DOMAIN = r"d?[0-9]{1,5}"

READING = re.compile("|".join((
    "domains", "vcpus", "cpus", "links", "queues", "version",
    rf"frames(?: {NUMBER})?",
    rf"ptentries {DOMAIN}(?: [1-4] {NUMBER})?",
    rf"(?:grants|maptrack|evtchn) {DOMAIN}",
)))
ACTING = re.compile(rf"prof (?:on|off)|walk next {DOMAIN} (?:rx|tx)")


def only_reads(command):
    return len(command) <= LONGEST and READING.fullmatch(command) is not None


def may_act(command):
    return len(command) <= LONGEST and ACTING.fullmatch(command) is not None
