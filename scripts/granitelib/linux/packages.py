# SPDX-License-Identifier: MIT
"""Packages of the distribution's archive, fetched and looked into without installing them.

`Archive()` is the configured sources alone, as the machine's last `apt-get update` left them;
`archives()` goes on to their backports, whose lists are read once. No root is needed.
"""
import contextlib
import pathlib
import subprocess
import tempfile

from .. import paths

LISTS = paths.BUILD / "linux" / "apt"


class Unavailable(Exception):
    """The distribution does not offer what was asked for; the argument says what."""


class Archive:
    def __init__(self, configuration=None):
        self._options = ["-c", str(configuration)] if configuration else []
        self._options += ["-o", "APT::Sandbox::User=root"]

    def _run(self, *command, **settings):
        tool, *arguments = command
        done = subprocess.run([tool, *self._options, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              stdin=subprocess.DEVNULL, text=True, check=False, **settings)
        if done.returncode:
            raise Unavailable(f"{' '.join(command)}: {done.stderr.strip()}")
        return done.stdout

    def versions(self, package):
        """Newest first."""
        rows = [line.split("|") for line in self._run("apt-cache", "madison", package).splitlines()]
        return [row[1].strip() for row in rows if row[0].strip() == package]

    def field(self, package, version, name):
        """A field of the package's description, or the empty text."""
        for line in self._run("apt-cache", "show", f"{package}={version}").splitlines():
            if line.startswith(f"{name}: "):
                return line.partition(": ")[2]
        return ""

    def closure(self, packages):
        """NAME=VERSION of these and of all that they need, for a system that has nothing yet."""
        with tempfile.NamedTemporaryFile(prefix="granite-") as nothing:
            plan = self._run("apt-get", "install", "-s", "--no-install-recommends", "-o",
                             f"Dir::State::status={nothing.name}", "-o", "Debug::NoLocking=1", *packages)
        words = [line.split() for line in plan.splitlines() if line.startswith("Inst ")]
        return [f"{inst[1]}={inst[2].lstrip('(')}" for inst in words]

    @contextlib.contextmanager
    def fetched(self, *packages):
        """The packages' files, for as long as the context lasts; NAME or NAME=VERSION each."""
        with tempfile.TemporaryDirectory(prefix="granite-") as folder:
            self._run("apt-get", "-qq", "download", *packages, cwd=folder)
            yield sorted(pathlib.Path(folder).glob("*.deb"))


def archives():
    """The configured archive, then the one with backports: to be asked in this order."""
    yield Archive()
    configuration = LISTS / "apt.conf"
    read_lists = [paths.ROOT / "scripts" / "apt-backports", LISTS]
    if configuration.exists() or subprocess.run(read_lists, check=False).returncode == 0:
        yield Archive(configuration)


def unpack(package_file, folder, *patterns):
    """Puts the package's files into `folder`, through links like /bin; only those that match, when patterns are given."""
    folder.mkdir(parents=True, exist_ok=True)
    with subprocess.Popen(["dpkg-deb", "--fsys-tarfile", package_file], stdout=subprocess.PIPE) as contents:
        chosen = ["--wildcards", *patterns] if patterns else []
        subprocess.run(["tar", "-x", "--keep-directory-symlink", "--no-same-owner", "-C", folder, *chosen],
                       stdin=contents.stdout, check=True)
    if contents.returncode:
        raise Unavailable(f"{package_file.name}: dpkg-deb cannot read it")


def distribution():
    """The distribution's name, for messages."""
    lines = pathlib.Path("/etc/os-release").read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if "=" in line)["PRETTY_NAME"].strip('"')
