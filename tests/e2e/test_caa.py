# SPDX-License-Identifier: MPL-2.0
"""CAA records in BIND that forbid or allow Pebble, which lists an identity and never looks at them itself."""

import os
import sys

from lab.go import recent_pebble
from lab.testing import SKIPPED, LabTest, main

IDENTITY = "pebble.letsencrypt.org"


class Caa(LabTest):
    def start_servers(self):
        """Those of a test begin with serve()."""
        self.bind = self.lab.bind()

    def serve(self, *records: str):
        self.bind = self.lab.bind(records="\n".join(records))
        self.terraform.env["TF_VAR_tsig_secret"] = self.bind.secret
        self.pebble = self.lab.pebble(self.bind, program=recent_pebble())

    def test_another_cas_records_are_an_error_before_the_order(self):
        self.serve('@ CAA 0 issue "other.example"')
        self.configure()

        outcome = self.terraform.apply()

        self.assertNotEqual(outcome.code, 0)
        self.assertIn("CAA records forbid this CA", str(outcome))
        self.assertIn('0 issue "other.example"', str(outcome))
        self.assertEqual(self.pebble.requests()["newOrder"], 0, self.pebble.requests())

        self.configure(ca={"check_caa": "false"})
        self.assert_success(self.terraform.apply())
        self.assert_no_changes()

    def test_records_for_this_account_and_method_allow_it(self):
        self.serve(f'@ CAA 0 issue "{IDENTITY}; validationmethods=dns-01"', f'@ CAA 0 issuewild "{IDENTITY}"')
        self.configure()

        self.assert_success(self.terraform.apply())

        self.assertEqual(self.terraform.state()["certwright_external_ca_acme.ca"]["caa_identities"], [IDENTITY])
        self.assert_no_changes()

    def test_the_records_of_a_cnames_target_count(self):
        self.serve("www CNAME elsewhere", 'elsewhere CAA 0 issue ";"')
        self.configure(certificate={"dns_names": '["www.example.test"]'})

        outcome = self.terraform.apply()

        self.assertIn("www.example.test: by the records of www.example.test.", " ".join(str(outcome).split()))
        self.assertEqual(self.pebble.requests()["newOrder"], 0, self.pebble.requests())

    def test_another_account_is_an_error(self):
        self.serve(f'@ CAA 0 issue "{IDENTITY}; accounturi=https://localhost/other"')
        self.configure()

        self.assertIn("for other accounts than", " ".join(str(self.terraform.apply()).split()))


if __name__ == "__main__":
    if recent_pebble() is None:
        print(f"{'ERROR' if os.environ.get('CI') else 'SKIPPED'}: no Go toolchain to build Pebble with", flush=True)
        sys.exit(1 if os.environ.get("CI") else SKIPPED)
    main()
