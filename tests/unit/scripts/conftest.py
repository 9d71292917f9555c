# SPDX-License-Identifier: MIT
"""Tests of the host tool's parts: no machine, no network."""
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent.parent
sys.path.insert(0, str(ROOT / "scripts"))
