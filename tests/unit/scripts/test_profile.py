# SPDX-License-Identifier: MIT
"""Samples become a table by function."""
from granitelib import profile, xlcfg
from granitelib.symbols import Symbols

ROWS = [{"who": "d1", "samples": 5}, {"who": "granite", "samples": 3},
        {"who": "granite", "samples": 3, "address": "0x9000", "function": "dispatch(Vcpu&)"},
        {"who": "d1", "samples": 2, "address": "0x1004", "function": "-"},
        {"who": "d1", "samples": 1, "address": "0x1ff8", "function": "-"},
        {"who": "d1", "samples": 1, "address": "0x2000", "function": "-"}]
GUEST = Symbols([(0x1000, "serve"), (0x2000, "wait")])


def test_places_of_one_function_are_summed_and_nothing_is_lost():
    owners, found = profile.by_function(ROWS, lambda who: GUEST)
    assert owners == {"d1": 5, "granite": 3}
    assert found == {("granite", "dispatch(Vcpu&)"): 3, ("d1", "serve"): 3, ("d1", "wait"): 1, ("d1", "(elsewhere)"): 1}


def test_the_table_begins_with_the_sums_and_names_the_dearest_functions():
    lines = profile.table(*profile.by_function(ROWS, lambda who: GUEST), most=2)
    assert [line.split() for line in lines] == [
        ["WHO", "SAMPLES", "SHARE", "FUNCTION"], ["d1", "5", "62.5%", "(all)"], ["granite", "3", "37.5%", "(all)"],
        ["granite", "3", "37.5%", "dispatch(Vcpu&)"], ["d1", "3", "37.5%", "serve"]]


def test_only_the_table_is_made_here():
    assert profile.asked_for(["prof"]) and profile.asked_for(["prof", "10"])
    assert not profile.asked_for(["prof", "on"]) and not profile.asked_for(["domains"])


def test_images_are_found_beside_the_serial_socket(tmp_path):
    cfg = tmp_path / "web.cfg"
    cfg.write_text('name = "web"\nkernel = "there/web.elf"\n')
    profile.note_images(tmp_path, [xlcfg.read(cfg)])
    link = tmp_path / "link.sock"
    link.symlink_to(tmp_path / "serial.sock")
    assert profile.noted_images(link)["web"] == str(tmp_path / "there" / "web.elf")
    assert profile.noted_images(tmp_path / "elsewhere" / "serial.sock") == {}
