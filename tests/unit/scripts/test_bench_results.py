# SPDX-License-Identifier: MIT
"""What a benchmark's output becomes: figures, table, result file."""
import json

import pytest

from granitelib import bench, cli, first_domain
from granitelib.bench.measure import figures
from granitelib.first_domain import Unfinished
from granitelib.bench.table import table
from granitelib.errors import Exit

ON_GRANITE = "(GR) Granite\n(d0) micro null_hypercall 200\n(d0) micro only_here 7\n(d0) micro done\n"
ON_XEN = "(XEN) Freed\nmicro null_hypercall 400\nmicro done\n"


@pytest.fixture
def outputs(monkeypatch, tmp_path):
    """The machines' places are taken by texts, by name of the hypervisor's image."""
    texts = {"granite32.elf": ON_GRANITE, "xen.elf": ON_XEN}
    monkeypatch.setattr(bench.paths, "BUILD", tmp_path)
    for module, name in ((bench.micro, "GUEST"), (bench.paths, "HYPERVISOR_32"), (bench.paths, "ORACLE")):
        image = tmp_path / getattr(module, name).name
        image.touch()
        monkeypatch.setattr(module, name, image)
    monkeypatch.setattr(bench, "SUITES", {"micro": bench.micro.suite})
    monkeypatch.setattr(bench.micro, "MODES", [""])
    monkeypatch.setattr(first_domain, "boot", lambda plan, hardware, ended: texts[plan.kernel.name])
    return texts


def result(metric, value, peer, mode=""):
    return {"suite": "micro", "metric": metric, "guest": "kit", "mode": mode, "value": value,
            "unit": "instructions", "peer": peer}


def test_figures_are_read_with_and_without_the_prefix_of_a_speaker():
    assert figures(ON_GRANITE, "micro", "d0") == {"null_hypercall": 200, "only_here": 7}
    assert figures(ON_XEN, "micro", "d0") == {"null_hypercall": 400}


@pytest.mark.parametrize("output", ["", "micro null_hypercall 1\n", "(d1) micro done\n", "say micro done\n"])
def test_figures_of_a_guest_that_did_not_end_are_refused(output):
    with pytest.raises(Unfinished):
        figures(output, "micro", "d0")


def test_the_table_compares(outputs, capsys):
    assert cli.main(["bench", "micro", "--peer", "xen"]) == Exit.OK
    assert capsys.readouterr().out == ("metric          Granite  Xen  Granite/Xen\n"
                                       "null_hypercall      200  400         0.50\n"
                                       "only_here             7    -            -\n")


def test_a_mode_is_named_and_measured_with_its_option(monkeypatch, outputs, capsys):
    asked = []
    monkeypatch.setattr(bench.micro, "MODES", ["", "xpti=no"])
    monkeypatch.setattr(first_domain, "boot",
                        lambda plan, hardware, ended: (asked.append(plan.cmdline), outputs[plan.kernel.name])[1])
    cli.main(["bench", "micro"])
    assert "null_hypercall xpti=no      200\n" in capsys.readouterr().out
    assert ["xpti=no" in options for options in asked] == [False, True]


def test_with_a_bare_machine_the_table_compares_what_is_added():
    results = [result("syscall", 600, {"bare": 400, "xen": 800}), result("nothing", 7, {"bare": 7, "xen": 7}),
               result("only_here", 9, {})]
    assert table(results) == ("metric     Granite  bare  Xen  added, of Xen's\n"
                              "syscall        600   400  800             0.50\n"
                              "nothing          7     7    7                -\n"
                              "only_here        9     -    -                -\n")


def test_the_table_stands_alone_without_a_peer(outputs, capsys):
    assert cli.main(["bench"]) == Exit.OK
    assert capsys.readouterr().out == "metric          Granite\nnull_hypercall      200\nonly_here             7\n"


def test_counts_are_taken_in_the_order_of_the_marks(monkeypatch):
    monkeypatch.setattr(bench.boot, "marks", lambda: [0x10, 0x5eed0000])
    assert bench.boot.read("5eed0000 30 4\n10 20 3\n", "") == [(20, 3), (30, 4)]
    with pytest.raises(Unfinished, match="what was said"):
        bench.boot.read("10 20 3\n", "what was said")


def test_results_go_to_the_suites_file(outputs, tmp_path):
    cli.main(["bench", "micro", "--peer", "xen"])
    assert json.loads((tmp_path / "bench" / "micro.json").read_text()) == [
        result("null_hypercall", 200, {"xen": 400}), result("only_here", 7, {})]


def test_results_go_to_the_named_file_instead(outputs, tmp_path):
    cli.main(["bench", "all", "--json", str(tmp_path / "mine.json")])
    assert json.loads((tmp_path / "mine.json").read_text()) == [
        result("null_hypercall", 200, {}), result("only_here", 7, {})]
    assert not (tmp_path / "bench").exists()


@pytest.mark.parametrize("output, status", [("(GR) PANIC page fault\n", Exit.PANIC),
                                            ("(d0) micro null_hypercall 1\n", Exit.GUEST_CRASHED)])
def test_a_guest_that_does_not_end_is_a_failure(outputs, capsys, output, status):
    outputs["granite32.elf"] = output
    assert cli.main(["bench"]) == status
    assert output in capsys.readouterr().err


def test_a_missing_image_is_named(outputs, tmp_path, capsys):
    (tmp_path / "xen.elf").unlink()
    assert cli.main(["bench", "--peer", "xen"]) == Exit.USAGE
    assert "xen.elf is not there" in capsys.readouterr().err


@pytest.mark.parametrize("suite", ["density", "nothing"])
def test_a_suite_that_is_not_there_is_refused(suite, capsys):
    with pytest.raises(SystemExit) as refusal:
        cli.main(["bench", suite])
    assert refusal.value.code == Exit.USAGE
    assert f"invalid choice: '{suite}'" in capsys.readouterr().err
