# SPDX-License-Identifier: MIT
"""Benchmarks count instructions: their digits are a property of the build."""
import json

from granitelib.errors import Exit


def test_two_runs_print_the_same_digits(granite, tmp_path):
    files = [tmp_path / "first.json", tmp_path / "second.json"]
    runs = [granite("bench", "micro", "--json", file) for file in files]
    assert [run.returncode for run in runs] == [Exit.OK, Exit.OK], runs[0].stderr + runs[1].stderr
    assert runs[0].stdout == runs[1].stdout
    results = [json.loads(file.read_text()) for file in files]
    assert results[0] == results[1]
    assert {"null_hypercall", "grant_map_unmap"} <= {result["metric"] for result in results[0]}


def test_a_suite_that_is_not_there_is_refused(granite):
    done = granite("bench", "density")
    assert done.returncode == Exit.USAGE
    assert "invalid choice: 'density'" in done.stderr
