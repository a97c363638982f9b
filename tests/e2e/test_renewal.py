# SPDX-License-Identifier: MPL-2.0
"""A certificate in the years after its first apply: a due renewal is an in-place update that the syncs follow, and nothing is revoked
unless the destroy is asked to."""

import datetime
import subprocess

from lab.testing import LabTest, main

WEB = "certwright_certificate.web"


def make_due(attributes: dict, private: dict):
    """As if the certificate's time had come."""
    attributes["renewal"]["due_at"] = "2026-01-01T00:00:00Z"


def public_key(path) -> str:
    return subprocess.run(["openssl", "pkey", "-in", str(path), "-pubout"], check=True, capture_output=True, text=True).stdout


class Life(LabTest):

    def web(self) -> dict:
        return self.terraform.state()[WEB]

    def key(self) -> str:
        file, = self.out.glob("*.key")
        return public_key(file)

    def issue(self, **certificate):
        self.configure(certificate=certificate)
        self.assert_success(self.terraform.apply())
        return self.web()

    def renew(self):
        self.terraform.edit_state(WEB, make_due)
        self.assert_success(self.terraform.apply())
        return self.web()


class Renewal(Life):

    def test_due_renewal_is_an_update_in_place_that_the_sync_follows(self):
        before, old_key = self.issue(), self.key()
        self.terraform.edit_state(WEB, make_due)

        plan = self.terraform.plan()
        self.assertEqual(plan.code, 2, plan)
        self.assertIn("0 to add, 2 to change, 0 to destroy", plan.stdout)
        self.assertNotIn("changed outside of Terraform", plan.stdout)
        self.assert_success(self.terraform.apply())

        after = self.web()
        self.assertNotEqual(after["serial_number"], before["serial_number"])
        self.assertEqual(after["certificate_id"], before["certificate_id"])
        crt, = self.out.glob("*.crt")
        self.assertEqual(crt.read_text().strip(), (after["certificate_pem"] + after["chain_pem"]).strip())
        self.assertNotEqual(self.key(), old_key, "a renewal rotates the key")
        self.assertEqual(self.pebble.status_of(before["serial_number"]), "Valid", "a renewal revokes nothing")
        self.assert_no_changes()

    def test_saved_plan_renews(self):
        before = self.issue()
        self.terraform.edit_state(WEB, make_due)
        self.terraform.run("plan", "-input=false", "-out=plan", check=True)

        self.assert_success(self.terraform.run("apply", "-input=false", "plan"))

        self.assertNotEqual(self.web()["serial_number"], before["serial_number"])
        self.assert_no_changes()

    def test_key_is_kept_where_wanted(self):
        before, key = self.issue(rotate_private_key="false"), self.key()

        after = self.renew()

        self.assertNotEqual(after["serial_number"], before["serial_number"])
        self.assertEqual(self.key(), key)
        self.assert_no_changes()

    def test_another_renew_before_moves_the_date_and_issues_nothing(self):
        before = self.issue()
        self.configure(certificate={"renew_before": '"10d"'})

        self.assert_success(self.terraform.apply())

        after = self.web()
        self.assertEqual(after["serial_number"], before["serial_number"])
        self.assertNotEqual(after["renewal"]["due_at"], before["renewal"]["due_at"])
        self.assertEqual(after["renewal"]["due_at"][10:], after["not_after"][10:])
        self.assert_no_changes()

    def test_plan_with_the_ca_down_is_quick_and_empty(self):
        self.issue()
        self.pebble.stop()
        self.terraform.edit_state(WEB, lambda attributes, private: private.pop("ask_after"))

        self.assert_no_changes()

    def test_signing_request_made_elsewhere_is_renewed_without_a_key(self):
        directory = self.terraform.directory
        subprocess.run(["openssl", "req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/",
                        "-addext", "subjectAltName=DNS:own.example.test", "-keyout", directory / "own.key", "-out",
                        directory / "own.csr"], check=True, capture_output=True)
        self.configure(certificate={"dns_names": None, "csr_pem": 'file("own.csr")'}, sync={"certificates": "{}"})
        self.assert_success(self.terraform.apply())
        before = self.web()

        after = self.renew()

        self.assertNotEqual(after["serial_number"], before["serial_number"])
        self.assertIsNone(after["key_algorithm"])
        issued = subprocess.run(["openssl", "x509", "-noout", "-pubkey"], input=after["certificate_pem"], check=True,
                                capture_output=True, text=True).stdout
        self.assertEqual(issued, public_key(directory / "own.key"))
        self.assert_no_changes()

    def test_validity_is_asked_of_a_ca_that_takes_it(self):
        web = self.issue(validity='"20d"')

        begin, end = (datetime.datetime.fromisoformat(web[name].rstrip("Z")) for name in ("not_before", "not_after"))
        self.assertAlmostEqual((end - begin).total_seconds(), 20 * 86400, delta=120)
        self.assert_no_changes()


class Chains(Life):
    pebble_options = {"alternate_roots": 1}

    def chain_end(self, web: dict) -> str:
        pem = web["chain_pem"].strip().split("-----BEGIN")[-1]
        return subprocess.run(["openssl", "x509", "-noout", "-issuer"], input=f"-----BEGIN{pem}", check=True, capture_output=True,
                              text=True).stdout.strip().split("CN = ")[-1]

    def test_preferred_chain_is_fetched_and_another_one_is_a_warning(self):
        usual = self.chain_end(self.issue())
        other = self.pebble.root_common_name(1)
        self.assertNotEqual(usual, other)

        preferred = self.issue(preferred_chain=f'"{other}"')
        self.assertEqual(self.chain_end(preferred), other)
        self.assert_no_changes()

        self.configure(certificate={"preferred_chain": '"No Such Root"'})
        outcome = self.terraform.apply("-json")
        self.assertEqual(outcome.code, 0, outcome)
        # The other warning is of Pebble's root, which no machine trusts.
        warning, = [one for one in outcome.diagnostics("warning") if "No Such Root" in one["summary"] + one["detail"]]
        self.assertIn(other, warning["detail"])

        self.configure(certificate={"preferred_chain": '"Nor This One"', "preferred_chain_strict": "true"})
        error, = self.terraform.apply("-json").diagnostics()
        self.assertIn("preferred_chain", error["snippet"]["code"])


class Leaving(Life):

    def test_destroy_revokes_where_wanted(self):
        serial = self.issue(revoke_on_destroy="true", revocation_reason='"superseded"')["serial_number"]

        self.assert_success(self.terraform.destroy())

        self.assertEqual(self.pebble.status_of(serial), "Revoked")

    def test_destroy_revokes_nothing_by_default(self):
        serial = self.issue()["serial_number"]

        self.assert_success(self.terraform.destroy())

        self.assertEqual(self.pebble.status_of(serial), "Valid")

    def test_replacement_revokes_nothing(self):
        serial = self.issue(revoke_on_destroy="true")["serial_number"]

        self.assert_success(self.terraform.apply(f"-replace={WEB}"))

        self.assertNotEqual(self.web()["serial_number"], serial)
        self.assertEqual(self.pebble.status_of(serial), "Valid")

    def test_replacement_that_creates_first_revokes_nothing(self):
        serial = self.issue(revoke_on_destroy="true")["serial_number"]
        text = (self.terraform.directory / "main.tf").read_text()
        self.write(text.replace("revoke_on_destroy = true", "revoke_on_destroy = true\n  lifecycle {\n    create_before_destroy = true\n  }"))

        self.assert_success(self.terraform.apply(f"-replace={WEB}"))

        self.assertNotEqual(self.web()["serial_number"], serial)
        self.assertEqual(self.pebble.status_of(serial), "Valid")

    def test_ca_that_is_gone_is_told_with_the_way_past_it(self):
        self.issue(revoke_on_destroy="true")
        self.pebble.stop()

        error = self.terraform.destroy("-json", "-target=certwright_certificate.web").diagnostics()[0]

        self.assertIn("revoke_on_destroy = false", error["detail"])


if __name__ == "__main__":
    main()
