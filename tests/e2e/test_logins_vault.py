# SPDX-License-Identifier: MPL-2.0
"""Who one is at Vault: hvac and our connection, in the same environments. What hvac does not read, but Vault's command line does, it is
told."""

import json
import unittest

from lab.logins import SDKS, Case, FakeVendor, LoginTest, Outcome
from lab.testing import main
from lab.venv import venv


class FakeVault(FakeVendor):
    """Logins, and the lookup of a token. Who one is: the token and the namespace."""

    def answer(self, client, request, host, path, body):
        json_type = {"Content-Type": "application/json"}
        token = request.headers.get("X-Vault-Token", "nobody")
        if path == "/v1/auth/token/lookup-self":
            if token == "stale":
                return 403, json_type, '{"errors": ["permission denied"]}'
            self.identities[client].append(f"{token} in {request.headers.get('X-Vault-Namespace', 'the root')}")
            return 200, json_type, json.dumps({"data": {"id": token}})
        if "/login" in path and "wrong" not in body.decode():
            given = json.loads(body)
            given.pop("use_token", None)
            return 200, json_type, json.dumps({"auth": {
                "client_token": f"token of {path} with {sorted(given.items())}", "lease_duration": 3600, "renewable": True}})
        if path == "/v1/auth/token/revoke-self":
            return 204, {}, ""
        return 400, json_type, '{"errors": ["invalid username or password"]}'


GIVEN = {"server_url": '"{url}"'}
EQUAL, BOTH_REFUSE, REFUSED = Outcome.EQUAL, Outcome.BOTH_REFUSE, Outcome.REFUSED
TOKEN = {"VAULT_TOKEN": "from-environment"}


def told(method: str, **arguments) -> dict:
    return {"login": {"method": method, "arguments": arguments}}


def refused(variable: str, value: str, says: str) -> Case:
    return Case(variable, {**TOKEN, variable: value}, outcome=REFUSED, says=says)


CASES = [
    Case("token of the environment", TOKEN),
    Case("token of the environment that is refused", {"VAULT_TOKEN": "stale"}, outcome=BOTH_REFUSE, says="permission denied"),
    Case("token of the command line", files={".vault-token": "from-file\n"}),
    Case("environment before the command line", TOKEN, {".vault-token": "from-file"}),
    Case("given token before the environment", TOKEN, {".vault-token": "from-file"}, {"token": '"given"'}, {"arguments": {"token": "given"}}),
    Case("given server with the environment's token", {**TOKEN, "VAULT_ADDR": "http://127.0.0.1:1"}, connection=GIVEN,
         sdk={"arguments": {"url": "{url}"}}),
    Case("nothing", {"VAULT_ADDR": None}, {".vault-token": "from-file"}, outcome=BOTH_REFUSE, says="or VAULT_ADDR in the environment"),
    Case("no token", outcome=REFUSED, says="VAULT_TOKEN in the environment"),
    Case("namespace", {**TOKEN, "VAULT_NAMESPACE": "team-a/web"}, sdk={"arguments": {"namespace": "team-a/web"}}),
    Case("given namespace", {**TOKEN, "VAULT_NAMESPACE": "other"}, connection={"namespace": '"team-a/web"'},
         sdk={"arguments": {"namespace": "team-a/web"}}),
    Case("user and password", TOKEN, connection={"userpass": '{ username = "me@x", password = "word" }'},
         sdk=told("userpass", username="me%40x", password="word")),
    Case("user and password at another mount", connection={"userpass": '{ username = "me", password = "word", mount = "people" }'},
         sdk=told("userpass", username="me", password="word", mount_point="people")),
    Case("user and password that are refused", connection={"userpass": '{ username = "me", password = "wrong" }'},
         sdk=told("userpass", username="me", password="wrong"), outcome=BOTH_REFUSE, says="invalid username or password"),
    Case("LDAP", connection={"ldap": '{ username = "me", password = "word" }'}, sdk=told("ldap", username="me", password="word")),
    Case("AppRole", connection={"approle": '{ role_id = "r", secret_id = "s" }'}, sdk=told("approle", role_id="r", secret_id="s")),
    Case("JWT", connection={"jwt": '{ role = "r", token = "j" }'}, sdk=told("jwt", role="r", jwt="j", path="jwt")),
    Case("Kubernetes", files={"t": "j"}, connection={"kubernetes": '{ role = "r", token_file = "{home}/t" }'},
         sdk=told("kubernetes", role="r", jwt="j")),
    Case("certificate without one", connection={"cert": '{ role = "r" }'}, sdk=told("cert", name="r", cert_pem="{home}/none",
         key_pem="{home}/none"), outcome=BOTH_REFUSE, says="needs client_certificate_pem"),
    Case("CA that is not there", {**TOKEN, "VAULT_CACERT": "{home}/none"}, outcome=REFUSED, says="VAULT_CACERT names cannot be read"),
    Case("client certificate without its key", {**TOKEN, "VAULT_CLIENT_CERT": "{home}/c"}, {"c": "x"}, outcome=REFUSED,
         says="VAULT_CLIENT_CERT and VAULT_CLIENT_KEY go together"),
    Case("client certificate that is not there", {**TOKEN, "VAULT_CLIENT_KEY": "{home}/none"}, outcome=REFUSED,
         says="VAULT_CLIENT_KEY names cannot be read"),
    refused("VAULT_SKIP_VERIFY", "true", "VAULT_SKIP_VERIFY is not supported"),
    refused("VAULT_TLS_SERVER_NAME", "inner.test", "VAULT_TLS_SERVER_NAME is not supported"),
    refused("VAULT_CAPATH", "{home}", "set VAULT_CACERT to a file instead"),
    refused("VAULT_PROXY_ADDR", "http://127.0.0.1:1", "set HTTPS_PROXY instead"),
    refused("VAULT_HTTP_PROXY", "http://127.0.0.1:1", "set HTTPS_PROXY instead"),
    refused("VAULT_AGENT_ADDR", "http://127.0.0.1:1", "set VAULT_ADDR to where the agent listens"),
]


class LoginsVault(LoginTest, unittest.TestCase):
    kind = "vault"
    cases = CASES
    environment = {"VAULT_ADDR": "{url}", "no_proxy": "127.0.0.1"}
    clean = ("VAULT_",)
    guide = "connection-vault.md"
    plumbing = {"no_proxy"}

    def make_vendor(self):
        return FakeVault(self.lab.directory)

    def sdk_command(self):
        return [venv("hvac", "hvac==2.4.0") / "bin" / "python", "-B", SDKS / "sdk_vault.py"]


if __name__ == "__main__":
    main()
