# SPDX-License-Identifier: MPL-2.0
"""The Secrets of a Kubernetes API server, as tests/engine/vendors/kubernetes/fake_api.h plays them, and kubectl for
them."""

import json
import pathlib
import subprocess

from .fake import Fake

TOKEN = "token-canary-0123456789"
NAMESPACE = "web"


class Kubernetes(Fake):
    def __init__(self, directory: pathlib.Path):
        super().__init__(directory, "kubernetes")
        (directory / "kubeconfig").write_text("apiVersion: v1\nkind: Config\n")

    def kubectl(self, *arguments: str) -> str:
        """What it prints."""
        done = subprocess.run(
            ["kubectl", "--server", self.url, "--kubeconfig", self.directory / "kubeconfig", "--namespace", NAMESPACE, "--cache-dir",
             self.directory / "cache", *arguments], capture_output=True, text=True, timeout=60)
        if done.returncode != 0:
            raise RuntimeError(f"kubectl {' '.join(arguments)}: {done.stderr}")
        return done.stdout

    def apply(self, secret: dict, *options: str):
        file = self.directory / "object.json"
        file.write_text(json.dumps({"apiVersion": "v1", "kind": "Secret", **secret}))
        self.kubectl("apply", "--server-side", "--validate=false", "-f", str(file), *options)

    def secrets(self) -> dict[str, dict]:
        return {one["metadata"]["name"]: one for one in json.loads(self.kubectl("get", "secrets", "-o", "json"))["items"]}
