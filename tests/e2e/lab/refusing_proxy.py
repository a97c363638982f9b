# SPDX-License-Identifier: MPL-2.0
"""A proxy that opens no tunnel."""

import http.server

from .loopback import LoopbackServer


class RefusingProxy(LoopbackServer):
    """`status`: its answer to each CONNECT, such as 407."""

    def __init__(self, status: int):
        self.tunnels: list[str] = []  # that were asked for
        super().__init__(_handler(status, self.tunnels))


def _handler(status: int, tunnels: list[str]):

    class Handler(http.server.BaseHTTPRequestHandler):

        def do_CONNECT(self):
            tunnels.append(self.path)
            self.send_response(status)
            if status == 407:
                self.send_header("Proxy-Authenticate", 'Basic realm="lab"')
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_):
            pass

    return Handler
