# SPDX-License-Identifier: MPL-2.0
"""A real kube-apiserver over etcd, with the token and the namespace of the fake (tests/engine/vendors/kubernetes/fake_api.h)."""

import json
import pathlib
import ssl
import subprocess
import urllib.error
import urllib.request

from .kubernetes import NAMESPACE, TOKEN
from .process import Server, find_program, free_port


class KubeApiserver:

    def __init__(self, directory: pathlib.Path, program: pathlib.Path):
        self.directory = directory
        self._make_keys()
        etcd, peers, port = free_port(), free_port(), free_port()
        self.url = f"https://127.0.0.1:{port}"
        self.context = ssl.create_default_context(cafile=directory / "server.pem")
        urls = [f"--{option}=http://127.0.0.1:{number}" for option, number in (
            ("listen-client-urls", etcd), ("advertise-client-urls", etcd), ("listen-peer-urls", peers), ("initial-advertise-peer-urls", peers))]
        self._servers = [Server([find_program("etcd"), f"--data-dir={directory / 'etcd'}", *urls,
                                 f"--initial-cluster=default=http://127.0.0.1:{peers}"], directory / "etcd.log")]
        # Its user belongs to the administrators.
        (directory / "tokens.csv").write_text(f'{TOKEN},admin,1,"system:masters"\n')
        self._servers.append(Server(
            [program, f"--etcd-servers=http://127.0.0.1:{etcd}", f"--secure-port={port}", "--bind-address=127.0.0.1",
             "--advertise-address=127.0.0.1", f"--tls-cert-file={directory / 'server.pem'}",
             f"--tls-private-key-file={directory / 'server.key'}", f"--token-auth-file={directory / 'tokens.csv'}",
             f"--service-account-key-file={directory / 'accounts.key'}", f"--service-account-signing-key-file={directory / 'accounts.key'}",
             "--service-account-issuer=https://kubernetes.default.svc", "--service-cluster-ip-range=10.96.0.0/24",
             "--authorization-mode=RBAC", "--disable-admission-plugins=ServiceAccount", "--endpoint-reconciler-type=none"],
            directory / "kube-apiserver.log"))
        self._servers[-1].wait_until(self._is_ready, 120)

    def stop(self):
        while self._servers:
            self._servers.pop().stop()

    def _make_keys(self):
        for command in (["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "30", "-subj",
                         "/CN=kube-apiserver", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", "server.key", "-out", "server.pem"],
                        ["genpkey", "-algorithm", "RSA", "-out", "accounts.key"]):
            subprocess.run(["openssl", *command], check=True, capture_output=True, cwd=self.directory)

    def _is_ready(self) -> bool:
        """Creates the namespace."""
        body = json.dumps({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": NAMESPACE}}).encode()
        request = urllib.request.Request(f"{self.url}/api/v1/namespaces", body, method="POST",
                                         headers={"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"})
        try:
            urllib.request.urlopen(request, context=self.context, timeout=10).close()
        except urllib.error.HTTPError as error:
            return error.code == 409
        except OSError:
            return False
        return True
