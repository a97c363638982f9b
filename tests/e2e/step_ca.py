# SPDX-License-Identifier: MPL-2.0
"""step-ca as a second real CA: short lives, names added by template, and challenges that stay pending after a failure of its resolver."""

import datetime
import os
import subprocess
import sys

from lab.configuration import configuration
from lab.go import step_ca
from lab.hiccup import Hiccup
from lab.testing import SKIPPED, LabTest, main

WEB = "certwright_certificate.web"
_ADDS_A_NAME = """{
  "subject": {{ toJson .Subject }},
  "dnsNames": {{ toJson (append .Insecure.CR.DNSNames "added.example.test") }},
  "keyUsage": ["digitalSignature"], "extKeyUsage": ["serverAuth"]
}"""


def time_of(text: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))


class StepCa(LabTest):
    def start_servers(self):
        self.bind = self.lab.bind()

    def issue(self, dns=None, **options):
        self.ca = self.lab.step_ca(dns or self.bind, step_ca(), **options)
        self.write(configuration(self.bind, self.ca, ca={"account_email": None}))
        outcome = self.terraform.apply()
        self.assert_success(outcome)
        return self.terraform.state()[WEB], outcome

    def test_issues_for_a_day_and_is_due_after_half_of_it(self):
        web, outcome = self.issue()

        lifetime = time_of(web["not_after"]) - time_of(web["not_before"])
        self.assertLess(abs(lifetime - datetime.timedelta(hours=24)), datetime.timedelta(minutes=5))
        self.assertEqual(time_of(web["renewal"]["due_at"]), time_of(web["not_after"]) - lifetime / 2)
        self.assertIn("A daily run comes too late", str(outcome))
        self.assertNotIn("does not end at a root", str(outcome))
        self.assert_no_changes()
        self.assert_no_txt_records()

    def test_issues_for_an_hour(self):
        web, _ = self.issue(lifetime="1h")

        self.assertLess(time_of(web["not_after"]) - time_of(web["not_before"]), datetime.timedelta(minutes=65))
        self.assert_no_changes()

    def test_names_added_by_template_are_a_warning_and_no_other_certificate_is_ordered(self):
        web, outcome = self.issue(template=_ADDS_A_NAME)

        self.assertIn("The CA added names to the certificate", str(outcome))
        self.assertIn("added.example.test", str(outcome))
        text = subprocess.run(["openssl", "x509", "-noout", "-ext", "subjectAltName"], input=web["certificate_pem"], check=True,
                              capture_output=True, text=True).stdout
        self.assertIn("DNS:added.example.test", text)
        self.assert_no_changes()

    def test_a_hiccup_of_its_resolver_is_overcome(self):
        hiccup = Hiccup(self.bind.address, 3)
        self.addCleanup(hiccup.stop)

        self.issue(hiccup)

        self.assertGreater(hiccup.failures, 0)
        self.assert_no_txt_records()

    def test_destroy_revokes_where_wanted(self):
        self.ca = self.lab.step_ca(self.bind, step_ca())
        self.write(configuration(self.bind, self.ca, certificate={"revoke_on_destroy": "true"}))
        self.assert_success(self.terraform.apply())

        self.assert_success(self.terraform.destroy())

        self.assertIn("/acme/acme/revoke-cert", self.ca.text())


if __name__ == "__main__":
    if step_ca() is None:
        print(f"{'ERROR' if os.environ.get('CI') else 'SKIPPED'}: no Go toolchain to build step-ca with", flush=True)
        sys.exit(1 if os.environ.get("CI") else SKIPPED)
    main()
