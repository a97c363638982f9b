# SPDX-License-Identifier: MPL-2.0
"""OpenBao's PKI engine as a CA, set up as the guide of CAs says."""

import subprocess

from lab.configuration import configuration
from lab.testing import LabTest, main

WEB = "certwright_certificate.web"


class VaultCa(LabTest):
    def start_servers(self):
        self.bind = self.lab.bind()

    def configure_ca(self, ca: dict | None = None, **options):
        self.ca = self.lab.vault_ca(self.bind, **options)
        self.rewrite(ca)

    def rewrite(self, ca: dict | None = None, certificate: dict | None = None):
        self.write(configuration(self.bind, self.ca, ca=ca, certificate=certificate))

    def test_issues_and_renews_and_revokes(self):
        self.configure_ca()
        self.assert_success(self.terraform.apply())
        first = self.terraform.state()[WEB]

        subject = subprocess.run(["openssl", "x509", "-noout", "-ext", "subjectAltName", "-issuer"], input=first["certificate_pem"],
                                 check=True, capture_output=True, text=True).stdout
        self.assertIn("DNS:*.example.test", subject)
        self.assertIn("CN = Root of OpenBao", subject)
        self.assert_no_changes()
        self.assert_no_txt_records()

        self.rewrite(certificate={"key_algorithm": '"RSA_2048"', "revoke_on_destroy": "true"})
        outcome = self.terraform.apply()
        self.assert_success(outcome)
        self.assertNotIn("does not end at a root", str(outcome))
        self.assertNotEqual(self.terraform.state()[WEB]["serial_number"], first["serial_number"])
        self.assert_no_changes()

        self.assertEqual(self.ca.revoked(), [])
        self.assert_success(self.terraform.destroy())
        self.assertEqual(len(self.ca.revoked()), 1)
        self.assert_no_txt_records()

    def test_a_binding_is_used_once(self):
        self.configure_ca(eab=True)
        kid, self.terraform.env["TF_VAR_eab_hmac_key"] = self.ca.new_binding()
        ca = {"eab": f'{{ kid = "{kid}", hmac_key = var.eab_hmac_key }}'}
        self.rewrite(ca)

        self.assert_success(self.terraform.apply())
        self.assert_no_changes()

        outcome = self.terraform.apply("-replace=certwright_external_ca_acme.ca")
        self.assertNotEqual(outcome.code, 0)
        self.assertIn("Check eab.kid and eab.hmac_key", " ".join(str(outcome).split()))

    def test_without_a_binding_the_error_names_it(self):
        self.configure_ca(eab=True)

        outcome = self.terraform.apply()

        self.assertNotEqual(outcome.code, 0)
        self.assertIn("external account binding", " ".join(str(outcome).split()))


if __name__ == "__main__":
    main()
