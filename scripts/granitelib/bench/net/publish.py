# SPDX-License-Identifier: MIT
"""Puts the suite's tables and its picture where people read them: beside the benchmarks'
README, and between two marks in it."""
import pathlib
import re
import shutil

from ...errors import UsageError

README = pathlib.Path(__file__).resolve().parent.parent / "README.md"
MARKED = re.compile(r"(<!-- tables of net -->\n).*(<!-- end of tables -->\n)", re.DOTALL)


def with_tables(text, tables):
    if not MARKED.search(text):
        raise UsageError(f"{README} has no marks for the tables")
    return MARKED.sub(lambda marks: f"{marks[1]}\n{tables}\n{marks[2]}", text)


def publish(tables, picture):
    README.write_text(with_tables(README.read_text(), tables))
    shutil.copyfile(picture, README.parent / picture.name)
