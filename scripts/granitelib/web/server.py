# SPDX-License-Identifier: MIT
"""Serves the page on loopback. Reading is by GET; what changes something by POST, from the page itself only."""
import http.server
import json
import sys
import urllib.parse

from ..errors import UsageError
from ..monitor import NoAnswer
from . import assets, profiled, questions
from .source import Source

ADDRESS = "127.0.0.1"
USUAL_PORT = 8088
PATIENCE_S = 20         # with a browser that does not speak or does not read
LONGEST_BODY = 1000
HEADERS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer",
           "Cross-Origin-Resource-Policy": "same-origin",
           "Content-Security-Policy": "default-src 'self'; frame-ancestors 'none'"}


class Refused(Exception):
    """Says with which status, and why."""

    def __init__(self, status, why):
        super().__init__(why)
        self.status = status


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = PATIENCE_S

    def do_GET(self):
        self._answer(self._get)

    def do_POST(self):
        self._answer(self._post)

    def _answer(self, find):
        try:
            self._check_origin()
            status, (kind, body) = 200, find(urllib.parse.urlsplit(self.path))
        except Refused as why:
            status, (kind, body) = why.status, as_json({"error": str(why)})
            self.close_connection = True    # what else came with it has not been read
        except NoAnswer as why:
            status, (kind, body) = 503, as_json({"error": str(why)})
        self.send_response(status)
        for name, value in ({"Content-Type": kind, "Content-Length": str(len(body))} | HEADERS).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def _check_origin(self):
        """A page of somebody else's may reach this address too, by a name that it lets point here."""
        host = self.headers.get("Host", "")
        if host not in self.server.hosts:
            raise Refused(421, f"this is not {host}")
        origin = self.headers.get("Origin", f"http://{host}")
        if origin != f"http://{host}" or self.headers.get("Sec-Fetch-Site", "none") not in ("none", "same-origin"):
            raise Refused(403, "only the page itself may ask")

    def _get(self, url):
        if url.path == "/ask":
            return as_json(self._ask(urllib.parse.parse_qs(url.query).get("command", [""])[0]))
        if url.path not in self.server.files:
            raise Refused(404, "there is no such file")
        kind, file = self.server.files[url.path]
        return kind, file.read_bytes()

    def _ask(self, command):
        if command == "prof":
            return profiled.answer(self.server.source)
        if not questions.only_reads(command):
            raise Refused(400, f"the page does not ask '{command[:questions.LONGEST]}'")
        return self.server.source.get(command)

    def _post(self, url):
        if url.path != "/act":
            raise Refused(404, "there is nothing to do")
        # A form of another page cannot say this without asking first.
        if self.headers.get("Content-Type") != "application/json" or "Origin" not in self.headers:
            raise Refused(403, "only the page itself may ask")
        command = self._body().get("command", "")
        if not isinstance(command, str) or not questions.may_act(command):
            raise Refused(400, "the page does not do that")
        return as_json(self.server.source.act(command))

    def _body(self):
        size = self.headers.get("Content-Length", "")
        if not size.isdecimal() or int(size) > LONGEST_BODY:
            raise Refused(413, "too long")
        try:
            body = json.loads(self.rfile.read(int(size)))
        except ValueError:
            body = None
        return body if isinstance(body, dict) else {}

    def log_message(self, *_):
        """Requests are not news."""


def as_json(value):
    return "application/json", json.dumps(value).encode()


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, source, port=USUAL_PORT):
        self.source, self.files = source, assets.all_files()
        try:
            super().__init__((ADDRESS, port), Handler)
        except OSError as error:
            raise UsageError(f"port {port}: {error.strerror}") from error
        self.port = self.server_address[1]
        # By which names a browser may call this address.
        self.hosts = {f"{name}:{self.port}" for name in (ADDRESS, "localhost")}

    def handle_error(self, request, client_address):
        """A browser that has left is no error."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


def serve(socket, port):
    with Server(Source(socket), port) as server:
        print(f"granite: http://{ADDRESS}:{server.port}/ shows the machine; Ctrl-c ends", flush=True)
        server.serve_forever()
