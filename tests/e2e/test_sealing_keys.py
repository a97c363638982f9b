# SPDX-License-Identifier: MPL-2.0
"""Sealing keys: a rotation seals everything anew and orders nothing; a lost key costs accounts and certificates, and there is a way back."""

import base64
import os
import re

from lab.testing import LabTest, main


def new_key() -> str:
    return base64.b64encode(os.urandom(32)).decode()


class SealingKeys(LabTest):

    def setUp(self):
        super().setUp()
        self.configure()
        self.assert_success(self.terraform.apply())
        self.before = self.terraform.state()
        self.pebble.mark()

    def handles(self) -> set[str]:
        """Each handle in the state, by its clear part."""
        text = (self.terraform.directory / "terraform.tfstate").read_text()
        return set(re.findall(r"cw2:\w+:[\w.]*:\w+:", text))

    def test_rotation_seals_anew_and_orders_nothing(self):
        old_key = self.terraform.env["CERTWRIGHT_SEALING_KEY"]
        old_handles = self.handles()
        self.terraform.env["CERTWRIGHT_SEALING_KEY"] = new_key()
        self.configure(provider=f'  previous_sealing_keys = ["{old_key}"]')

        planned = self.terraform.plan()
        self.assertIn("0 to add, 4 to change, 0 to destroy", planned.stdout)
        self.assert_success(self.terraform.apply())
        self.assert_no_changes()

        self.assertEqual(self.pebble.requests(), {})
        self.assertFalse(old_handles & self.handles())
        # The old key is not needed any more.
        self.configure()
        self.assert_no_changes()
        after = self.terraform.state()
        for address, attribute in {"certwright_certificate.web": "serial_number", "certwright_external_ca_acme.ca": "account_url"}.items():
            self.assertEqual(after[address][attribute], self.before[address][attribute])
        self.assert_success(self.terraform.destroy())
        self.assertEqual(self.files(), {})

    def test_a_lost_key_is_told_and_nothing_is_changed(self):
        self.terraform.env["CERTWRIGHT_SEALING_KEY"] = new_key()

        outcome = self.terraform.apply()

        self.assertEqual(outcome.code, 1, outcome)
        self.assertIn("terraform taint", outcome.stderr)
        self.assertEqual(self.pebble.requests(), {})

    def test_way_back_after_a_loss(self):
        """A new account and a new certificate in place of the old ones; the sync recognizes its files."""
        self.terraform.env["CERTWRIGHT_SEALING_KEY"] = new_key()
        self.configure(provider="  abandon_unreadable_handles = true")
        files = self.files()

        planned = self.terraform.plan()
        self.assertIn("0 to add, 4 to change, 0 to destroy", planned.stdout, planned)
        self.assertIn('-> "key_lost"', planned.stdout)
        self.assertNotIn("external_id", planned.stdout)
        self.assert_success(self.terraform.apply())
        self.configure()
        self.assert_no_changes()

        self.assertEqual(self.pebble.requests()["newOrder"], 1)
        before, after = self.before["certwright_certificate.web"], self.terraform.state()["certwright_certificate.web"]
        self.assertEqual(after["certificate_id"], before["certificate_id"])
        self.assertEqual(after["issued_because"], "key_lost")
        self.assertNotEqual(after["serial_number"], before["serial_number"])
        self.assertEqual(self.files(), files)
        crt, = self.out.glob("*.crt")
        self.assertIn(after["certificate_pem"].strip(), crt.read_text())
        self.assert_success(self.terraform.destroy())
        self.assertEqual(self.files(), {})

    def key_ids(self) -> set[str]:
        return {handle.split(":")[-2] for handle in self.handles()}

    def test_a_missing_key_is_asked_for_by_its_id(self):
        key_id, = self.key_ids()
        del self.terraform.env["CERTWRIGHT_SEALING_KEY"]

        for command in (self.terraform.plan, self.terraform.destroy):
            outcome = command("-json")
            error, = outcome.diagnostics()
            self.assertEqual(error["summary"], "The provider has no sealing key", outcome)
            self.assertIn(key_id, error["detail"])
            self.assertIn("-refresh=false", error["detail"])
        self.assertEqual(len(self.files()), 2)

    def test_a_missing_provider_block_is_told_by_the_provider(self):
        del self.terraform.env["CERTWRIGHT_SEALING_KEY"]
        (self.terraform.directory / "terraform.tfstate").unlink()
        text = (self.terraform.directory / "main.tf").read_text()
        self.write(re.sub(r'provider "certwright" {\s*}', "", text))

        error, = self.terraform.plan("-json").diagnostics()

        self.assertIn("openssl rand -base64 32", error["detail"])

    def test_destroy_after_a_loss(self):
        self.terraform.env["CERTWRIGHT_SEALING_KEY"] = new_key()

        outcome = self.terraform.destroy("-refresh=false")  # else Terraform plans an update first, which fails

        self.assert_success(outcome)
        self.assertIn("Account not deactivated", outcome.stdout)
        self.assertEqual(self.terraform.state(), {})


if __name__ == "__main__":
    main()
