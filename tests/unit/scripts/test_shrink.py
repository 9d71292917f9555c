# SPDX-License-Identifier: MIT
"""The fewest of many steps that still fail are found."""
import random

import pytest

from granitelib.shrink import as_ranges, from_ranges, shrink


@pytest.mark.parametrize("steps, text", [([], ""), ([4], "4"), ([1, 2, 3, 7], "1-3,7"), ([0, 2, 3], "0,2-3")])
def test_steps_are_written_as_ranges(steps, text):
    assert as_ranges(steps) == text
    assert not text or from_ranges(text) == steps


@pytest.mark.parametrize("needed", [{0}, {1999}, {3, 1000}, {5, 6, 7, 1500}, set(range(0, 2000, 250))])
def test_just_the_steps_that_it_takes_remain(needed):
    runs = []

    def fails(steps):
        runs.append(steps)
        return needed <= set(steps)
    assert shrink(list(range(2000)), fails) == sorted(needed)
    assert len(runs) < 400


def test_when_one_of_several_is_enough_one_remains():
    assert len(shrink(list(range(100)), lambda steps: any(step % 10 == 3 for step in steps))) == 1


def test_what_remains_fails_and_no_single_step_of_it_can_go():
    numbers = random.Random(1)
    for _ in range(20):
        weights = [numbers.randrange(10) for _ in range(60)]

        def fails(steps, weights=weights):
            return sum(weights[step] for step in steps) > 50
        left = shrink(list(range(60)), fails)
        assert fails(left)
        assert not any(fails([other for other in left if other != step]) for step in left)
