# SPDX-License-Identifier: MIT
"""xl.cfg, the format that describes a guest.

KEY=VALUE pairs end at a newline or semicolon; KEY+=VALUE appends; '#' starts a
comment; strings are quoted, numbers are decimal, octal or hexadecimal, lists
may nest and span lines. It looks like Python but has no expressions.

The driver domain parses the file again when it creates the guest. Here it is
read to find kernels, to refuse mistakes before anything starts, and to
rewrite single values in place.
"""
import dataclasses
import difflib
import pathlib
import re

from .errors import UsageError

KEYS = {
    "name": str, "type": str, "kernel": str, "ramdisk": str, "extra": str, "cmdline": str, "root": str,
    "memory": int, "maxmem": int, "vcpus": int, "maxvcpus": int, "cpus": (str, list),
    "max_grant_frames": int, "max_maptrack_frames": int, "cpu_weight": int, "cap": int, "vif": list,
    "on_poweroff": str, "on_reboot": str, "on_crash": str,
}
ACTIONS = ("destroy", "restart", "preserve")
VIF_KEYS = ("mac", "bridge", "rate", "script", "queues", "mtu", "mode", "ip", "vlan", "trunk", "antispoof", "allow",
            "backend")

TOKEN = re.compile(r"""
    (?P<blank>[ \t\r]+|\#[^\n]*) | (?P<end>[\n;]) |
    (?P<name>[A-Za-z_][A-Za-z0-9_]*) | (?P<number>0[xX][0-9a-fA-F]+|[0-9]+) |
    (?P<string>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*') |
    (?P<sign>\+=|=|\[|\]|,)""", re.VERBOSE)


@dataclasses.dataclass
class Setting:
    value: object
    line: int
    span: tuple[int, int]   # of the value in the text


@dataclasses.dataclass
class Token:
    kind: str
    text: str
    line: int
    start: int
    end: int


class Parser:
    def __init__(self, text, file):
        self.text, self.file = text, file
        self.tokens = list(self._split())
        self.at = 0

    def fail(self, line, why):
        raise UsageError(f"{self.file}:{line}: {why}")

    def _split(self):
        position, line = 0, 1
        while position < len(self.text):
            match = TOKEN.match(self.text, position)
            if not match:
                shown = self.text[position:position + 20].splitlines()[0]
                self.fail(line, f"cannot be read from here on: {shown}")
            if match.lastgroup != "blank":
                yield Token(match.lastgroup, match[0], line, *match.span())
            line += match[0].count("\n")
            position = match.end()
        yield Token("end", "end of file", line, position, position)

    def next(self):
        token = self.tokens[self.at]
        self.at = min(self.at + 1, len(self.tokens) - 1)
        return token

    def skip_newlines(self):
        while self.tokens[self.at].text == "\n":
            self.at += 1

    def value(self):
        token = self.next()
        if token.kind == "string":
            return re.sub(r"\\(.)", r"\1", token.text[1:-1])
        if token.kind == "number":
            octal = token.text.startswith("0") and token.text.isdigit()
            try:
                return int(token.text, 8 if octal else 0)
            except ValueError:
                self.fail(token.line, f"not an octal number: {token.text}")
        if token.text == "[":
            return self.list()
        shown = "the line ends" if token.kind == "end" else token.text
        return self.fail(token.line, f"a value was expected: a string in quotes, a number or a list, not: {shown}")

    def list(self):
        items = []
        while True:
            self.skip_newlines()
            if self.tokens[self.at].text == "]":
                self.next()
                return items
            items.append(self.value())
            self.skip_newlines()
            token = self.next()
            if token.text == "]":
                return items
            if token.text != ",":
                self.fail(token.line, f"',' or ']' was expected in a list, not: {token.text.strip()}")

    def settings(self):
        """{key: Setting}, in the order of the file."""
        found = {}
        while self.at < len(self.tokens) - 1:
            key = self.next()
            if key.kind == "end":
                continue
            if key.kind != "name":
                self.fail(key.line, f"a key was expected, not: {key.text}")
            sign = self.next()
            if sign.text not in ("=", "+="):
                self.fail(key.line, f"'=' was expected after {key.text}")
            start = self.tokens[self.at].start
            value = self.value()
            span = (start, self.tokens[self.at - 1].end)
            if self.tokens[self.at].kind != "end":
                self.fail(self.tokens[self.at].line, f"a new line was expected after {key.text}'s value")
            if sign.text == "+=" and key.text in found:
                if not isinstance(value, type(found[key.text].value)):
                    self.fail(key.line, f"{key.text} += needs a value of the same kind")
                value = found[key.text].value + value
            found[key.text] = Setting(value, key.line, span)
        return found


def nearest(word, known):
    close = difflib.get_close_matches(word, known, 1, 0.5)
    return f"; did you mean `{close[0]}`?" if close else ""


def check_vif(parser, setting):
    for vif in setting.value:
        if not isinstance(vif, str):
            parser.fail(setting.line, "vif: each interface is one string, as in vif = ['mac=...,bridge=...']")
        for part in filter(None, map(str.strip, vif.split(","))):
            key = part.partition("=")[0].strip()
            if key not in VIF_KEYS:
                parser.fail(setting.line, f"vif: unknown key {key}{nearest(key, VIF_KEYS)}")


def check(parser, settings):
    for key, setting in settings.items():
        if key not in KEYS:
            parser.fail(setting.line, f"unknown key {key}{nearest(key, KEYS)}")
        if not isinstance(setting.value, KEYS[key]):
            kinds = KEYS[key] if isinstance(KEYS[key], tuple) else (KEYS[key],)
            words = {str: "a string in quotes", int: "a number", list: "a list"}
            parser.fail(setting.line, f"{key} must be {' or '.join(words[k] for k in kinds)}")
        if key.startswith("on_") and setting.value not in ACTIONS:
            parser.fail(setting.line, f"{key} must be one of {', '.join(ACTIONS)}")
    for key in ("name", "kernel"):
        if key not in settings:
            parser.fail(1, f"this guest has no {key}")
    if "type" in settings and settings["type"].value != "pv":
        parser.fail(settings["type"].line, "only type=\"pv\" is offered")
    if "vif" in settings:
        check_vif(parser, settings["vif"])


class Guest:
    """One xl.cfg file, checked."""

    def __init__(self, text, file):
        self.file, self.text = file, text
        parser = Parser(text, file)
        self.settings = parser.settings()
        check(parser, self.settings)

    def get(self, key, default=None):
        return self.settings[key].value if key in self.settings else default

    @property
    def name(self):
        return self.get("name")

    def path(self, key):
        """The file that a key names, seen from where the cfg lies."""
        return (pathlib.Path(self.file).parent / self.get(key)).resolve()

    @property
    def command_line(self):
        """What the guest's kernel is told: cmdline wins over root and extra."""
        if "cmdline" in self.settings:
            return self.get("cmdline")
        root = f"root={self.get('root')}" if "root" in self.settings else ""
        return " ".join(filter(None, (root, self.get("extra", ""))))

    def ends_for_good(self, reason):
        """Whether a shutdown for this reason leaves the guest ended."""
        key = {"poweroff": "on_poweroff", "reboot": "on_reboot", "crash": "on_crash"}.get(reason)
        default = "restart" if key == "on_reboot" else "destroy"
        return key is None or self.get(key, default) != "restart"

    def rewritten(self, **values):
        """A copy whose text has these string values in place of the old ones."""
        text, added = self.text, []
        known = [k for k in values if k in self.settings]
        for key in sorted(known, key=lambda k: self.settings[k].span, reverse=True):
            start, end = self.settings[key].span
            text = text[:start] + quoted(values[key]) + text[end:]
        added = [f"{k} = {quoted(v)}\n" for k, v in values.items() if k not in self.settings]
        if added and not text.endswith("\n"):
            text += "\n"
        return Guest(text + "".join(added), self.file)


def quoted(value):
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def read(path):
    try:
        return Guest(path.read_text(), path)
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: {getattr(error, 'strerror', None) or error}") from error
