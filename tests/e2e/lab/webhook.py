# SPDX-License-Identifier: MPL-2.0
"""A server of lego's httpreq protocol, as the webhook guide describes one: it changes a zone by signed updates (nsupdate)."""

import base64
import hmac
import http.server
import json
import secrets
import subprocess

from .loopback import LoopbackServer

_ACTIONS = {"/present": "add", "/cleanup": "delete"}


class Webhook(LoopbackServer):
    """`dns`: the lab's server of the zone, with `zone`, `address`, `key_name` and `secret`. `calls`: path and name of each that was carried out or tried."""

    username = "certwright"

    def __init__(self, dns):
        self.password = secrets.token_urlsafe(24)
        self.calls: list[tuple[str, str, int]] = []
        self._dns = dns
        super().__init__(self._handler())

    def answer(self, method: str, path: str, authorization: str, content: bytes) -> int:
        expected = "Basic " + base64.b64encode(f"{self.username}:{self.password}".encode()).decode()
        if not hmac.compare_digest(authorization, expected):
            return 401
        if path not in _ACTIONS:
            return 404
        if method != "POST":
            return 405
        try:
            body = json.loads(content)
            fqdn, value = body["fqdn"], body["value"]
        except (ValueError, KeyError):
            return 400
        if set(body) != {"fqdn", "value"} or not fqdn.endswith(f".{self._dns.zone}."):
            return 422
        self.calls.append((path, fqdn))
        # A refused update has changed nothing, so it is no 5xx: after one of those the record might be there.
        return 200 if self._update(f'update {_ACTIONS[path]} {fqdn} {"1 " if path == "/present" else ""}TXT "{value}"') else 422

    def _update(self, command: str) -> bool:
        host, port = self._dns.address.rsplit(":", 1)
        commands = f"server {host} {port}\nzone {self._dns.zone}\n{command}\nsend\n"
        key = f"hmac-sha256:{self._dns.key_name}:{self._dns.secret}"
        return subprocess.run(["nsupdate", "-y", key], input=commands, text=True, capture_output=True).returncode == 0

    def _handler(self):
        webhook = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_any(self):
                content = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                self.send_response_only(webhook.answer(self.command, self.path, self.headers.get("Authorization", ""), content))
                self.send_header("Content-Length", "0")
                self.end_headers()

            do_GET = do_POST = handle_any

            def log_message(self, *_):
                pass

        return Handler
