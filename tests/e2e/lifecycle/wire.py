# SPDX-License-Identifier: MPL-2.0
"""A relay before an SSH server, which can cut the connection after some bytes: nobody can see the writes inside."""

import socket
import socketserver
import threading

from .accident import Accident

_BYTES_PER_WRITE = 1500  # a file that is put and renamed takes some thousand


class Wire:

    def __init__(self, port: int):
        self.accident: Accident | None = None
        self._upstream = ("127.0.0.1", port)
        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self._server.handle_error = lambda *_: None
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def port(self) -> int:
        return self._server.server_address[1]

    def stop(self):
        self._server.shutdown()
        self._server.server_close()

    def open(self, client: socket.socket):
        with socket.create_connection(self._upstream, timeout=30) as server:
            server.settimeout(None)
            back = threading.Thread(target=_copy, args=(server, client), daemon=True)
            back.start()
            self._copy_until_accident(client, server)
            for end in (client, server):
                try:
                    end.shutdown(socket.SHUT_RDWR)
                except OSError:
                    pass
            back.join(5)

    def _copy_until_accident(self, client: socket.socket, server: socket.socket):
        passed = 0
        while data := client.recv(16384):
            server.sendall(data)
            writes, passed = passed // _BYTES_PER_WRITE, passed + len(data)
            for _ in range(passed // _BYTES_PER_WRITE - writes):
                if self.accident and self.accident.is_due():
                    return


def _handler(wire: Wire):

    class Handler(socketserver.BaseRequestHandler):
        def handle(self):
            wire.open(self.request)

    return Handler


def _copy(source: socket.socket, target: socket.socket):
    try:
        while data := source.recv(16384):
            target.sendall(data)
    except OSError:
        pass
