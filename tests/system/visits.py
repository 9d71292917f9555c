# SPDX-License-Identifier: MIT
"""People who look at a web guest's page while a test asks the machine something."""
import contextlib
import threading
import urllib.request


def visit(port):
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=300) as page:
        return page.read()


@contextlib.contextmanager
def visitors(port):
    """One visit after the other, from here to the end of the block."""
    over = threading.Event()

    def visit_again():
        while not over.is_set():
            visit(port)
    visitor = threading.Thread(target=visit_again)
    visitor.start()
    try:
        yield
    finally:
        over.set()
        visitor.join()
