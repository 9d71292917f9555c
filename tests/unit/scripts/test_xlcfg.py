# SPDX-License-Identifier: MIT
"""xl.cfg as the host tool reads, refuses and rewrites it."""
import pytest

from granitelib import xlcfg
from granitelib.errors import UsageError

LEAST = 'name = "a"\nkernel = "k"\n'


def guest(text):
    return xlcfg.Guest(LEAST + text, "a.cfg")


@pytest.mark.parametrize("text, value", [
    ("memory = 0x20", 32), ("memory = 010", 8), ("memory=16 # comment", 16), ("memory=16; vcpus=1", 16),
])
def test_numbers_are_decimal_octal_or_hexadecimal(text, value):
    assert guest(text).get("memory") == value


@pytest.mark.parametrize("text, value", [
    ("vif = []", []), ("vif = ['mac=1', ]", ["mac=1"]),
    ("vif = ['ip=10.0.2.15 fd00::15,vlan=5,antispoof=no,allow=reply udp:53']",
     ["ip=10.0.2.15 fd00::15,vlan=5,antispoof=no,allow=reply udp:53"]), ("vif = [ 'rate=1',\n\n 'queues=2'\n]", ["rate=1", "queues=2"]),
])
def test_lists_may_span_lines_and_end_in_a_comma(text, value):
    assert guest(text).get("vif") == value


def test_plus_equals_appends():
    assert guest('extra = "a"\nextra += " b"').get("extra") == "a b"
    assert guest('vif = ["mac=1"]\nvif += ["mac=2"]').get("vif") == ["mac=1", "mac=2"]


@pytest.mark.parametrize("text, complaint", [
    ("memroy = 3", "a.cfg:3: unknown key memroy; did you mean `memory`?"),
    ("memory = 'much'", "a.cfg:3: memory must be a number"),
    ("memory = ", "a.cfg:3: a value was expected"),
    ("memory = 09", "a.cfg:3: not an octal number: 09"),
    ("memory 3", "a.cfg:3: '=' was expected after memory"),
    ("\nvif = ['mac=1' 'mac=2']", "a.cfg:4: ',' or ']' was expected"),
    ("vif = ['mca=1']", "a.cfg:3: vif: unknown key mca; did you mean `mac`?"),
    ("vif = [['mac=1']]", "a.cfg:3: vif: each interface is one string"),
    ("vif = [", "a.cfg:3: a value was expected"),
    ("on_crash = 'ignore'", "a.cfg:3: on_crash must be one of destroy, restart, preserve"),
    ("type = 'hvm'", "a.cfg:3: only type=\"pv\" is offered"),
    ("memory = 1 vcpus = 2", "a.cfg:3: a new line was expected after memory's value"),
    ("extra = \"open", "a.cfg:3: cannot be read from here on: \"open"),
])
def test_a_mistake_names_file_line_and_key(text, complaint):
    with pytest.raises(UsageError) as error:
        guest(text)
    assert str(error.value).startswith(complaint)


@pytest.mark.parametrize("key", ["name", "kernel"])
def test_a_guest_needs_name_and_kernel(key):
    text = "".join(line + "\n" for line in LEAST.splitlines() if not line.startswith(key))
    with pytest.raises(UsageError, match=f"has no {key}"):
        xlcfg.Guest(text, "a.cfg")


def test_cmdline_wins_over_root_and_extra():
    assert guest('root = "/dev/xvda"\nextra = "quiet"').command_line == "root=/dev/xvda quiet"
    assert guest('extra = "quiet"\ncmdline = "x"').command_line == "x"


def test_rewriting_a_value_leaves_the_rest_as_it_was():
    before = guest("memory = 16   # small\nextra = 'a'\n")
    after = before.rewritten(extra='say "hi"', kernel="kernel/k")
    assert after.text == 'name = "a"\nkernel = "kernel/k"\nmemory = 16   # small\nextra = "say \\"hi\\""\n'
    assert after.get("extra") == 'say "hi"'


def test_rewriting_adds_what_was_not_there():
    assert xlcfg.Guest('name="a";kernel="k"', "a.cfg").rewritten(extra="x").get("extra") == "x"


def test_a_guest_that_restarts_does_not_end_for_good():
    assert guest("").ends_for_good("poweroff")
    assert not guest("").ends_for_good("reboot")
    assert guest("on_reboot = 'destroy'").ends_for_good("reboot")
    assert not guest("on_crash = 'restart'").ends_for_good("crash")
    assert guest("").ends_for_good("suspend")
