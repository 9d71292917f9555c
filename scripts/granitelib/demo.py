# SPDX-License-Identifier: MIT
"""What `granite run` shows when nothing is asked for: a guest that serves a web
page, Debian's Linux that serves another, and a small one for the driver
domain's `xl create hello.cfg`."""
import sys

from . import paths
from .linux import guest, images, kernel
from .linux.packages import Unavailable

APPS = paths.ROOT / "guest-pv" / "apps"
WEB = APPS / "web" / "web.cfg"
AT_HAND = [APPS / "hello" / "hello.cfg"]


def linux():
    """The Linux guest's cfg file, made from the distribution's packages once; None where it has none."""
    for series in kernel.SERIES:
        try:
            if not kernel.fetched(series):
                say(f"fetching Debian's Linux {series} for the demo (once)")
            root = images.small(series)
            # Room for `xl mem-set`, and no kernel messages between the guests' lines.
            return guest.write(images.STORE, "linux", kernel.kernel(series), root, maxmem=256, extra="quiet")
        except Unavailable as error:
            say(f"no Linux {series} in the demo: {error}")
    return None


def guests():
    """The cfg files of the guests to start, and the forwards that lead to them."""
    linux_cfg = linux()
    if linux_cfg is None:
        return [WEB], ["8080:web:80"]
    return [WEB, linux_cfg], ["8080:web:80", "8081:linux:80"]


def say(text):
    print(f"granite: {text}", file=sys.stderr)
