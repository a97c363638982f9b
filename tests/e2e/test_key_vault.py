# SPDX-License-Identifier: MPL-2.0
"""Azure's own client judges the fake that the azure_key_vault destination is tested with."""

import base64
import subprocess
import unittest

from lab import Lab
from lab.testing import main


def make_certificate(directory) -> tuple[str, bytes]:
    """Key and certificate as one PEM, and as a PKCS #12 with the password "pass"."""
    def openssl(*arguments):
        subprocess.run(["openssl", *arguments], cwd=directory, check=True, capture_output=True)
    openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=theirs.test",
            "-keyout", "key.pem", "-out", "cert.pem")
    openssl("pkcs12", "-export", "-inkey", "key.pem", "-in", "cert.pem", "-out", "both.p12", "-passout", "pass:pass")
    return (directory / "key.pem").read_text() + (directory / "cert.pem").read_text(), (directory / "both.p12").read_bytes()


class KeyVaultFake(unittest.TestCase):

    def setUp(self):
        self.lab = Lab()
        self.addCleanup(self.lab.close)
        self.vault = self.lab.key_vault()

    def test_azures_client_finds_a_vault(self):
        pem, pkcs12 = make_certificate(self.lab.directory)
        first, second, wrong, got, listed, tagged, none = self.vault.ask_client(
            ["import_pem", "web", pem, {"a": "1"}],
            ["import_pkcs12", "web", base64.b64encode(pkcs12).decode(), "pass"],
            ["import_pkcs12", "web", base64.b64encode(pkcs12).decode(), "wrong"],
            ["get", "web"], ["list"], ["tag", "web", {"b": "2"}], ["get", "none"])
        self.assertEqual(first["tags"], {"a": "1"})
        self.assertEqual(first["cer"], second["cer"])
        self.assertNotEqual(first["version"], second["version"])
        self.assertEqual(wrong["status"], 400)
        self.assertEqual(got, second)
        self.assertEqual([one["name"] for one in listed], ["web"])
        self.assertEqual(tagged["tags"], {"b": "2"})
        self.assertEqual(none["status"], 404)

    def test_a_deleted_name_stays_taken_until_it_is_recovered(self):
        pem, _ = make_certificate(self.lab.directory)
        many = [["import_pem", f"web-{i}", pem, {}] for i in range(7)]
        *_, listed, _, deleted, taken, gone, back, again = self.vault.ask_client(
            *many, ["list"], ["delete", "web-3"], ["deleted", "web-3"], ["import_pem", "web-3", pem, {}], ["get", "web-3"],
            ["recover", "web-3"], ["import_pem", "web-3", pem, {}])
        self.assertEqual(len(listed), 7)
        self.assertTrue(deleted.endswith("/deletedcertificates/web-3"), deleted)
        self.assertEqual((taken["status"], taken["code"]), (409, "ObjectIsDeletedButRecoverable"))
        self.assertEqual(gone["status"], 404)
        self.assertNotEqual(back["version"], again["version"])


if __name__ == "__main__":
    main()
