# SPDX-License-Identifier: MIT
"""Who computes gets its fair share beside three guests that flood, by each way of flooding, in virtual time."""
import pytest

from floods import FLOODS, beside_floods

KINDS = ["timers", "events", "calls", "yields", "timers,events,calls,yields"]
# Long against what sleepers may have saved up, which is 10 ms for each of twelve vcpus.
SPAN = 600      # ms


@pytest.mark.parametrize("kinds", KINDS)
def test_on_one_processor_it_gets_as_much_done(machine, burn, tmp_path, kinds):
    _, done = beside_floods(machine, burn, tmp_path, 1, kinds, SPAN)
    print(f"{kinds}: {done * (1 + FLOODS):.3f} of its share")
    assert done >= 0.9 / (1 + FLOODS)


# Under --icount each of two busy processors goes at an uneven pace: here time counts, and not what is done in it.
@pytest.mark.parametrize("kinds", KINDS)
def test_on_two_processors_it_runs_as_long(machine, burn, tmp_path, kinds):
    ran, _ = beside_floods(machine, burn, tmp_path, 2, kinds, SPAN)
    print(f"{kinds}: {ran * (1 + FLOODS) / 2:.3f} of its share")
    assert ran >= 0.9 * 2 / (1 + FLOODS)
