# SPDX-License-Identifier: MIT
"""What `granite run` shows when nothing is asked for: a guest that serves a
web page, and a small one for the driver domain's `xl create hello.cfg`."""
from . import paths

APPS = paths.ROOT / "guest-pv" / "apps"
STARTED = [APPS / "web" / "web.cfg"]
AT_HAND = [APPS / "hello" / "hello.cfg"]
FORWARDS = ["8080:web:80"]
