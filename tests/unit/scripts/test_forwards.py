# SPDX-License-Identifier: MIT
"""Ports of the host that lead to guests."""
import socket

import pytest

from granitelib import xlcfg
from granitelib.errors import UsageError
from granitelib.forwards import Forward, assign_addresses


def guest(name, text=""):
    return xlcfg.Guest(f'name = "{name}"\nkernel = "k"\n{text}', "g.cfg")


@pytest.fixture
def port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.mark.parametrize("text", ["", "80", "80:web", "x:web:80", "80:web:0", "80::80", "70000:web:80", "1:a:2:3"])
def test_a_forward_has_three_parts(text):
    with pytest.raises(UsageError, match="HOST:GUEST:PORT"):
        Forward.parse(text)


def test_a_named_guest_gets_a_fixed_address(port):
    rules, guests = assign_addresses([Forward(port, "web", 80)], [guest("web", 'extra = "quiet"')])
    assert rules == [f"tcp:127.0.0.1:{port}-10.0.2.20:80"]
    assert guests[0].command_line == "quiet ip=10.0.2.20/24 gateway=10.0.2.2"


def test_an_address_of_its_own_is_kept(port):
    rules, guests = assign_addresses([Forward(port, "web", 80)], [guest("web", 'extra = "ip=10.0.2.77/24"')])
    assert rules == [f"tcp:127.0.0.1:{port}-10.0.2.77:80"]
    assert guests[0].command_line == "ip=10.0.2.77/24"


def test_an_unknown_guest_is_refused(port):
    with pytest.raises(UsageError, match="names wbe"):
        assign_addresses([Forward(port, "wbe", 80)], [guest("web")])


def test_a_port_in_use_is_refused():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        with pytest.raises(UsageError, match="Address already in use"):
            assign_addresses([Forward(other.getsockname()[1], "10.0.2.15", 80)], [])
