# SPDX-License-Identifier: MPL-2.0
"""nginx, serving the certificate of two files on a port of loopback."""

import hashlib
import pathlib
import socket
import ssl
import threading

from .process import Server, find_program, free_port


class Nginx:

    def __init__(self, directory: pathlib.Path, certificate: str, private_key: str):
        self.directory = directory
        self.port = free_port()
        self.configuration = directory / "nginx.conf"
        temporary = "\n".join(f"  {kind}_temp_path {directory}/{kind};"
                              for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        self.configuration.write_text(f"""daemon off;
worker_processes 1;
pid {directory}/nginx.pid;
error_log {directory}/error.log;
events {{ worker_connections 512; }}
http {{
  access_log off;
{temporary}
  server {{
    listen 127.0.0.1:{self.port} ssl;
    ssl_certificate {certificate};
    ssl_certificate_key {private_key};
    ssl_session_cache off;
    ssl_session_tickets off;
    return 200 "served";
  }}
}}
""")
        self.reload = [find_program("nginx"), "-c", str(self.configuration), "-s", "reload"]
        self._server = Server([*self.reload[:3], "-e", directory / "error.log"], directory / "nginx.log")
        self._server.wait_until(self._answers)

    def fingerprint(self) -> str:
        """SHA-256 of the certificate that a new connection is served, after a whole request over it."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        with socket.create_connection(("127.0.0.1", self.port), timeout=5) as plain, context.wrap_socket(plain) as secure:
            secure.sendall(b"GET / HTTP/1.0\r\n\r\n")
            if not secure.recv(64).startswith(b"HTTP/1.1 200"):
                raise RuntimeError("no answer after the handshake")
            return hashlib.sha256(secure.getpeercert(binary_form=True)).hexdigest()

    def workers(self) -> set[str]:
        pid = self._server.process.pid
        return set(pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split())

    def stop(self):
        self._server.stop()

    def _answers(self) -> bool:
        try:
            return bool(self.fingerprint())
        except OSError:
            return False


class Load:
    """Clients that connect one after another, in `lanes` threads, from `with` to its end."""

    def __init__(self, nginx: Nginx, lanes: int = 4):
        self._nginx = nginx
        self._ends = threading.Event()
        self._lanes = [threading.Thread(target=self._run) for _ in range(lanes)]
        self.served: list[str] = []
        self.failures: list[str] = []

    def __enter__(self):
        for lane in self._lanes:
            lane.start()
        return self

    def __exit__(self, *_):
        self._ends.set()
        for lane in self._lanes:
            lane.join()

    def _run(self):
        while not self._ends.is_set():
            try:
                self.served.append(self._nginx.fingerprint())
            except (OSError, RuntimeError) as failure:
                self.failures.append(str(failure))
