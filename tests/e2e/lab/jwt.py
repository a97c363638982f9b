# SPDX-License-Identifier: MPL-2.0
"""JSON Web Tokens as CI systems and Kubernetes give them out, and the part of Kubernetes that is asked about them."""

import base64
import http.server
import json
import pathlib
import secrets
import subprocess
import threading
import time


def _base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


class Issuer:
    """Signs tokens with an RSA key of its own; openssl does the work."""

    def __init__(self, directory: pathlib.Path):
        self._key = directory / "issuer.key"
        subprocess.run(["openssl", "genpkey", "-algorithm", "RSA", "-out", self._key], check=True, capture_output=True)
        self.public_key = self._openssl("pkey", "-in", self._key, "-pubout").decode()
        # Of no use but as the PEM that Vault wants to see.
        self.certificate = self._openssl("req", "-x509", "-new", "-key", self._key, "-subj", "/CN=ca").decode()

    def sign(self, **claims) -> str:
        now = int(time.time())
        parts = ({"alg": "RS256", "typ": "JWT"}, {"iat": now, "nbf": now - 60, "exp": now + 600, **claims})
        text = ".".join(_base64url(json.dumps(part).encode()) for part in parts)
        return f"{text}.{_base64url(self._openssl('dgst', '-sha256', '-sign', self._key, input=text.encode()))}"

    def sign_service_account(self, namespace: str, name: str) -> str:
        """As a projected volume holds it."""
        account = {"namespace": namespace, "serviceaccount": {"name": name, "uid": "0a1b2c3d"}}
        return self.sign(iss="https://kubernetes.default.svc", sub=f"system:serviceaccount:{namespace}:{name}",
                         aud=["https://kubernetes.default.svc"], **{"kubernetes.io": account})

    @staticmethod
    def _openssl(*arguments, **options) -> bytes:
        return subprocess.run(["openssl", *arguments], check=True, capture_output=True, **options).stdout


class TokenReviews:
    """A Kubernetes API server's TokenReview, for one reviewer and the tokens that it knows (by token: namespace and name)."""

    def __init__(self, accounts: dict[str, tuple[str, str]]):
        self.reviewer = secrets.token_urlsafe(18)
        reviews = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                # Kubernetes knows by the path what comes; OpenBao does not say.
                if self.path != "/apis/authentication.k8s.io/v1/tokenreviews" or body.get("kind", "TokenReview") != "TokenReview":
                    return self.reply(404, {"kind": "Status", "status": "Failure", "code": 404})
                if self.headers["Authorization"] != f"Bearer {reviews.reviewer}":
                    return self.reply(401, {"kind": "Status", "status": "Failure", "code": 401})
                account = accounts.get(body["spec"]["token"])
                status = {"authenticated": False, "error": "invalid bearer token"}
                if account:
                    groups = ["system:serviceaccounts", f"system:serviceaccounts:{account[0]}", "system:authenticated"]
                    status = {"authenticated": True, "audiences": body["spec"].get("audiences", []),
                              "user": {"username": f"system:serviceaccount:{account[0]}:{account[1]}", "uid": "0a1b2c3d", "groups": groups}}
                self.reply(201, {**body, "status": status})

            def reply(self, status: int, body: dict):
                data = json.dumps({"apiVersion": "authentication.k8s.io/v1", **body}).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *_):
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self):
        self._server.shutdown()
        self._server.server_close()
