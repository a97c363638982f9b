# SPDX-License-Identifier: MPL-2.0
"""HTTP servers of the lab's own, which run in threads of the test."""

import http.server
import threading


class LoopbackServer:
    """Answers with `handler`, a subclass of http.server.BaseHTTPRequestHandler, until stop()."""

    def __init__(self, handler):
        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self._server.server_address[1]}"

    @property
    def url(self) -> str:
        return f"http://{self.address}"

    def stop(self):
        self._server.shutdown()
        self._server.server_close()
