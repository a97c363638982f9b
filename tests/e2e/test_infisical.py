# SPDX-License-Identifier: MPL-2.0
"""Leaving Infisical: the configuration of its guide takes over a certificate from PEM files, and what Infisical put into AWS Certificate
Manager (moto behind the strict proxy) and into an Azure Key Vault, and nothing is ordered for it."""

import re
import subprocess

from lab import key_vault
from lab.terraform import ROOT
from lab.testing import LabTest, main

GUIDE = ROOT / "docs" / "guides" / "migrate-from-infisical.md"
OBJECT = "Infisical-0c7bc6ec8c381c1bc5a317d2c5f0b9a1"


def after() -> str:
    """The configuration at the end of the guide: its last block."""
    return re.findall(r"^```terraform\n(.*?)^```", GUIDE.read_text(), re.DOTALL | re.MULTILINE)[-1]


class Infisical(LabTest):

    def setUp(self):
        super().setUp()
        self.aws = self.lab.aws(self.bind)
        self.vault = self.lab.key_vault()
        self.terraform.env.update(self.aws.environment, TF_VAR_aws_secret_access_key=self.aws.secret,
                                  TF_VAR_azure_client_secret=key_vault.SECRET)
        self.make_certificate()
        texts = {name: (self.terraform.directory / name).read_text() for name in ("web.crt", "web-chain.crt", "web.key")}
        self.aws.meddle("import_certificate", certificate=texts["web.crt"], chain=texts["web-chain.crt"], key=texts["web.key"],
                        tags={"InfisicalCertificate": OBJECT})
        self.arn, = self.aws.world()["certificates"]
        whole = texts["web.key"] + texts["web.crt"] + texts["web-chain.crt"]
        self.certificate = self.vault.ask_client(["import_pem", OBJECT, whole, {}])[0]["cer"]

    def make_certificate(self):
        """What Infisical's UI downloads, of a CA that is not the lab's: web.crt, web-chain.crt and web.key."""
        def openssl(*arguments):
            subprocess.run(["openssl", *arguments], cwd=self.terraform.directory, check=True, capture_output=True)
        new_key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
        openssl("req", "-x509", *new_key, "-subj", "/CN=Intermediate", "-keyout", "ca.key", "-out", "web-chain.crt")
        openssl("req", *new_key, "-subj", f"/CN={self.bind.zone}", "-keyout", "web.key", "-out", "web.csr",
                "-addext", f"subjectAltName=DNS:{self.bind.zone},DNS:www.{self.bind.zone}")
        openssl("x509", "-req", "-in", "web.csr", "-CA", "web-chain.crt", "-CAkey", "ca.key", "-CAcreateserial", "-days", "80",
                "-copy_extensions", "copyall", "-out", "web.crt")

    def guide(self) -> str:
        """The guide's configuration, with the lab's servers in the place of the world's."""
        text = after().replace("arn:aws:acm:eu-west-1:123456789012:certificate/12345678-1234-1234-1234-123456789012", self.arn)
        text = text.replace("https://my-vault.vault.azure.net", self.vault.url).replace("Z0123456789ABCDEFGHIJ", self.aws.zone_id)
        text = text.replace('example.com"', f'{self.bind.zone}"')
        for attribute, lines in {
                "access_key_id": [f'access_key_id = "{self.aws.key_id}"', f'endpoint_url = "{self.aws.url}"'],
                "tenant_id": [f'tenant_id = "{key_vault.TENANT}"', f'authority_url = "{self.vault.url}"'],
                "client_id": [f'client_id = "{key_vault.CLIENT}"'],
                "directory_url": [f'directory_url = "{self.pebble.directory_url}"',
                                  f'trusted_roots_pem = file("{self.pebble.ca_file}")',
                                  f'propagation = {{ nameservers = ["{self.bind.address}"], resolvers = ["{self.bind.address}"] }}'],
        }.items():
            text, found = re.subn(rf"^  {attribute} .*", lambda _: "\n".join(lines), text, flags=re.MULTILINE)
            self.assertEqual(found, 1, attribute)
        return text

    def synced(self, name: str) -> dict:
        return self.terraform.state()[f"certwright_certificate_sync.{name}"]["synced"]["web"]

    def vault_object(self) -> dict:
        return self.vault.ask_client(["get", OBJECT])[0]

    def test_the_guide_takes_everything_over_and_the_next_certificate_goes_where_it_was(self):
        text = self.guide()
        self.write(text)
        self.pebble.mark()

        self.assert_success(self.terraform.apply())

        self.assertNotIn("newOrder", self.pebble.requests())
        self.assertNotIn("ImportCertificate", self.aws.actions())
        self.assertEqual(self.synced("acm")["external_id"], self.arn)
        self.assertTrue(self.synced("vault")["external_id"].endswith(f"/{OBJECT}"))
        self.assertEqual(self.vault_object()["cer"], self.certificate)
        self.assertIn("InfisicalCertificate", str(self.aws.world()["certificates"][self.arn]))
        self.assert_no_changes()

        # As the guide says: the blocks and `adopt` go. A new order is the account's own first.
        text = re.sub(r"^import \{\n.*\n.*\n\}\n|^ *adopt *= true\n", "", text, flags=re.MULTILINE)
        self.write(text.replace(f'"www.{self.bind.zone}"', f'"www.{self.bind.zone}", "new.{self.bind.zone}"'))
        self.assert_success(self.terraform.apply())

        self.assertEqual(self.pebble.requests()["newOrder"], 1)
        self.assertEqual(list(self.aws.world()["certificates"]), [self.arn])
        self.assertEqual(self.synced("acm")["external_id"], self.arn)
        self.assertTrue(self.synced("vault")["external_id"].endswith(f"/{OBJECT}"))
        self.assertNotEqual(self.vault_object()["cer"], self.certificate)
        self.assert_no_changes()


if __name__ == "__main__":
    main()
