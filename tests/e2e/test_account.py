# SPDX-License-Identifier: MPL-2.0
"""The life of an account at Pebble: another key, and what happens when the CA knows it no more."""

import base64

from lab.pebble import Pebble
from lab.testing import LabTest, main

CA = "certwright_external_ca_acme.ca"
VERIFIED = {"verify_on_refresh": "true"}
MORE = {"dns_names": '["example.test", "more.example.test"]'}


class Account(LabTest):

    def test_another_key_is_taken_in_place_and_orders_work_with_it(self):
        self.configure()
        self.assert_success(self.terraform.apply())
        before = self.terraform.state()
        self.pebble.mark()

        self.configure(ca={"account_key_version": "1"})
        self.assert_success(self.terraform.apply())

        requests = self.pebble.requests()
        self.assertEqual(requests["keyChange"], 1)
        self.assertNotIn("newOrder", requests)
        after = self.terraform.state()
        self.assertEqual(after[CA]["account_url"], before[CA]["account_url"])
        self.assertNotEqual(after[CA]["handle"], before[CA]["handle"])
        self.assert_no_changes()
        self.configure(ca={"account_key_version": "1"}, certificate=MORE)
        self.assert_success(self.terraform.apply())
        self.assertNotIn("newAccount", self.pebble.requests())
        self.assert_success(self.terraform.destroy())

    def test_an_account_that_the_ca_forgot_is_replaced_when_the_user_says_so(self):
        self.configure(ca=VERIFIED)
        self.assert_success(self.terraform.apply())
        self.pebble.mark()
        self.assert_no_changes()
        self.assertEqual(self.pebble.requests(), {"directory": 1, "newNonce": 1, "account": 1})
        self.pebble.stop()
        self.pebble = Pebble(self.pebble.directory, self.bind.address, port=self.pebble.port)
        self.addCleanup(self.pebble.stop)
        forgotten = self.terraform.plan()
        self.configure(ca=VERIFIED, certificate=MORE)

        error, = self.terraform.apply("-json").diagnostics()

        self.assertEqual(forgotten.code, 0, forgotten)
        self.assertIn("Warning: The account is gone", forgotten.stdout)
        self.assertIn("-replace", forgotten.stdout)
        self.assertEqual(error["address"], "certwright_certificate.web")
        self.assertIn("external_ca", error["snippet"]["code"])
        self.assertIn("-replace", error["detail"])
        self.assert_success(self.terraform.apply(f"-replace={CA}"))
        self.assert_no_changes()
        self.assert_no_txt_records()


class PreApprovedNames(LabTest):
    """As at AWS Certificate Manager: an account by an external binding, and authorizations that are valid before the order."""

    KEY = base64.urlsafe_b64encode(b"a" * 32).decode().rstrip("=")
    pebble_options = {"eab": {"kid-1": KEY}, "authz_reuse": 100}

    def test_an_order_needs_no_dns_connection_and_writes_no_record(self):
        eab = f'{{ kid = "kid-1", hmac_key = "{self.KEY}" }}'
        self.configure(ca={"eab": eab})
        self.assert_success(self.terraform.apply())
        updates = self.bind.server.text().count("adding an RR")

        # From here on the names are approved, as if the CA had been told so.
        self.configure(ca={"eab": eab, "dns": "[]"}, certificate={"key_algorithm": '"RSA_2048"'})
        self.assert_success(self.terraform.apply())

        self.assertEqual(self.bind.server.text().count("adding an RR"), updates)
        self.assertGreater(updates, 0)
        self.assert_no_changes()


if __name__ == "__main__":
    main()
