# SPDX-License-Identifier: MIT
"""Pages and files over HTTP, from guests and for them."""
import contextlib
import functools
import http.server
import threading
import urllib.request
import zlib

GENEROUS_S = 300
BIG_SIZE = 10_000_000
OUTSIDE = "10.0.2.2"    # this machine, as guests see it


def fetch(url, timeout=GENEROUS_S):
    with urllib.request.urlopen(url, timeout=timeout) as answer:
        return answer.headers, answer.read()


def check_page(body):
    """The page of the guest `web`."""
    assert body.startswith(b"<!doctype html>") and b"<h1>Granite web guest</h1>" in body
    assert body.endswith(b"</html>\n")


def check_big(headers, body):
    """Its large file."""
    assert len(body) == BIG_SIZE
    assert zlib.crc32(body) == int(headers["X-Crc32"], 16)


@contextlib.contextmanager
def served(folder):
    """The port at which guests find the folder's files, below OUTSIDE."""
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=folder)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port
        server.shutdown()
