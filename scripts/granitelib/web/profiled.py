# SPDX-License-Identifier: MIT
"""The profile with the names of guests' functions, which the monitor does not know."""
from .. import profile
from .source import PROFILE


def answer(source):
    """As of `prof`, but a row for each function: who, function, samples."""
    found = source.get(PROFILE)
    if not found["rows"]:
        return found
    functions_of = profile.names(source.get("domains")["rows"], profile.noted_images(source.socket))
    _, functions = profile.by_function(found["rows"], functions_of)
    rows = [{"who": who, "function": name, "samples": count} for (who, name), count in functions.most_common()]
    return found | {"rows": rows}
