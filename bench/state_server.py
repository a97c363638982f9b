# SPDX-License-Identifier: MPL-2.0
"""A remote backend for one state. With a local one Terraform writes the whole file anew after each resource, which is most of a large
apply; with this it saves every 20 seconds."""

import http.server
import threading


class StateServer:

    def __init__(self):
        states = {}

        class Handler(http.server.BaseHTTPRequestHandler):

            def do_GET(self):
                state = states.get(self.path)
                self.send_response(404 if state is None else 200)
                self.send_header("Content-Length", str(len(state or b"")))
                self.end_headers()
                self.wfile.write(state or b"")

            def do_POST(self):
                states[self.path] = self.rfile.read(int(self.headers["Content-Length"]))
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def backend(self) -> str:
        """The block for main.tf."""
        return f'terraform {{\n  backend "http" {{\n    address = "http://127.0.0.1:{self._server.server_port}/state"\n  }}\n}}\n'

    def stop(self):
        self._server.shutdown()
        self._server.server_close()
