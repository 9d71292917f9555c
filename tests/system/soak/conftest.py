# SPDX-License-Identifier: MIT
"""How long the soak tests take, by the environment."""
import os

import pytest


@pytest.fixture
def rounds():
    return int(os.environ.get("ROUNDS", "50"))


@pytest.fixture
def cycles():
    """Of creating and destroying a guest."""
    return int(os.environ.get("CYCLES", "10000"))


@pytest.fixture
def stress_minutes():
    return float(os.environ.get("MINUTES", "10"))


@pytest.fixture
def transfer_seconds():
    """A minute, or less where less is asked for."""
    return min(60, int(60 * float(os.environ.get("MINUTES", "1"))))


@pytest.fixture
def mode_changes(rounds):
    return 20 * rounds


@pytest.fixture
def kills(rounds):
    return 20 * rounds
