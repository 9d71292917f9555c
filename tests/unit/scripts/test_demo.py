# SPDX-License-Identifier: MIT
"""What the demo runs, with and without a Linux kernel to be had."""
import pytest

from granitelib import demo
from granitelib.linux import images, kernel
from granitelib.linux.packages import Unavailable


@pytest.fixture
def offered(monkeypatch, tmp_path):
    """Names the series that the distribution offers."""
    def offer(*series):
        def kernel_of(wanted):
            if wanted not in series:
                raise Unavailable(f"no {wanted} here")
            folder = tmp_path / wanted
            folder.mkdir(exist_ok=True)
            (folder / "release").write_text(f"{wanted}.1\n")
            return kernel.Kernel(wanted, folder)
        monkeypatch.setattr(kernel, "kernel", kernel_of)
        monkeypatch.setattr(kernel, "fetched", lambda series: True)
        monkeypatch.setattr(images, "small", lambda series: kernel_of(series).folder / "small.cpio")
        monkeypatch.setattr(images, "STORE", tmp_path)
    return offer


def test_two_guests_serve_pages(offered):
    offered("6.12")
    guests, forwards = demo.guests()
    assert [guest.stem for guest in guests] == ["web", "linux"]
    assert forwards == ["8080:web:80", "8081:linux:80"]
    assert "6.12.1" in guests[1].read_text()


def test_without_a_kernel_the_demo_says_so_and_runs(offered, capsys):
    offered()
    guests, forwards = demo.guests()
    assert ([guest.stem for guest in guests], forwards) == (["web"], ["8080:web:80"])
    assert "no Linux 6.12 in the demo: no 6.12 here" in capsys.readouterr().err
