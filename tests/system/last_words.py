# SPDX-License-Identifier: MIT
"""What an assertion prints when a run went wrong: how it ended, and the end of what it said."""
from granitelib.first_domain import last_words


def told(done):
    """Of a run of the host tool."""
    return f"exit status {done.returncode}\n{last_words(done.stdout)}\n{last_words(done.stderr)}"
