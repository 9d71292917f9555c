# SPDX-License-Identifier: MIT
"""A person sees the line as if no program had asked."""
import pytest

from granitelib.asides import Asides

STREAM = b"granite> xl\xfe1 ID NAME\r\n li\xfe1\r\nst\r\n\xfe2 audit: ok\r\n(GR) news\r\n"


@pytest.mark.parametrize("size", [1, 7, len(STREAM)])
def test_what_is_shown_has_no_gap_where_an_aside_was(size):
    shown, heard = [], []
    asides = Asides(shown.append, heard.append)
    for at in range(0, len(STREAM), size):
        asides.feed(STREAM[at:at + size])
    assert b"".join(shown) == b"granite> xl list\r\n(GR) news\r\n"
    assert heard == ["1 ID NAME", "1", "2 audit: ok"]
