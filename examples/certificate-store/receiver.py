#!/usr/bin/env python3
# SPDX-License-Identifier: MPL-2.0
"""A server for the destination `webhook`: it checks each request's signature and keeps certificates in a folder, as store.py does.

Usage: RECEIVER_SECRET=<the connection's signing_secret> receiver.py FOLDER [PORT]

It listens on loopback alone: put a proxy with TLS in front of it, which passes `POST /certificate` on.
"""

import hashlib
import hmac
import http.server
import json
import os
import re
import sys
import time

from store import Conflict, NotFound, Store, TryLater

MAX_AGE = 300  # seconds; whoever records a request cannot send it again later
MAX_BODY = 1024 * 1024


def is_signed(secret: str, header: str, body: bytes, now: float) -> bool:
    """Whether the header Certwright-Signature, "t=<unix time>,v1=<hex>", is of this body, and new."""
    match = re.fullmatch(r"t=([0-9]{1,12}),v1=([0-9a-f]{64})", header)
    if not match or abs(now - int(match[1])) > MAX_AGE:
        return False
    expected = hmac.new(secret.encode(), match[1].encode() + b"." + body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(expected, match[2])


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    secret = ""
    folder = ""

    def do_POST(self):
        length = int(self.headers.get("Content-Length", 0))
        if length > MAX_BODY:
            self.close_connection = True
            return self.reply(413, {"error": "too_long", "message": "the request is too long"})
        body = self.rfile.read(length)
        if self.path != "/certificate":
            return self.reply(404, {"error": "unknown_path", "message": "there is nothing but /certificate"})
        # Before anything of the body is looked at.
        if not is_signed(self.secret, self.headers.get("Certwright-Signature", ""), body, time.time()):
            return self.reply(401, {"error": "bad_signature", "message": "the signature is missing, wrong, or too old"})
        try:
            self.reply(200, Store(self.folder).answer(json.loads(body)))
        except NotFound as failure:
            self.reply(404, {"error": "not_found", "message": str(failure)})
        except Conflict as failure:
            self.reply(409, {"error": "conflict", "message": str(failure)})
        except TryLater as failure:
            self.reply(503, {"error": "later", "message": str(failure)}, {"Retry-After": "2"})
        except Exception as failure:  # of which nothing but its type is told: its text may contain what was sent
            self.reply(500, {"error": "failed", "message": type(failure).__name__})

    def reply(self, status: int, answer: dict, headers: dict | None = None):
        content = json.dumps(answer).encode()
        self.send_response(status)
        for name, value in ({"Content-Type": "application/json", "Content-Length": str(len(content))} | (headers or {})).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *arguments):
        print(format % arguments, file=sys.stderr)


def main():
    Handler.secret = os.environ["RECEIVER_SECRET"]
    Handler.folder = sys.argv[1]
    port = int(sys.argv[2]) if len(sys.argv) > 2 else 8080
    with http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler) as server:
        print(f"listening on 127.0.0.1:{server.server_address[1]}", flush=True)
        server.serve_forever()


if __name__ == "__main__":
    main()
