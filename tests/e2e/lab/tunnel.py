# SPDX-License-Identifier: MPL-2.0
"""A proxy for programs that know no other URL than the vendor's: what they send to that host by TLS comes to a server of the lab."""

import http.client
import http.server
import pathlib
import ssl
import subprocess

from .loopback import LoopbackServer


class Tunnel(LoopbackServer):
    """`port`: of the lab's server. `ca_file`: what the program has to trust."""

    def __init__(self, directory: pathlib.Path, host: str, port: int):
        self.ca_file = directory / "tunnel.pem"
        key = directory / "tunnel.key"
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "30",
             "-subj", f"/CN={host}", "-addext", f"subjectAltName=DNS:{host}", "-keyout", key, "-out", self.ca_file],
            check=True, capture_output=True)
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(self.ca_file, key)
        super().__init__(_handler(tls, port))


def _handler(tls: ssl.SSLContext, port: int):

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_CONNECT(self):
            self.send_response_only(200)
            self.end_headers()
            self.connection = tls.wrap_socket(self.connection, server_side=True)
            self.rfile = self.connection.makefile("rb")
            self.wfile = self.connection.makefile("wb", buffering=0)
            self.close_connection = False

        def forward(self):
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            upstream = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
            # The Host header stays as it is: it is signed.
            upstream.request(self.command, self.path, body or None, dict(self.headers))
            answer = upstream.getresponse()
            content = answer.read()
            upstream.close()
            self.send_response_only(answer.status)
            self.send_header("Content-Type", answer.getheader("Content-Type", "text/xml"))
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = forward

        def log_message(self, *_):
            pass

    return Handler
