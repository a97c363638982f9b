# SPDX-License-Identifier: MPL-2.0
"""Other challenges than dns-01, which Pebble offers from 2.5.2 on."""

import os
import sys

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


if __name__ == "__main__":
    if recent_pebble() is None:
        print(f"{'ERROR' if os.environ.get('CI') else 'SKIPPED'}: no Go toolchain to build Pebble with", flush=True)
        sys.exit(1 if os.environ.get("CI") else SKIPPED)
    main()
