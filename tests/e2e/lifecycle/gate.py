# SPDX-License-Identifier: MPL-2.0
"""A reverse proxy before an HTTP destination: lets everything through but the writes to which an accident happens."""

import http.client
import http.server
import threading
import urllib.parse

from .accident import CUT, KILLS, Accident


class Gate:
    """`is_write(method, path, headers)`. `refuse(what)`: status, headers and body of the destination's own way to refuse a write."""

    def __init__(self, url: str, is_write, refuse):
        self.accident: Accident | None = None
        self.is_write, self.refuse = is_write, refuse
        self.upstream = urllib.parse.urlsplit(url).netloc
        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self._server.handle_error = lambda *_: None  # clients that are killed are the purpose
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def stop(self):
        self._server.shutdown()
        self._server.server_close()


def _handler(gate: Gate):

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def answer(self):
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            accident = gate.accident
            if not (accident and gate.is_write(self.command, self.path, self.headers) and accident.is_due()):
                self.reply(*self.forward(body))
            elif accident.what in KILLS:
                self.kill(accident, body)
            elif accident.what == CUT:
                self.forward(body)
                self.close_connection = True
            else:
                self.reply(*gate.refuse(accident.what))

        def kill(self, accident: Accident, body: bytes):
            if not accident.is_late:
                accident.kill()
            # Terraform alone: its provider lives on until it notices, and the request goes on.
            answer = self.forward(body) if accident.is_late or accident.what == "terraform" else None
            if accident.is_late:
                accident.kill()
            self.close_connection = True
            if answer and accident.what == "terraform":
                self.reply(*answer)

        def forward(self, body: bytes):
            upstream = http.client.HTTPConnection(gate.upstream, timeout=60)
            # The Host header stays as it is: it may be signed.
            upstream.request(self.command, self.path, body or None, dict(self.headers))
            answer = upstream.getresponse()
            content = answer.read()
            upstream.close()
            return answer.status, answer.getheaders(), content

        def reply(self, status: int, headers: list, content: bytes):
            self.send_response_only(status)
            for name, value in headers:
                if name.lower() not in ("content-length", "transfer-encoding", "connection"):
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = answer
        do_LIST = answer  # Vault's own

        def log_message(self, *_):
            pass

    return Handler
