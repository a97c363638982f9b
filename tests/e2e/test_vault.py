# SPDX-License-Identifier: MPL-2.0
"""Certificates in a key/value engine of OpenBao, with a role that has the guide's policy and nothing else."""

import hashlib
import re
import ssl

from lab.configuration import configuration
from lab.testing import LabTest, main
from lab.venv import ROOT

POLICY = re.search(r"```text\n(path .*?)```", (ROOT / "docs/guides/sync-vault_kv.md").read_text(), re.DOTALL).group(1)


class Vault(LabTest):

    def setUp(self):
        super().setUp()
        self.vault = self.lab.vault()
        self.role_id, self.secret_id = self.vault.add_approle("certwright", POLICY)
        self.terraform.env["TF_VAR_secret_id"] = self.secret_id

    def configure_vault(self, names: str):
        connection = f"""
variable "secret_id" {{
  type      = string
  sensitive = true
  ephemeral = true
}}
resource "certwright_app_connection_vault" "vault" {{
  address = "{self.vault.url}"
  approle = {{ role_id = "{self.role_id}", secret_id = var.secret_id }}
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

    def test_a_renewal_is_a_new_version_and_drift_is_repaired(self):
        self.vault.ask("POST", "secret/data/certificates/foreign", {"data": {"password": "theirs"}})
        self.configure_vault(f'["{self.bind.zone}"]')
        self.assert_success(self.terraform.apply())
        self.assert_in_place("1")
        first = self.synced()
        self.assertEqual(first["external_id"], f"secret/certificates/{first['name']}")

        self.configure_vault(f'["{self.bind.zone}", "www.{self.bind.zone}"]')
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

    def test_a_refused_secret_id_is_told_at_the_connection(self):
        self.terraform.env["TF_VAR_secret_id"] = "wrong"
        self.configure_vault(f'["{self.bind.zone}"]')

        outcome = self.terraform.apply("-json")

        errors = outcome.diagnostics()
        self.assertEqual([error["address"] for error in errors], ["certwright_app_connection_vault.vault"], outcome)
        self.assertIn("Vault answered 400", errors[0]["detail"])


if __name__ == "__main__":
    main()
