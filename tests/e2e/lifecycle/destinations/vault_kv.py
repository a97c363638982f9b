# SPDX-License-Identifier: MPL-2.0
"""Secrets in a key/value engine of OpenBao, with a token that has the guide's policy."""

import json
import re

from lab.venv import ROOT

from .. import pem
from ..accident import CUT, DENIED, THROTTLED, UNAVAILABLE, Accident
from ..gate import Gate
from .destination import ALTER, REMOVE, REPLACE, UNMARK, Destination, Found

_POLICY = re.search(r"```text\n(path .*?)```", (ROOT / "docs/guides/sync-vault_kv.md").read_text(), re.DOTALL).group(1)
_STATUS = {THROTTLED: 429, DENIED: 403, UNAVAILABLE: 503}


def _is_write(method: str, path: str, _) -> bool:
    return method not in ("GET", "LIST") and path.startswith("/v1/secret/")


def _refuse(what: str):
    return _STATUS[what], [("Content-Type", "application/json")], json.dumps({"errors": [f"{what} by the lab"]}).encode()


class VaultKv(Destination):
    name = "vault_kv"
    failures = (THROTTLED, DENIED, UNAVAILABLE, CUT)
    drifts = (REMOVE, ALTER, REPLACE, UNMARK)

    def __init__(self, lab):
        self._vault = lab.vault()
        self._vault.ask("PUT", "sys/policies/acl/certwright", {"policy": _POLICY})
        token = self._vault.ask("POST", "auth/token/create", {"policies": ["certwright"], "ttl": "24h"})
        self._token = token["auth"]["client_token"]
        self._gate = Gate(self._vault.url, _is_write, _refuse)
        self._other = pem.make_pair(lab.directory / "foreign")
        self._foreign: set[str] = set()

    def block(self) -> str:
        return '{ vault_kv = { path = "certificates" } }'

    def connection(self) -> str:
        return (f'resource "certwright_app_connection_vault" "connection" {{\n  server_url = "{self._gate.url}"\n'
                "  token = var.credential\n}\n")

    def environment(self) -> dict[str, str]:
        return {"TF_VAR_credential": self._token}

    def objects(self) -> list[Found]:
        return [self._find(name) for name in self._list() if name not in self._foreign]

    def private_keys(self) -> list[str]:
        """A secret whose versions are deleted can be restored: its metadata has to be gone."""
        return [name for name in self._list() if name not in self._foreign]

    def add_foreign(self, name: str):
        self._foreign.add(name)
        self._put(name, {"password": "theirs"})

    def remove_foreign(self, name: str):
        self._foreign.discard(name)
        self._vault.ask("DELETE", f"secret/metadata/certificates/{name}")

    def foreign(self) -> dict[str, str]:
        return {name: json.dumps([self._read(name), self._metadata(name)["custom_metadata"]]) for name in self._foreign}

    def drift(self, what: str, name: str):
        if what == REMOVE:
            self._vault.ask("DELETE", f"secret/metadata/certificates/{name}")
        elif what == ALTER:
            self._put(name, {"certificate": "altered"})
        elif what == REPLACE:
            self._put(name, {"certificate": self._other[0], "private_key": self._other[1], "certificate_chain": ""})
        elif what == UNMARK:
            self._vault.ask("POST", f"secret/metadata/certificates/{name}", {"custom_metadata": {}})

    def remove(self, found: Found):
        self._vault.ask("DELETE", f"secret/metadata/certificates/{found.name}")

    def arm(self, accident: Accident):
        self._gate.accident = accident

    def disarm(self):
        self._gate.accident = None

    def stop(self):
        self._gate.stop()

    def _list(self) -> list[str]:
        answer = self._vault.ask("LIST", "secret/metadata/certificates")
        return answer["data"]["keys"] if answer else []

    def _find(self, name: str) -> Found:
        data = self._read(name) or {}
        metadata = (self._metadata(name) or {}).get("custom_metadata") or {}
        certificate = pem.first_certificate(data.get("certificate", ""))
        problem = None if data.get("certificate_chain") else "no certificate_chain, or no version"
        return Found(name, name, certificate, data.get("private_key"), problem, json.dumps(metadata, sort_keys=True))

    def _read(self, name: str) -> dict | None:
        answer = self._vault.ask("GET", f"secret/data/certificates/{name}")
        return answer and answer["data"]["data"]

    def _metadata(self, name: str) -> dict | None:
        answer = self._vault.ask("GET", f"secret/metadata/certificates/{name}")
        return answer and answer["data"]

    def _put(self, name: str, data: dict):
        self._vault.ask("POST", f"secret/data/certificates/{name}", {"data": data})
