# SPDX-License-Identifier: MIT
"""Somebody at the console of a Linux guest, through `xl console`."""
DETACH = "\x1d"     # Ctrl-]
PROMPT = "/ # "


class LinuxConsole:
    """To be used in a `with`: attached from its beginning to its end."""

    def __init__(self, session, name):
        self.session, self.name = session, name

    def __enter__(self):
        self.session.send_shell(f"xl console {self.name}")
        self.run("stty -echo")
        return self

    def __exit__(self, *_):
        self.session.type(DETACH)

    def type(self, keys):
        self.session.type(keys)

    def run(self, command):
        """What a command prints."""
        # The quotes keep the echo of what is typed from being taken for the answer.
        self.session.type(f"echo beg''in; {command}; echo en''d\r")
        self.session.expect(r"begin\r*\n")
        return self.session.expect(r"end\r*\n").replace("\r", "")
