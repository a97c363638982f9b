# SPDX-License-Identifier: MPL-2.0
"""A resolver that fails for a while, as those of small networks do: SERVFAIL to every TXT question for some seconds from the first on."""

import socket
import threading
import time

_TXT = b"\x00\x10"


class Hiccup:
    def __init__(self, server: str, seconds: float):
        host, port = server.rsplit(":", 1)
        self._server = (host, int(port))
        self._seconds = seconds
        self._ends = None
        self.failures = 0
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self._socket.getsockname()[1]}"

    def stop(self):
        self._socket.close()

    def _serve(self):
        while True:
            try:
                query, peer = self._socket.recvfrom(4096)
            except OSError:
                return
            if self._fails(query):
                # The same question, marked as a reply with the code SERVFAIL.
                self._socket.sendto(query[:2] + b"\x81\x82" + query[4:], peer)
                continue
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as forward:
                forward.settimeout(2)
                forward.sendto(query, self._server)
                try:
                    self._socket.sendto(forward.recv(4096), peer)
                except TimeoutError:
                    pass

    def _fails(self, query: bytes) -> bool:
        end = query.index(b"\x00", 12) + 1
        if query[end:end + 2] != _TXT:
            return False
        self._ends = self._ends or time.monotonic() + self._seconds
        is_failing = time.monotonic() < self._ends
        self.failures += is_failing
        return is_failing
