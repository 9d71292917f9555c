# SPDX-License-Identifier: MIT
"""TCP ports of this machine's loopback that lead to guests."""
import dataclasses
import ipaddress
import re
import socket

from .errors import UsageError

# QEMU's user network: .2 is the gateway, .3 answers names, .15 is the first
# address that its DHCP gives away. Guests named in forwards get fixed ones.
NETWORK = ipaddress.ip_network("10.0.2.0/24")
GATEWAY = NETWORK[2]
FIRST_FIXED = 20


@dataclasses.dataclass
class Forward:
    host_port: int
    guest: str      # a cfg name or an IP address
    guest_port: int

    @classmethod
    def parse(cls, text):
        parts = text.split(":")
        try:
            host, guest, port = int(parts[0]), parts[1], int(parts[2])
        except (ValueError, IndexError):
            host = port = 0
            guest = ""
        if len(parts) != 3 or not guest or not (0 < host < 65536 and 0 < port < 65536):
            raise UsageError(f"--forward {text}: HOST:GUEST:PORT was expected, as in 8080:web:80")
        return cls(host, guest, port)

    def check_free(self):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", self.host_port))
            except OSError as error:
                raise UsageError(f"port {self.host_port} of this machine: {error.strerror}") from error


def own_address(guest):
    """The address in the guest's command line, if it names one."""
    match = re.search(r"(?:^|\s)ip=([0-9.]+)", guest.command_line)
    return match and match[1]


def is_address(text):
    try:
        return bool(ipaddress.ip_address(text))
    except ValueError:
        return False


def assign_addresses(forwards, guests):
    """QEMU's rules for the forwards, and the guests, some with a fixed address
    added to their command lines."""
    by_name = {guest.name: guest for guest in guests}
    addresses = {}
    for forward in forwards:
        forward.check_free()
        if is_address(forward.guest) or forward.guest in addresses:
            continue
        if forward.guest not in by_name:
            raise UsageError(f"--forward names {forward.guest}, which is neither a guest of this run nor an address")
        guest = by_name[forward.guest]
        address = own_address(guest)
        if not address:
            address = str(NETWORK[FIRST_FIXED + len(addresses)])
            key = "cmdline" if "cmdline" in guest.settings else "extra"
            setting = f"ip={address}/{NETWORK.prefixlen} gateway={GATEWAY}"
            by_name[guest.name] = guest.rewritten(**{key: f"{guest.get(key, '')} {setting}".strip()})
        addresses[forward.guest] = address
    rules = [f"tcp:127.0.0.1:{f.host_port}-{addresses.get(f.guest, f.guest)}:{f.guest_port}" for f in forwards]
    return rules, list(by_name.values())
