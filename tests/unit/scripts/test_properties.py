# SPDX-License-Identifier: MIT
"""A property whose answer nobody looks at holds whatever the code does."""
import re

from conftest import ROOT

UNHEARD = re.compile(r"^\s*rc::check\(", re.MULTILINE)


def test_every_property_is_asserted():
    sources = sorted((ROOT / "tests").rglob("*.cpp"))
    assert any("CHECK(rc::check(" in source.read_text() for source in sources)
    assert [str(source) for source in sources if UNHEARD.search(source.read_text())] == []
