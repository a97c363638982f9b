# SPDX-License-Identifier: MPL-2.0
"""A reverse proxy before Pebble that notes each request and its answer: Pebble's own log does not say which nonces it rejected."""

import base64
import http.client
import http.server
import json
import ssl
import threading
import time

from .accident import Accident
from .pebble import Pebble


class Recorder:
    """`exchanges`: (method, path, status, last part of the problem's type or "") in the order of the answers.
    `orders`: the payloads of newOrder. `agents`: the User-Agent of each. `accident`: what happens to one of the requests. `latency`:
    seconds that each answer takes longer."""

    def __init__(self, pebble: Pebble, accident: Accident | None = None, latency: float = 0.0):
        self.ca_file = pebble.ca_file
        self._accident = accident
        self._latency = latency
        self.exchanges: list[tuple[str, str, int, str]] = []
        self.orders: list[dict] = []
        self.agents: set[str | None] = set()
        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), self._handler(pebble))
        self._server.daemon_threads = True
        self._server.handle_error = lambda *_: None  # clients that are killed are what some tests are about
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(pebble.ca_file, pebble.directory / "tls.key")
        # The handshake is made by the connection's own thread, so that a slow client holds up nobody.
        self._server.socket = tls.wrap_socket(self._server.socket, server_side=True, do_handshake_on_connect=False)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def directory_url(self) -> str:
        return f"https://localhost:{self._server.server_address[1]}/dir"

    def rejected_nonces(self) -> int:
        return sum(problem == "badNonce" for *_, problem in self.exchanges)

    def stop(self):
        self._server.shutdown()
        self._server.server_close()

    def _handler(self, pebble: Pebble):
        recorder = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def answer(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                forward = lambda: self.forward(body)
                answered = recorder._accident.through(forward) if recorder._accident else forward()
                if answered is None:
                    self.close_connection = True
                    return
                answer, content = answered
                self.send_response_only(answer.status)
                for name, value in answer.getheaders():
                    if name.lower() not in ("content-length", "transfer-encoding", "connection"):
                        self.send_header(name, value)
                if self.command != "HEAD":
                    self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(content)

            def forward(self, body: bytes):
                time.sleep(recorder._latency)
                context = ssl.create_default_context(cafile=pebble.ca_file)
                upstream = http.client.HTTPSConnection("localhost", pebble.port, context=context, timeout=30)
                # Pebble makes its URLs from the Host header, so they lead back here.
                upstream.request(self.command, self.path, body or None, dict(self.headers))
                answer = upstream.getresponse()
                content = answer.read()
                upstream.close()
                if self.path == "/order-plz":
                    recorder.orders.append(_payload(body))
                recorder.agents.add(self.headers.get("User-Agent"))
                recorder.exchanges.append((self.command, self.path, answer.status, _problem(answer, content)))
                return answer, content

            do_GET = do_HEAD = do_POST = answer

            def log_message(self, *_):
                pass

        return Handler


def _payload(body: bytes) -> dict:
    encoded = json.loads(body)["payload"]
    return json.loads(base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4)))


def _problem(answer: http.client.HTTPResponse, content: bytes) -> str:
    if answer.getheader("Content-Type", "").split(";")[0] != "application/problem+json":
        return ""
    return json.loads(content).get("type", "").rsplit(":", 1)[-1]
