# SPDX-License-Identifier: MPL-2.0
"""A real kube-apiserver judges the fake: the same requests, those that the destination kubernetes_secret sends, get the same answers."""

import base64
import json
import os
import sys
import urllib.error
import urllib.parse
import urllib.request

from lab import Lab
from lab.go import kube_apiserver
from lab.kubernetes import NAMESPACE, TOKEN
from lab.testing import SKIPPED

SECRETS = f"/api/v1/namespaces/{NAMESPACE}/secrets"
APPLY = "application/apply-patch+yaml"
CERTIFICATE = {"tls.crt": base64.b64encode(b"certificate").decode(), "tls.key": base64.b64encode(b"key").decode()}
OURS = {"app.kubernetes.io/managed-by": "certwright"}


def secret(name="web", data=None, labels=None, kind="kubernetes.io/tls", **metadata) -> dict:
    return {"apiVersion": "v1", "kind": "Secret", "type": kind, "data": CERTIFICATE if data is None else data,
            "metadata": {"name": name, "namespace": NAMESPACE, "labels": OURS if labels is None else labels, **metadata}}


def apply(body: dict, *, manager="certwright", name=None, force=False, kind=APPLY) -> tuple:
    query = {**({"fieldManager": manager} if manager else {}), **({"force": "true"} if force else {})}
    return "PATCH", f"{SECRETS}/{name or body['metadata']['name']}?{urllib.parse.urlencode(query)}", body, kind


def get(name: str) -> tuple:
    return "GET", f"{SECRETS}/{name}", None, None


def delete(name: str, **preconditions) -> tuple:
    return "DELETE", f"{SECRETS}/{name}", {"apiVersion": "v1", "kind": "DeleteOptions", "preconditions": preconditions}, "application/json"


def listed(**query) -> tuple:
    return "GET", f"{SECRETS}?{urllib.parse.urlencode({'labelSelector': 'app.kubernetes.io/managed-by=certwright', **query})}", None, None


# What each request shows. "VERSION", "UID", and "CONTINUE" stand for what the server said last.
REQUESTS = [
    ("none is there", get("web")),
    ("none is there to delete", delete("web", uid="0")),
    ("created", apply(secret(annotations={"team": "web"}))),
    ("there", get("web")),
    ("applied again, nothing changes", apply(secret(annotations={"team": "web"}))),
    ("another's label", apply({**secret(labels={"owner": "ops"}), "data": {}}, manager="ops")),
    ("a conflict with another's label", apply(secret(labels={**OURS, "owner": "web"}, annotations={"team": "web"}))),
    ("forced over it", apply(secret(labels={**OURS, "owner": "web"}, annotations={"team": "web"}), force=True)),
    ("what is no longer said goes", apply(secret(labels=OURS))),
    ("over the version that was seen", apply(secret(labels={**OURS, "a": "b"}, resourceVersion="VERSION"))),
    ("over an older version", apply(secret(labels={**OURS, "a": "c"}, resourceVersion="1"))),
    ("a version of what is not there", apply(secret("gone", resourceVersion="7"))),
    ("another type", apply(secret(kind="Opaque"), force=True)),
    ("no private key", apply(secret("half", data={"tls.crt": CERTIFICATE["tls.crt"]}))),
    ("data that is not base64", apply(secret("garbled", data={**CERTIFICATE, "ca.crt": "?"}))),
    ("a name in upper case", apply(secret("Web"))),
    ("a label that is too long", apply(secret("labels", labels={"a": "b" * 64}))),
    ("another name in the body", apply(secret("other"), name="web")),
    ("no manager", apply(secret("nobody"), manager=None)),
    ("JSON in place of an apply", apply(secret(), kind="application/json")),
    ("a second one", apply(secret("web2"))),
    ("the first page", listed(limit=1)),
    ("the second page", listed(limit=1, **{"continue": "CONTINUE"})),
    ("all", listed(limit=100)),
    ("deleted over another object", delete("web", uid="00000000-0000-0000-0000-000000000000")),
    ("deleted over another version", delete("web", resourceVersion="1")),
    ("there, for its version", get("web")),
    ("deleted", delete("web", uid="UID", resourceVersion="VERSION")),
    ("gone", get("web")),
]


class Api:
    """Sends, and remembers what the next requests refer to."""

    def __init__(self, url: str, context=None):
        self._url = url
        handlers = [urllib.request.HTTPSHandler(context=context)] if context else []
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), *handlers)
        self._known = {}

    def ask(self, method: str, path: str, body: dict | None, kind: str | None, token: str | None = TOKEN) -> tuple[int, dict]:
        text = None if body is None else self._filled(json.dumps(body)).encode()
        headers = {**({"Content-Type": kind} if kind else {}), **({"Authorization": f"Bearer {token}"} if token else {})}
        request = urllib.request.Request(self._url + self._filled(path), text, headers, method=method)
        try:
            with self._opener.open(request, timeout=30) as answer:
                status, text = answer.status, answer.read()
        except urllib.error.HTTPError as error:
            status, text = error.code, error.read()
        answer = json.loads(text)
        metadata = answer.get("metadata") or {}
        if answer.get("kind") == "Secret":
            self._known.update(VERSION=metadata["resourceVersion"], UID=metadata["uid"])
        if metadata.get("continue"):
            self._known["CONTINUE"] = metadata["continue"]
        return status, answer

    def version(self) -> str:
        return self._known.get("VERSION", "")

    def _filled(self, text: str) -> str:
        for name, value in self._known.items():
            text = text.replace(name, value)
        return text


def essence(answer: dict, version_before: str) -> dict:
    """What a client goes by; not what differs from one server to the next."""
    if answer["kind"] == "Status":
        return {name: answer.get(name) for name in ("status", "reason", "code")}
    if answer["kind"] == "SecretList":
        return {"more": bool(answer["metadata"].get("continue")),
                "items": [{"kind": one.get("kind"), **essence({"kind": "Secret", **one}, "")} for one in answer["items"]]}
    metadata = answer["metadata"]
    return {"type": answer.get("type"), "data": answer.get("data"), "labels": metadata.get("labels"), "name": metadata["name"],
            "annotations": metadata.get("annotations"), "is_new_version": metadata["resourceVersion"] != version_before}


def differences(real: Api, fake: Api) -> list[str]:
    found = []
    for what, request in REQUESTS:
        before = real.version(), fake.version()
        (real_status, real_answer), (fake_status, fake_answer) = real.ask(*request), fake.ask(*request)
        seen = [(status, essence(answer, version)) for status, answer, version in (
            (real_status, real_answer, before[0]), (fake_status, fake_answer, before[1]))]
        if seen[0] != seen[1]:
            found.append(f"{what}:\n  kube-apiserver {seen[0]} {real_answer.get('message', '')}\n  the fake       {seen[1]}")
    unknown = [api.ask(*get("web"), token="wrong") for api in (real, fake)]
    if [status for status, _ in unknown] != [401, 401]:
        found.append(f"a wrong token: {unknown}")
    return found


def main() -> int:
    program = kube_apiserver()
    if program is None:
        print(f"{'ERROR' if os.environ.get('CI') else 'SKIPPED'}: no Go toolchain to build kube-apiserver with", flush=True)
        return 1 if os.environ.get("CI") else SKIPPED
    with Lab() as lab:
        server = lab.kube_apiserver(program)
        found = differences(Api(server.url, server.context), Api(lab.kubernetes().url))
    print(f"{len(REQUESTS) + 1} requests, {len(found)} answers that differ", *found, sep="\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
