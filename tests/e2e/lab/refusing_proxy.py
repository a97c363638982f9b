# SPDX-License-Identifier: MPL-2.0
"""A proxy that opens no tunnel."""

import http.server
import threading


class RefusingProxy:
    """`status`: its answer to each CONNECT, such as 407."""

    def __init__(self, status: int):
        self.tunnels: list[str] = []  # that were asked for
        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _handler(status, self.tunnels))
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def stop(self):
        self._server.shutdown()
        self._server.server_close()


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
