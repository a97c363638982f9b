# SPDX-License-Identifier: MPL-2.0
"""What may happen to a run between its requests: the provider or Terraform is killed, an answer is lost, somebody presses Ctrl-C."""

import os
import pathlib
import signal
import socket
import socketserver
import threading

from .bind import Bind

KILLED_BEFORE, KILLED_AFTER, LOST, STOPPED = "killed before", "killed after", "answer lost", "stopped"
HOST_KILLED = "Terraform killed"  # the provider lives on until it notices
_UPDATE = 5  # DNS opcode (RFC 2136)


def provider_of(terraform_pid: int) -> int:
    """The provider process that Terraform started."""
    for stat in pathlib.Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rsplit(")", 1)[1].split()
            name = (stat.parent / "cmdline").read_bytes()
        except OSError:
            continue
        if int(fields[1]) == terraform_pid and b"terraform-provider-certwright" in name:
            return int(stat.parent.name)
    raise AssertionError("Terraform has no provider process")


class Accident:
    """Lets requests through, one at a time, until the one of the number `at`, counted from 1. `terraform`: the running process, to be
    set once it is started."""

    def __init__(self, what: str, at: int):
        self.what, self.at = what, at
        self.terraform = None
        self.count = 0
        self._lock = threading.Lock()

    def through(self, forward):
        """What forward() returns; None when the sender is to get no answer."""
        with self._lock:
            self.count += 1
            if self.count != self.at:
                return forward()
            if self.what == KILLED_BEFORE:
                self._kill()
                return None
            if self.what == STOPPED:
                os.killpg(self.terraform.pid, signal.SIGINT)
            if self.what == HOST_KILLED:
                os.kill(self.terraform.pid, signal.SIGKILL)
            answer = forward()
            if self.what == KILLED_AFTER:
                self._kill()
            return answer if self.what in (STOPPED, HOST_KILLED) else None

    def _kill(self):
        os.kill(provider_of(self.terraform.pid), signal.SIGKILL)


class DnsProxy:
    """Before BIND, by UDP and TCP: changes go through the accident, questions straight on."""

    def __init__(self, bind: Bind, accident: Accident):
        self.zone, self.key_name = bind.zone, bind.key_name
        self.accident = accident
        self._upstream = ("127.0.0.1", bind.port)
        self._tcp = socketserver.ThreadingTCPServer(("127.0.0.1", 0), self._handler(_answer_tcp))
        self._udp = socketserver.ThreadingUDPServer(self._tcp.server_address, self._handler(_answer_udp))
        for server in (self._tcp, self._udp):
            server.daemon_threads = True
            server.handle_error = lambda *_: None  # a sender that was killed
            threading.Thread(target=server.serve_forever, daemon=True).start()

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self._tcp.server_address[1]}"

    def stop(self):
        for server in (self._tcp, self._udp):
            server.shutdown()
            server.server_close()

    def ask(self, message: bytes) -> bytes | None:
        if (message[2] >> 3) & 0xF != _UPDATE:
            return self._forward(message)
        return self.accident.through(lambda: self._forward(message))

    def _forward(self, message: bytes) -> bytes:
        with socket.create_connection(self._upstream, timeout=10) as connection:
            connection.sendall(len(message).to_bytes(2, "big") + message)
            stream = connection.makefile("rb")
            return stream.read(int.from_bytes(stream.read(2), "big"))

    def _handler(self, answer):
        proxy = self

        class Handler(socketserver.BaseRequestHandler):
            def handle(self):
                answer(self, proxy)

        return Handler


def _answer_udp(handler, proxy: DnsProxy):
    message, server = handler.request
    if answer := proxy.ask(message):
        server.sendto(answer, handler.client_address)


def _answer_tcp(handler, proxy: DnsProxy):
    stream = handler.request.makefile("rb")
    while len(size := stream.read(2)) == 2:
        answer = proxy.ask(stream.read(int.from_bytes(size, "big")))
        if answer is None:
            return
        handler.request.sendall(len(answer).to_bytes(2, "big") + answer)
