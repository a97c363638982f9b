# SPDX-License-Identifier: MPL-2.0
"""Who one is at a Kubernetes cluster: the project's Python client and our connection, with the same kubeconfigs."""

import json
import unittest

from lab.logins import SDKS, Case, FakeVendor, LoginTest, Outcome
from lab.testing import main
from lab.venv import venv


class FakeCluster(FakeVendor):
    """The API server's version, which it tells to who has a good token. Who one is: the token, and who is acted as."""

    def answer(self, client, request, host, path, body):
        token = request.headers.get("Authorization", "nobody")
        if path.strip("/") != "version" or token == "Bearer stale":
            return 401, {"Content-Type": "application/json"}, json.dumps({
                "kind": "Status", "apiVersion": "v1", "status": "Failure", "reason": "Unauthorized", "message": "Unauthorized", "code": 401})
        others = sorted(f"{name}: {value}" for name, value in request.headers.items() if name.lower().startswith("impersonate-"))
        self.identities[client].append(f"{token} {others}")
        return 200, {"Content-Type": "application/json"}, json.dumps({
            name: "1" for name in ("major", "minor", "gitVersion", "gitCommit", "gitTreeState", "buildDate", "goVersion", "compiler",
                                   "platform")})


def kubeconfig(user: dict, cluster: dict | None = None, current: str | None = "one") -> str:
    """JSON is YAML. A second context, `two`, has the token `second`."""
    return json.dumps({
        "apiVersion": "v1", "kind": "Config", "current-context": current or "",
        "clusters": [{"name": "c", "cluster": {"server": "{url}", **(cluster or {})}}],
        "contexts": [{"name": "one", "context": {"cluster": "c", "user": "u"}}, {"name": "two", "context": {"cluster": "c", "user": "v"}}],
        "users": [{"name": "u", "user": user}, {"name": "v", "user": {"token": "second"}}]})


def program(status: dict, code: int = 0) -> str:
    answer = json.dumps({"apiVersion": "client.authentication.k8s.io/v1", "kind": "ExecCredential", "status": status})
    return f"#!/bin/sh\ncat <<'END'\n{answer}\nEND\nexit {code}\n"


# What it is told comes back as a part of the token: a variable of the kubeconfig, and an argument.
ECHO = '#!/bin/sh\nprintf \'{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"%s-%s"}}\' "$1" "$WORD"\n'
EXEC = {"apiVersion": "client.authentication.k8s.io/v1", "command": "{home}/program", "interactiveMode": "Never"}
DEFAULT = ".kube/config"
EQUAL, BOTH_REFUSE, REFUSED = Outcome.EQUAL, Outcome.BOTH_REFUSE, Outcome.REFUSED


def by_default(name: str, user: dict, cluster: dict | None = None, files: dict | None = None, **more) -> Case:
    return Case(name, files={DEFAULT: kubeconfig(user, cluster), **(files or {})}, **more)


CASES = [
    by_default("token", {"token": "first"}),
    by_default("token that is refused", {"token": "stale"}, outcome=BOTH_REFUSE, says="Unauthorized"),
    by_default("token file", {"tokenFile": "{home}/t"}, files={"t": "from-file"}),
    by_default("token file beside it", {"tokenFile": "t"}, files={".kube/t": "from-file"}),
    by_default("token file beside a token", {"tokenFile": "{home}/t", "token": "first"}, files={"t": "from-file"}, outcome=REFUSED,
               says="both token and tokenFile"),
    by_default("token file that is not there", {"tokenFile": "{home}/none"}, outcome=BOTH_REFUSE, says="none"),
    Case("nothing", outcome=BOTH_REFUSE, says="kube/config"),
    Case("KUBECONFIG", {"KUBECONFIG": "{home}/k"}, {"k": kubeconfig({"token": "first"}), DEFAULT: kubeconfig({"token": "other"})}),
    Case("KUBECONFIG in the home folder", {"KUBECONFIG": "~/k"}, {"k": kubeconfig({"token": "first"})}),
    Case("KUBECONFIG that is not there", {"KUBECONFIG": "{home}/none"}, {DEFAULT: kubeconfig({"token": "other"})}, outcome=BOTH_REFUSE,
         says="none"),
    Case("KUBECONFIG with several files", {"KUBECONFIG": "{home}/k:{home}/l"},
         {"k": kubeconfig({"token": "first"}), "l": kubeconfig({"token": "other"})}, outcome=REFUSED, says="names several files"),
    Case("given path in the home folder", {"KUBECONFIG": "{home}/none"}, {"k": kubeconfig({"token": "first"})},
         {"kubeconfig_path": '"~/k"'}, {"arguments": {"config_file": "~/k"}}),
    Case("given context", files={DEFAULT: kubeconfig({"token": "first"})}, connection={"context": '"two"'},
         sdk={"arguments": {"context": "two"}}),
    Case("given context that is not there", files={DEFAULT: kubeconfig({"token": "first"})}, connection={"context": '"three"'},
         sdk={"arguments": {"context": "three"}}, outcome=BOTH_REFUSE, says='no context called "three"'),
    Case("no current context", files={DEFAULT: kubeconfig({"token": "first"}, current=None)}, outcome=BOTH_REFUSE, says="no current-context"),
    Case("given token file", files={"t": "from-file\n"}, connection={"server_url": '"{url}"', "token_file": '"{home}/t"'},
         sdk={"host": "{url}", "token_file": "{home}/t"}),
    by_default("program", {"exec": EXEC}, files={"program": program({"token": "printed"})}, allow_exec=True),
    by_default("program with arguments and variables", {"exec": {**EXEC, "args": ["a"], "env": [{"name": "WORD", "value": "w"}]}},
               files={"program": ECHO}, allow_exec=True),
    by_default("program that may not run", {"exec": EXEC}, files={"program": program({"token": "printed"})}, outcome=REFUSED,
               says="allow_exec = true"),
    # The Python client goes on as nobody, and is refused where it matters.
    by_default("program that fails", {"exec": EXEC}, files={"program": program({}, 3)}, allow_exec=True, outcome=REFUSED,
               says="ended with exit code 3"),
    by_default("program with a client's certificate", {"exec": EXEC}, files={
        "program": program({"clientCertificateData": "c", "clientKeyData": "k"})}, allow_exec=True, outcome=REFUSED,
               says="printed a client certificate, which is not supported"),
    by_default("another name in the certificate", {"token": "first"}, {"tls-server-name": "inner.test"}, outcome=REFUSED,
               says="tls-server-name is not supported"),
    by_default("a proxy", {"token": "first"}, {"proxy-url": "http://127.0.0.1:1"}, outcome=REFUSED, says="set HTTPS_PROXY instead"),
    by_default("no verification", {"token": "first"}, {"insecure-skip-tls-verify": True}, outcome=REFUSED,
               says="insecure-skip-tls-verify"),
    by_default("user and password", {"username": "u", "password": "p"}, outcome=REFUSED, says="username and password are not supported"),
]


class LoginsKubernetes(LoginTest, unittest.TestCase):
    kind = "kubernetes"
    cases = CASES
    environment = {"no_proxy": "127.0.0.1"}
    clean = ("KUBE",)
    guide = "connection-kubernetes.md"
    elsewhere = {"KUBERNETES_SERVICE_HOST", "KUBERNETES_SERVICE_PORT"}
    plumbing = {"no_proxy"}

    def make_vendor(self):
        return FakeCluster(self.lab.directory)

    def sdk_command(self):
        return [venv("kubernetes_client", "kubernetes==34.1.0") / "bin" / "python", "-B", SDKS / "sdk_kubernetes.py"]


if __name__ == "__main__":
    main()
