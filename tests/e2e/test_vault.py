# SPDX-License-Identifier: MPL-2.0
"""Certificates in a key/value engine of OpenBao, by each way to log in, with a role that has the guide's policy and nothing else."""

import hashlib
import re
import ssl

from lab.configuration import configuration
from lab.jwt import Issuer, TokenReviews
from lab.testing import LabTest, main
from lab.venv import ROOT

POLICY = re.search(r"```text\n(path .*?)```", (ROOT / "docs/guides/sync-vault_kv.md").read_text(), re.DOTALL).group(1)


class Vault(LabTest):

    def setUp(self):
        super().setUp()
        self.vault = self.lab.vault()

    def login_by_approle(self) -> str:
        role_id, self.terraform.env["TF_VAR_login"] = self.vault.add_approle("certwright", POLICY)
        return f'approle = {{ role_id = "{role_id}", secret_id = var.login }}'

    def configure_vault(self, login: str, names: str | None = None):
        names = names or f'["{self.bind.zone}"]'
        connection = f"""
variable "login" {{
  type      = string
  sensitive = true
  ephemeral = true
}}
resource "certwright_app_connection_vault" "vault" {{
  server_url = "{self.vault.url}"
  {login}
}}
"""
        self.write(connection + configuration(self.bind, self.pebble, certificate={"dns_names": names}, sync={
            "app_connection": "certwright_app_connection_vault.vault.handle",
            "destination": '{ vault_kv = { path = "certificates" } }'}))

    def synced(self) -> dict:
        return self.terraform.state()["certwright_certificate_sync.files"]["synced"]["web"]

    def secret(self) -> dict | None:
        answer = self.vault.ask("GET", f"secret/data/certificates/{self.synced()['name']}")
        return answer and answer["data"]

    def assert_in_place(self, version: str):
        synced = self.synced()
        secret = self.secret()
        der = ssl.PEM_cert_to_DER_cert(secret["data"]["certificate"])
        self.assertEqual(hashlib.sha256(der).hexdigest(), synced["fingerprint_sha256"])
        self.assertIn("BEGIN PRIVATE KEY", secret["data"]["private_key"])
        self.assertIn("BEGIN CERTIFICATE", secret["data"]["certificate_chain"])
        self.assertEqual((synced["version"], str(secret["metadata"]["version"])), (version, version))
        self.assert_no_changes()

    def tokens(self) -> set[str]:
        return set(self.vault.ask("LIST", "auth/token/accessors")["data"]["keys"])

    def test_tokens_of_logins_are_revoked_when_the_provider_ends(self):
        before = self.tokens()
        self.configure_vault(self.login_by_approle())

        self.assert_success(self.terraform.apply())

        self.assertEqual(self.tokens(), before)

    def test_a_renewal_is_a_new_version_and_drift_is_repaired(self):
        self.vault.ask("POST", "secret/data/certificates/foreign", {"data": {"password": "theirs"}})
        login = self.login_by_approle()
        self.configure_vault(login)
        self.assert_success(self.terraform.apply())
        self.assert_in_place("1")
        first = self.synced()
        self.assertEqual(first["external_id"], f"secret/certificates/{first['name']}")

        self.configure_vault(login, f'["{self.bind.zone}", "www.{self.bind.zone}"]')
        self.assert_success(self.terraform.apply())
        self.assert_in_place("2")
        self.assertEqual(self.synced()["external_id"], first["external_id"])

        self.vault.ask("POST", f"secret/data/certificates/{first['name']}", {"data": {"certificate": "theirs"}})
        self.assertEqual((outcome := self.terraform.plan()).code, 2, outcome)
        self.assert_success(self.terraform.apply())
        self.assert_in_place("4")

        self.assert_success(self.terraform.destroy())
        self.assertIsNone(self.vault.ask("GET", f"secret/metadata/certificates/{first['name']}"))
        foreign = self.vault.ask("GET", "secret/data/certificates/foreign")["data"]
        self.assertEqual(foreign["data"], {"password": "theirs"})

    def test_fields_of_others_stay_through_a_renewal_and_a_destroy(self):
        login = self.login_by_approle()
        self.configure_vault(login)
        self.assert_success(self.terraform.apply())
        name = self.synced()["name"]
        data = self.secret()["data"] | {"owner": "team-web"}
        self.vault.ask("POST", f"secret/data/certificates/{name}", {"data": data})
        self.assert_no_changes()

        self.configure_vault(login, f'["{self.bind.zone}", "www.{self.bind.zone}"]')
        self.assert_success(self.terraform.apply())
        self.assertEqual(self.secret()["data"]["owner"], "team-web")
        self.assert_success(self.terraform.destroy())

        left = self.vault.ask("GET", f"secret/data/certificates/{name}")["data"]
        self.assertEqual((left["data"], left["metadata"]["custom_metadata"] or {}), ({"owner": "team-web"}, {}))
        versions = self.vault.ask("GET", f"secret/metadata/certificates/{name}")["data"]["versions"]
        self.assertEqual([one for one, version in versions.items() if not version["destroyed"]], ["4"])

    def new_token(self):
        """For the next run, which has it alone."""
        if former := self.terraform.env.get("TF_VAR_login"):
            self.vault.ask("POST", "auth/token/revoke", {"token": former})
        self.vault.ask("POST", "sys/policies/acl/run", {"policy": POLICY})
        token = self.vault.ask("POST", "auth/token/create", {"policies": ["run"]})
        self.terraform.env["TF_VAR_login"] = token["auth"]["client_token"]

    def test_with_a_token_of_its_own_each_run_sees_repairs_and_removes(self):
        self.new_token()
        self.configure_vault("token = var.login")
        self.assert_success(self.terraform.apply())
        name = self.synced()["name"]

        self.vault.ask("DELETE", f"secret/metadata/certificates/{name}")
        self.new_token()
        self.assert_success(self.terraform.apply())
        self.assertIn("BEGIN PRIVATE KEY", self.secret()["data"]["private_key"])

        self.new_token()
        self.write((self.terraform.directory / "main.tf").read_text().partition('resource "certwright_certificate_sync"')[0])
        self.assert_success(self.terraform.apply())
        self.assertIsNone(self.vault.ask("GET", f"secret/metadata/certificates/{name}"))

    def test_a_refused_secret_id_is_told_at_the_connection(self):
        self.configure_vault(self.login_by_approle())
        self.terraform.env["TF_VAR_login"] = "wrong"

        outcome = self.terraform.apply("-json")

        errors = outcome.diagnostics()
        self.assertEqual([error["address"] for error in errors], ["certwright_app_connection_vault.vault"], outcome)
        self.assertIn("Vault answered 400", errors[0]["detail"])

    def test_a_jwt_of_a_ci_system_opens_it(self):
        issuer = Issuer(self.lab.directory)
        self.vault.add_jwt_role("certwright", POLICY, issuer)
        self.configure_vault('jwt = { role = "certwright", token = var.login }')
        self.terraform.env["TF_VAR_login"] = issuer.sign(iss="https://ci.test", sub="job", aud="others")

        refused = self.terraform.apply("-json").diagnostics()
        self.assertEqual([error["address"] for error in refused], ["certwright_app_connection_vault.vault"], refused)
        self.assertIn("invalid audience", refused[0]["detail"])
        self.terraform.env["TF_VAR_login"] = issuer.sign(iss="https://ci.test", sub="job", aud="certwright")
        self.assert_success(self.terraform.apply())

        self.assert_in_place("1")

    def test_a_users_password_opens_it(self):
        self.vault.ask("POST", "sys/policies/acl/run", {"policy": POLICY})
        self.vault.ask("POST", "sys/auth/people", {"type": "userpass"})
        self.vault.ask("POST", "auth/people/users/me", {"password": "correct horse", "token_policies": ["run"]})
        self.configure_vault('userpass = { username = "me", password = var.login, mount = "people" }')
        self.terraform.env["TF_VAR_login"] = "wrong"

        refused = self.terraform.apply("-json").diagnostics()
        self.assertEqual([error["address"] for error in refused], ["certwright_app_connection_vault.vault"], refused)
        self.assertIn("invalid username or password", refused[0]["detail"])
        self.terraform.env["TF_VAR_login"] = "correct horse"
        self.assert_success(self.terraform.apply())

        self.assert_in_place("1")

    def test_a_service_account_of_kubernetes_opens_it(self):
        issuer = Issuer(self.lab.directory)
        token = issuer.sign_service_account("ci", "certwright")
        other = issuer.sign_service_account("ci", "other")
        reviews = TokenReviews({token: ("ci", "certwright"), other: ("ci", "other")})
        self.addCleanup(reviews.stop)
        self.vault.add_kubernetes_role("certwright", POLICY, issuer, reviews)
        file = self.lab.directory / "token"
        file.write_text(other)
        self.terraform.env["TF_VAR_login"] = ""
        self.configure_vault(f'kubernetes = {{ role = "certwright", token_file = "{file}" }}')

        refused = self.terraform.apply("-json").diagnostics()
        self.assertIn("service account name not authorized", refused[0]["detail"])
        file.write_text(token)
        self.assert_success(self.terraform.apply())

        self.assert_in_place("1")


if __name__ == "__main__":
    main()
