# SPDX-License-Identifier: MIT
"""Rows of invariants and the tests that name them."""
import importlib.machinery
import importlib.util

import pytest

from conftest import ROOT

LOADER = importlib.machinery.SourceFileLoader("invariants", str(ROOT / "scripts/invariants"))
invariants = importlib.util.module_from_spec(importlib.util.spec_from_loader("invariants", LOADER))
LOADER.exec_module(invariants)

ROWS = """
# a remark
PT-01 | applies | frames have types
D2    | later   | no tables of tables | not yet
"""


@pytest.mark.parametrize("line, names, sentence", [
    ('TEST_CASE("PT-01 a frame has one type") {', ["PT-01"], "a frame has one type"),
    ('TEST_CASE("PT-14 PT-15 two rows") {', ["PT-14", "PT-15"], "two rows"),
    ('FOR_EVERY_CARD("ND-3 a deadline") {', ["ND-3"], "a deadline"),
    ('TEST_CASE(\n    "ND-3 a sentence on a line of its own") {', ["ND-3"], "a sentence on a line of its own"),
])
def test_unit_tests_name_rows_before_their_sentence(line, names, sentence):
    assert list(invariants.named_in(line, invariants.UNIT)) == [(names, sentence)]


@pytest.mark.parametrize("line", [
    "// EX-8: registers stay",
    "    # EX-8, CP-6: registers stay",
    '"""EX-8 registers stay."""',
    "/* EX-8: registers stay */",
])
def test_other_tests_name_rows_in_front_of_a_remark(line):
    (names, sentence), = invariants.named_in(line, invariants.OTHER)
    assert names[0] == "EX-8" and sentence == "registers stay"


@pytest.mark.parametrize("line", ["// as EX-8 says", "TEST_CASE(\"a sentence on EX-8\")"])
def test_a_row_named_elsewhere_is_not_covered_by_that(line):
    assert not list(invariants.named_in(line, invariants.UNIT))
    assert all(names != ["EX-8"] for names, _ in invariants.named_in(line, invariants.OTHER))


@pytest.mark.parametrize("line", ["PT-01 | maybe | text", "PT-01 | applies", "PT-01 | later | without a reason",
                                  "PT-01 | applies | text | a reason", "one | applies | text", ROWS + "D2 | applies | again"])
def test_a_wrong_line_is_told(line):
    with pytest.raises(ValueError):
        invariants.read_rows(line)


def test_what_applies_needs_a_test_and_what_a_test_names_a_row():
    rows = invariants.read_rows(ROWS)
    test = invariants.Test("unit", "tests/unit/x.cpp", "a sentence")
    assert not list(invariants.complaints(rows, {"PT-01": [test]}))
    assert [c.split()[0] for c in invariants.complaints(rows, {})] == ["PT-01"]
    assert len(list(invariants.complaints(rows, {"PT-01": [test], "XX-9": [test]}))) == 1
