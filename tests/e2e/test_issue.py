# SPDX-License-Identifier: MPL-2.0
"""The main job: apply issues a certificate and writes it where it is used, a second plan is empty, destroy takes everything back."""

import json
import subprocess

from lab.testing import LabTest, main


def openssl(*arguments: str) -> str:
    return subprocess.run(["openssl", *arguments], check=True, capture_output=True, text=True).stdout


class Issue(LabTest):

    def test_apply_writes_files_that_a_tls_server_can_use(self):
        self.configure()

        self.assert_success(self.terraform.apply())

        crt, = self.out.glob("*.crt")
        key = crt.with_suffix(".key")
        root = self.terraform.directory / "root.pem"
        root.write_text(self.pebble.root_pem())
        self.assertIn(": OK", openssl("verify", "-CAfile", str(root), "-untrusted", str(crt), str(crt)))
        self.assertEqual(openssl("x509", "-in", str(crt), "-noout", "-pubkey"), openssl("pkey", "-in", str(key), "-pubout"))
        names = openssl("x509", "-in", str(crt), "-noout", "-ext", "subjectAltName").split("\n")[1]
        self.assertEqual({name.strip() for name in names.split(",")}, {"DNS:example.test", "DNS:*.example.test"})

    def test_files_have_safe_modes_and_names_of_the_schema(self):
        self.configure()

        self.assert_success(self.terraform.apply())

        certificate = self.terraform.state()["certwright_certificate.web"]
        name = f"web-{certificate['certificate_id'].replace('-', '')}"
        self.assertEqual(self.files(), {f"{name}.crt": 0o644, f"{name}.key": 0o600})

    def test_state_tells_what_was_issued_and_synced(self):
        self.configure()

        self.assert_success(self.terraform.apply())

        state = self.terraform.state()
        certificate = state["certwright_certificate.web"]
        synced = state["certwright_certificate_sync.files"]["synced"]["web"]
        self.assertEqual(set(certificate["dns_names"]), {"example.test", "*.example.test"})
        self.assertIn("Pebble Intermediate CA", certificate["issuer"])
        self.assertIsNone(certificate["private_key_pem"])
        self.assertEqual(synced["fingerprint_sha256"], certificate["fingerprint_sha256"])
        self.assertEqual(synced["not_after"], certificate["not_after"])
        self.assertIn((certificate["certificate_pem"] + certificate["chain_pem"]).strip(), next(self.out.glob("*.crt")).read_text())

    def test_second_plan_is_empty_and_asks_the_ca_nothing(self):
        self.configure()
        self.assert_success(self.terraform.apply())
        self.pebble.mark()

        self.assert_no_changes()

        self.assertEqual(self.pebble.requests(), {})
        self.assert_no_txt_records()

    def test_destroy_takes_everything_back(self):
        self.configure()
        self.assert_success(self.terraform.apply())
        (self.out / "mine.txt").write_text("not written by the provider")

        self.assert_success(self.terraform.destroy())

        self.assertEqual(list(self.files()), ["mine.txt"])
        self.assertEqual(self.terraform.state(), {})
        self.assert_no_txt_records()

    def test_saved_plan_applies(self):
        self.configure()
        self.terraform.run("plan", "-input=false", "-out=plan", check=True)

        self.assert_success(self.terraform.run("apply", "-input=false", "plan"))

        self.assertEqual(len(self.files()), 2)

    def test_new_name_reissues_in_place_and_keeps_the_id(self):
        self.configure()
        self.assert_success(self.terraform.apply())
        before = self.terraform.state()["certwright_certificate.web"]
        self.configure(certificate={"dns_names": '["example.test", "*.example.test", "other.example.test"]'})

        self.assert_success(self.terraform.apply())

        after = self.terraform.state()["certwright_certificate.web"]
        self.assertEqual(after["certificate_id"], before["certificate_id"])
        self.assertNotEqual(after["serial_number"], before["serial_number"])
        self.assertEqual(len(after["dns_names"]), 3)
        self.assert_no_changes()

    def test_international_names_are_written_as_they_are_read(self):
        self.configure(certificate={"dns_names": '["bücher.example.test", "*.bücher.example.test"]'})
        self.assert_success(self.terraform.apply())

        certificate = self.terraform.state()["certwright_certificate.web"]
        self.assertEqual(set(certificate["dns_names"]), {"bücher.example.test", "*.bücher.example.test"})
        self.assertEqual(set(certificate["dns_names_ascii"]), {"xn--bcher-kva.example.test", "*.xn--bcher-kva.example.test"})
        crt, = self.out.glob("*.crt")
        names = openssl("x509", "-in", str(crt), "-noout", "-ext", "subjectAltName")
        self.assertIn("DNS:xn--bcher-kva.example.test", names)

        self.configure(certificate={"dns_names": '["xn--bcher-kva.example.test", "*.BÜCHER.example.test"]'})

        self.assert_no_changes()

    def test_changed_dns_settings_issue_nothing(self):
        self.configure()
        self.assert_success(self.terraform.apply())
        before = self.terraform.state()["certwright_certificate.web"]["serial_number"]
        propagation = f'{{ nameservers = ["{self.bind.address}"], resolvers = ["{self.bind.address}"], timeout = "1m" }}'
        self.configure(ca={"propagation": propagation})

        self.assert_success(self.terraform.apply())

        self.assertEqual(self.terraform.state()["certwright_certificate.web"]["serial_number"], before)
        self.assert_no_changes()

    def test_every_key_algorithm_is_issued(self):
        algorithms = {"EC_P256": "256 bit", "EC_P384": "384 bit", "RSA_2048": "2048 bit"}
        self.configure(certificate={
            "for_each": f"toset({json.dumps(list(algorithms))})", "key_algorithm": "each.key"},
            sync={"certificates": "{ for name, web in certwright_certificate.web : lower(replace(name, \"_\", \"-\")) => web.handle }"})

        self.assert_success(self.terraform.apply())

        sizes = [openssl("pkey", "-in", str(key), "-noout", "-text").split("\n")[0] for key in self.out.glob("*.key")]
        for size in algorithms.values():
            self.assertEqual(sum(size in found for found in sizes), 1, sizes)


if __name__ == "__main__":
    main()
