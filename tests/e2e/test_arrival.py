# SPDX-License-Identifier: MPL-2.0
"""Leaving another tool: certificates and accounts that lego made are moved from vancluever/acme's state, or imported, and nothing is
ordered for it."""

import base64
import json
import pathlib
import re
import subprocess
import unittest

from lab import Lab, lego
from lab.configuration import configuration
from lab.terraform import ROOT
from lab.testing import LabTest, main

ACME = "registry.terraform.io/vancluever/acme"
GUIDE = ROOT / "docs" / "guides" / "migrate-from-vancluever-acme.md"
MOVED = """
moved {
  from = acme_registration.account
  to   = certwright_external_ca_acme.ca
}
moved {
  from = acme_certificate.web
  to   = certwright_certificate.web
}
"""


def public_key(path: pathlib.Path) -> str:
    return subprocess.run(["openssl", "pkey", "-in", str(path), "-pubout"], check=True, capture_output=True, text=True).stdout


def blocks(pem: str) -> list[str]:
    return re.findall(r"-----BEGIN .*?-----END [A-Z ]+-----\n", pem, re.DOTALL)


def body(pem: str) -> str:
    return "".join(line for line in pem.splitlines() if not line.startswith("-"))


class Arrival(LabTest):
    """The tests share their servers and what lego made, which takes its time."""

    @classmethod
    def setUpClass(cls):
        cls.lab = Lab()
        cls.addClassCleanup(cls.lab.close)
        cls.bind = cls.lab.bind()
        cls.pebble = cls.lab.pebble(cls.bind)
        cls.lego = lego.issue(cls.lab.directory / "lego", cls.bind, cls.pebble, "rsa2048")

    def setUp(self):
        self.terraform = self.lab.terraform(self.id().rsplit(".", 1)[-1])
        self.terraform.env["TF_VAR_tsig_secret"] = self.bind.secret
        self.out = self.terraform.directory / "out"
        self.pebble.mark()

    def configuration(self, names: str = '["example.test"]', ca: dict | None = None, **replacements) -> str:
        return configuration(self.bind, self.pebble, ca={"name": '"pebble"', **(ca or {})},
                             certificate={"dns_names": names, "key_algorithm": '"RSA_2048"'}, **replacements)

    def write_foreign_state(self):
        """terraform.tfstate as vancluever/acme 2.x leaves it, with keys in clear."""
        account_key = self.lego.account_key.read_text()
        certificate = {
            "account_key_pem": account_key, "cert_timeout": 30, "certificate_domain": "example.test", "certificate_p12": "",
            "certificate_p12_password": "", "certificate_pem": blocks(self.lego.certificate.read_text())[0],
            "certificate_request_pem": None, "certificate_url": "https://localhost/certZ/1", "common_name": "example.test",
            "deactivate_authorizations": True, "disable_complete_propagation": False,
            "dns_challenge": [{"provider": "rfc2136", "config": {"RFC2136_TSIG_SECRET": self.bind.secret}}],
            "http_challenge": [], "id": "0c7bc6ec-8c38-1c1b-c5a3-17d2c5f0b9a1", "issuer_pem": self.lego.issuer.read_text(),
            "key_type": "2048", "min_days_remaining": 30, "must_staple": False, "pre_check_delay": 0, "preferred_chain": "",
            "private_key_pem": self.lego.key.read_text(), "recursive_nameservers": None, "revoke_certificate_on_destroy": True,
            "subject_alternative_names": None, "tls_challenge": [], "use_renewal_info": False,
        }
        registration = {
            "account_key_algorithm": "ECDSA", "account_key_ecdsa_curve": "P384", "account_key_pem": account_key,
            "account_key_rsa_bits": None, "email_address": "ops@example.test", "external_account_binding": [],
            "id": self.lego.account_url, "registration_url": self.lego.account_url,
        }

        def resource(kind: str, name: str, version: int, attributes: dict) -> dict:
            private = base64.b64encode(json.dumps({"schema_version": str(version)}).encode()).decode()
            return {"mode": "managed", "type": kind, "name": name, "provider": f'provider["{ACME}"]',
                    "instances": [{"schema_version": version, "attributes": attributes, "sensitive_attributes": [],
                                   "private": private}]}

        state = {"version": 4, "terraform_version": "1.11.4", "serial": 7, "lineage": "5b2f3d1e-0c1b-4b6f-9a63-6a3f4d0f5a10",
                 "outputs": {}, "check_results": None,
                 "resources": [resource("acme_certificate", "web", 5, certificate),
                               resource("acme_registration", "account", 0, registration)]}
        (self.terraform.directory / "terraform.tfstate").write_text(json.dumps(state, indent=2))

    def clear_secrets(self, state: str) -> list[str]:
        """The secrets that the text of a state holds in clear, private data included."""
        searched = state.replace("\\n", "") + "".join(
            base64.b64decode(private).decode().replace("\\n", "") for private in re.findall(r'"private": "(.*?)"', state))
        secrets = {"account key": self.lego.account_key.read_text(), "key": self.lego.key.read_text(), "tsig": self.bind.secret}
        found = [name for name, secret in secrets.items() if body(secret)[-60:-4] in searched]
        # However it is written: a key's text is another one in PKCS #8.
        return found + re.findall(r"-----BEGIN [A-Z ]*PRIVATE KEY-----", searched)

    def assert_arrived(self):
        """The certificate and account of lego, no order, no secret in the state, and nothing left to do."""
        state = self.terraform.state()
        certificate = state["certwright_certificate.web"]
        self.assertEqual(blocks(certificate["certificate_pem"])[0], blocks(self.lego.certificate.read_text())[0])
        self.assertEqual(state["certwright_external_ca_acme.ca"]["account_url"], self.lego.account_url)
        key, = self.out.glob("*.key")
        self.assertEqual(public_key(key), public_key(self.lego.key))
        self.assertNotIn("newOrder", self.pebble.requests())
        self.assert_no_changes()

        text = (self.terraform.directory / "terraform.tfstate").read_text()
        self.assertEqual(self.clear_secrets(text), [])
        self.assertIn("cw2:certificate:", text)

    def assert_renews(self):
        """The account that was taken over is a working one."""
        self.write(self.configuration('["example.test", "more.example.test"]'))
        self.pebble.mark()
        self.assert_success(self.terraform.apply())
        self.assertEqual(self.pebble.requests()["newOrder"], 1)
        self.assertNotIn("newAccount", self.pebble.requests())
        self.assert_no_changes()

    def test_moved_from_the_other_provider_with_the_key_of_the_environment(self):
        self.write_foreign_state()
        (self.terraform.directory / "main.tf").write_text(self.configuration() + MOVED)
        # Terraform wants the provider that the state names, and asks it for its schema alone: any program will do.
        self.terraform.offer("vancluever/acme", "2.48.0")
        self.terraform.init()

        planned = self.terraform.plan("-out=plan")
        self.assertIn("Plan: 2 to add, 2 to change, 0 to destroy", planned.stdout)  # added: the connection and the sync
        self.assert_success(self.terraform.run("apply", "-input=false", "plan"))

        self.assertEqual(self.pebble.requests(), {})
        self.assert_arrived()
        self.assertNotIn("acme_", "".join(self.terraform.state()))
        self.assert_renews()

    def replace_provider(self):
        """The state's resources are this provider's, which gets its sealing key from the configuration."""
        self.write_foreign_state()
        sealing_key = self.terraform.env.pop("CERTWRIGHT_SEALING_KEY")
        provider = f'  sealing_key = "{sealing_key}"'
        (self.terraform.directory / "main.tf").write_text(self.configuration(provider=provider) + MOVED)
        self.terraform.run("state", "replace-provider", "-auto-approve", ACME, "registry.terraform.io/certwright/certwright", check=True)
        self.terraform.init()

    def test_moved_after_replace_provider_with_a_configured_key(self):
        self.replace_provider()

        self.assert_success(self.terraform.apply())

        self.assertEqual(self.pebble.requests(), {})
        self.assert_arrived()

    def test_moved_key_is_never_saved_in_clear(self):
        """Not even when an apply fails before it comes to what was moved, so that Terraform saves that as the plan found it."""
        self.replace_provider()
        self.terraform.env["TF_VAR_tsig_secret"] = base64.b64encode(b"not the secret").decode()

        refused = self.terraform.apply("-refresh=false", "-json")
        failed = self.terraform.apply("-json")

        self.assertEqual([error["summary"] for error in refused.diagnostics()], ["The account is not sealed"], refused)
        self.assertEqual([error["summary"] for error in failed.diagnostics()], ["The connection's check failed"], failed)
        self.assertIn("What is moved is not sealed yet", [warning["summary"] for warning in failed.diagnostics("warning")])
        state = (self.terraform.directory / "terraform.tfstate").read_text()
        self.assertIn("certwright_certificate", state)
        self.assertEqual(self.clear_secrets(state), [])

    def test_imported_by_blocks(self):
        self.write(self.configuration(ca={"account_key_pem": f'file("{self.lego.account_key}")'}) + f"""
import {{
  to = certwright_external_ca_acme.ca
  id = "{self.pebble.directory_url}"
}}
import {{
  to = certwright_certificate.web
  id = "{self.lego.certificate},{self.lego.key}"
}}
import {{
  to = certwright_app_connection_rfc2136.dns
  id = "dns"
}}
""")

        self.assert_success(self.terraform.apply())

        self.assert_arrived()
        self.assert_renews()
        # What was taken over is left alone.
        self.assert_success(self.terraform.destroy())
        self.assertNotIn("account", self.pebble.requests())

    def test_imported_by_the_command(self):
        self.write(self.configuration(ca={"account_key_pem": f'file("{self.lego.account_key}")'}))
        bundle = self.lab.directory / "bundle.pem"
        bundle.write_text(self.lego.key.read_text() + self.lego.certificate.read_text())

        for address, name in {"certwright_app_connection_rfc2136.dns": "dns", "certwright_external_ca_acme.ca": self.pebble.directory_url,
                              "certwright_certificate.web": str(bundle)}.items():
            self.assert_success(self.terraform.run("import", "-input=false", "-no-color", address, name))
        self.assert_success(self.terraform.apply())

        self.assert_arrived()

    def test_imported_without_the_key_that_is_elsewhere(self):
        directory = self.terraform.directory
        subprocess.run(["openssl", "req", "-new", "-key", self.lego.key, "-subj", "/", "-addext", "subjectAltName=DNS:example.test",
                        "-out", directory / "own.csr"], check=True, capture_output=True)
        self.write(configuration(
            self.bind, self.pebble, ca={"account_key_pem": f'file("{self.lego.account_key}")'}, sync={"certificates": "{}"},
            certificate={"dns_names": None, "csr_pem": 'file("own.csr")'}) + f"""
import {{
  to = certwright_certificate.web
  id = "{self.lego.certificate},{directory}/own.csr"
}}
""")

        self.assert_success(self.terraform.apply())

        web = self.terraform.state()["certwright_certificate.web"]
        self.assertEqual(blocks(web["certificate_pem"])[0], blocks(self.lego.certificate.read_text())[0])
        self.assertIsNone(web["key_algorithm"])
        self.assertNotIn("newOrder", self.pebble.requests())
        self.assert_no_changes()


class Guide(unittest.TestCase):

    def test_configuration_of_the_guide_is_valid_and_formatted(self):
        text = "\n".join(re.findall(r"^```terraform\n(.*?)^```", GUIDE.read_text(), re.DOTALL | re.MULTILINE))
        with Lab() as lab:
            terraform = lab.terraform()
            (terraform.directory / "main.tf").write_text(text)
            terraform.init()
            validated = terraform.run("validate", "-no-color")
            formatted = terraform.run("fmt", "-check", "-diff")
        self.assertEqual(validated.code, 0, validated)
        self.assertEqual(formatted.code, 0, formatted)


if __name__ == "__main__":
    main()
