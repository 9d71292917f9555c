# SPDX-License-Identifier: MIT
"""The files that the page is made of: ours, and the library that draws."""
import pathlib

from ..errors import UsageError

PAGE = pathlib.Path(__file__).resolve().parent / "page"
D3 = pathlib.Path("/usr/share/nodejs/d3/dist/d3.min.js")
KINDS = {".html": "text/html; charset=utf-8", ".css": "text/css; charset=utf-8",
         ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}


def all_files():
    """{path in the address: (kind, file)}: nothing else is served, whatever is asked for."""
    if not D3.exists():
        raise UsageError(f"{D3} is missing, which the page draws with: install the package node-d3 (scripts/setup)")
    files = {f"/{file.relative_to(PAGE).as_posix()}": file for file in PAGE.rglob("*") if file.suffix in KINDS}
    files |= {"/": PAGE / "index.html", "/d3.js": D3}
    return {address: (KINDS[file.suffix], file) for address, file in files.items()}
