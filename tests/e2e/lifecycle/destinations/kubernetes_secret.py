# SPDX-License-Identifier: MPL-2.0
"""Secrets of a Kubernetes API server, as tests/engine/vendors/kubernetes/fake_api.h plays it."""

import base64
import json
import urllib.error
import urllib.request

from lab import kubernetes

from .. import pem
from ..accident import CUT, DENIED, THROTTLED, UNAVAILABLE, Accident
from ..gate import Gate
from .destination import ALTER, REMOVE, REPLACE, UNMARK, Destination, Found

_SECRETS = f"/api/v1/namespaces/{kubernetes.NAMESPACE}/secrets"
_REFUSED = {THROTTLED: (429, "TooManyRequests"), DENIED: (403, "Forbidden"), UNAVAILABLE: (503, "ServiceUnavailable")}


def _is_write(method: str, path: str, _) -> bool:
    return method != "GET" and path.startswith(_SECRETS)


def _refuse(what: str):
    code, reason = _REFUSED[what]
    status = {"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure", "reason": reason, "code": code,
              "message": f"{what} by the lab"}
    return code, [("Content-Type", "application/json"), ("Retry-After", "1")], json.dumps(status).encode()


class KubernetesSecret(Destination):
    name = "kubernetes_secret"
    failures = (THROTTLED, DENIED, UNAVAILABLE, CUT)
    drifts = (REMOVE, ALTER, REPLACE, UNMARK)

    def __init__(self, lab):
        self._server = lab.kubernetes()
        self._gate = Gate(self._server.url, _is_write, _refuse)
        self._other = pem.make_pair(lab.directory / "foreign")
        self._foreign: set[str] = set()

    def block(self) -> str:
        return f'{{ kubernetes_secret = {{ namespace = "{kubernetes.NAMESPACE}" }} }}'

    def connection(self) -> str:
        return (f'resource "certwright_app_connection_kubernetes" "connection" {{\n  server_url = "{self._gate.url}"\n'
                "  token = var.credential\n  validate = false\n}\n")

    def environment(self) -> dict[str, str]:
        return {"TF_VAR_credential": kubernetes.TOKEN}

    def objects(self) -> list[Found]:
        return [_find(name, secret) for name, secret in self._secrets().items() if name not in self._foreign]

    def private_keys(self) -> list[str]:
        return [found.name for found in self.objects() if found.key]

    def add_foreign(self, name: str):
        self._foreign.add(name)
        self._apply(name, {"type": "Opaque", "data": {"password": "dGhlaXJz"}})

    def remove_foreign(self, name: str):
        self._foreign.discard(name)
        self._ask("DELETE", f"{_SECRETS}/{name}")

    def foreign(self) -> dict[str, str]:
        return {name: json.dumps(secret) for name, secret in self._secrets().items() if name in self._foreign}

    def drift(self, what: str, name: str):
        encode = lambda text: base64.b64encode(text.encode()).decode()
        if what == REMOVE:
            self._ask("DELETE", f"{_SECRETS}/{name}")
        elif what == ALTER:
            self._apply(name, {"data": {"tls.crt": encode("altered")}})
        elif what == REPLACE:
            self._apply(name, {"data": {"tls.crt": encode(self._other[0]), "tls.key": encode(self._other[1])}})
        elif what == UNMARK:
            # Who applies what another manager owns can change it, and not take it away.
            self._apply(name, {"metadata": {"labels": {"app.kubernetes.io/managed-by": "other"}}})

    def remove(self, found: Found):
        self._ask("DELETE", f"{_SECRETS}/{found.name}")

    def arm(self, accident: Accident):
        self._gate.accident = accident

    def disarm(self):
        self._gate.accident = None

    def stop(self):
        self._gate.stop()

    def _secrets(self) -> dict[str, dict]:
        return {one["metadata"]["name"]: one for one in self._ask("GET", _SECRETS).get("items") or []}

    def _apply(self, name: str, secret: dict):
        body = {"apiVersion": "v1", "kind": "Secret", **secret,
                "metadata": {"name": name, "namespace": kubernetes.NAMESPACE, **secret.get("metadata", {})}}
        self._ask("PATCH", f"{_SECRETS}/{name}?fieldManager=other&force=true", body)

    def _ask(self, method: str, path: str, body: dict | None = None) -> dict:
        headers = {"Authorization": f"Bearer {kubernetes.TOKEN}", "Content-Type": "application/apply-patch+yaml"}
        request = urllib.request.Request(self._server.url + path, json.dumps(body).encode() if body else None, headers, method=method)
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(request, timeout=30) as answer:
                return json.loads(answer.read() or b"{}")
        except urllib.error.HTTPError as error:
            raise RuntimeError(f"{method} {path}: {error.code} {error.read().decode()}") from error


def _find(name: str, secret: dict) -> Found:
    data = {key: base64.b64decode(value).decode() for key, value in secret.get("data", {}).items()}
    chain = data.get("tls.crt", "")
    problem = None if pem.count_certificates(chain) > 1 else "the chain is missing"
    labels = json.dumps(secret["metadata"].get("labels", {}), sort_keys=True)
    return Found(name, name, pem.first_certificate(chain), data.get("tls.key"), problem, labels)
