# SPDX-License-Identifier: MPL-2.0
"""Other challenges than dns-01: dns-account-01, which Pebble offers from 2.5.2 on, and dns-persist-01, from 2.10 on."""

import json
import os
import sys

from lab.configuration import configuration
from lab.go import recent_pebble
from lab.testing import SKIPPED, LabTest, main


class DnsAccount01(LabTest):
    def start_servers(self):
        # What dns-01 would use leads nowhere.
        self.bind = self.lab.bind(records="_acme-challenge CNAME nowhere.invalid.")
        self.pebble = self.lab.pebble(self.bind, program=recent_pebble())

    def test_names_are_proven_under_the_accounts_label(self):
        self.configure(ca={"validation": '"dns-account-01"'})

        self.assert_success(self.terraform.apply())

        label = self.terraform.state()["certwright_external_ca_acme.ca"]["dns_account_label"]
        self.assertRegex(label, "^_[a-z2-7]{16}$")
        self.assertIn(f"adding an RR at '{label}._acme-challenge.example.test' TXT", self.bind.server.text())
        self.assert_no_changes()
        self.assert_no_txt_records()


class DnsPersist01(LabTest):
    def start_servers(self):
        self.bind = self.lab.bind()
        self.pebble = self.lab.pebble(self.bind, program=recent_pebble())

    def configure_persistent(self):
        servers = f'nameservers = ["{self.bind.address}"], resolvers = ["{self.bind.address}"], timeout = "1s"'
        ca = {"validation": '"dns-persist-01"', "dns": "[]", "propagation": f"{{ {servers} }}"}
        self.write(configuration(self.bind, self.pebble, ca=ca) + """
output "record" {
  value = provider::certwright::dns_persist_record(certwright_external_ca_acme.ca.dns_persist, "*.example.test", null)
}
""")

    def test_a_record_that_somebody_else_creates_proves_the_names(self):
        self.configure_persistent()

        outcome = self.terraform.apply()

        said = " ".join(str(outcome).replace("│", " ").split())
        account = self.terraform.state()["certwright_external_ca_acme.ca"]["account_url"]
        value = f"pebble.letsencrypt.org; accounturi={account}; policy=wildcard"
        self.assertNotEqual(outcome.code, 0)
        self.assertIn(f'a TXT record _validation-persist.example.test with the value "{value}"', said)
        self.assertIn(f"{self.bind.address}: _validation-persist.example.test. NXDOMAIN", said)
        self.assertEqual(self.pebble.requests()["newOrder"], 0, self.pebble.requests())

        record = json.loads(self.terraform.run("output", "-json", "record").stdout)
        self.assertEqual(record, {"name": "_validation-persist.example.test", "value": value})
        self.bind.add_foreign(record["name"] + ".", f'"{record["value"]}"')
        self.assert_success(self.terraform.apply())

        self.assertEqual(self.pebble.requests()["newOrder"], 1, self.pebble.requests())
        self.assertEqual(len(self.bind.txt_records()), 1, "the record stays")
        self.assert_no_changes()

    def test_a_record_for_the_name_alone_is_not_enough_for_the_wildcard(self):
        self.configure_persistent()
        self.terraform.apply()
        persistent = self.terraform.state()["certwright_external_ca_acme.ca"]["dns_persist"]
        self.bind.add_foreign(f"{persistent['label']}.example.test.", f'"{persistent["value"]}"')

        outcome = self.terraform.apply()

        self.assertNotEqual(outcome.code, 0)
        self.assertIn("the record of pebble.letsencrypt.org has no policy=wildcard", " ".join(str(outcome).replace("│", " ").split()))


if __name__ == "__main__":
    if recent_pebble() is None:
        print(f"{'ERROR' if os.environ.get('CI') else 'SKIPPED'}: no Go toolchain to build Pebble with", flush=True)
        sys.exit(1 if os.environ.get("CI") else SKIPPED)
    main()
