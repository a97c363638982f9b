# SPDX-License-Identifier: MPL-2.0
"""No secret in plan, state, log or output: marked secrets, and the keys made in the run, are searched in all that Terraform leaves."""

import base64
import json
import os
import zipfile

from lab.configuration import configuration
from lab.testing import LabTest, main

HMAC_KEY = os.urandom(32)

# What opens the certificate while Terraform runs, something that takes its key over, and what tells of handles and certificates.
READERS = """
ephemeral "certwright_certificate_bundle" "web" {
  certificate = certwright_certificate.web.handle
}
resource "certwright_app_connection_webhook" "sink" {
  endpoint_url = "https://localhost/none"
  username     = "somebody"
  password     = base64encode(ephemeral.certwright_certificate_bundle.web.bundle_pem)
  validate     = false
}
variable "pkcs12_password" {
  type      = string
  sensitive = true
  ephemeral = true
}
resource "certwright_certificate_sync" "keystore" {
  name         = "keystore"
  certificates = { web = certwright_certificate.web.handle }
  destination = {
    local_files = { directory = "${path.module}/keystore", layout = "pkcs12", pkcs12_password = var.pkcs12_password }
  }
}
data "certwright_handle" "web" {
  handle = certwright_certificate.web.handle
}
output "facts" {
  value = {
    handle      = data.certwright_handle.web.certificate
    certificate = provider::certwright::decode_certificate(certwright_certificate.web.certificate_pem)
  }
}
"""


def spellings(secret: bytes) -> dict[str, bytes]:
    """The secret as it is, in hex, and in base64 at each of the three alignments that it can have inside a larger text."""
    found = {"raw": secret, "hex": secret.hex().encode(), "HEX": secret.hex().upper().encode()}
    for offset in range(3):
        encoded = base64.b64encode(b"\0" * offset + secret)
        # The first and last characters depend on the neighbours.
        inner = encoded.rstrip(b"=")[(4 if offset else 0):-2]
        found[f"base64+{offset}"] = inner
        found[f"base64url+{offset}"] = inner.translate(bytes.maketrans(b"+/", b"-_"))
    return found


class Canary(LabTest):
    pebble_options = {"eab": {"kid-1": base64.urlsafe_b64encode(HMAC_KEY).decode().rstrip("=")}}

    def setUp(self):
        super().setUp()
        hmac_key = self.pebble_options["eab"]["kid-1"]
        password = os.urandom(24).hex()
        self.terraform.env.update(TF_VAR_eab_hmac_key=hmac_key, TF_VAR_pkcs12_password=password, TF_LOG="TRACE",
                                  GRPC_TRACE="all", GRPC_VERBOSITY="DEBUG")
        # A literal would be in the plan file as Terraform's own copy of the configuration.
        ca = {"eab": '{ kid = "kid-1", hmac_key = var.eab_hmac_key }'}
        self.write(configuration(self.bind, self.pebble, ca=ca) + READERS)
        self.secrets = {}
        for name, text in {"TSIG secret": self.bind.secret, "EAB key": hmac_key,
                           "sealing key": self.terraform.env["CERTWRIGHT_SEALING_KEY"]}.items():
            self.secrets[name] = base64.urlsafe_b64decode(text.translate(str.maketrans("+/", "-_")) + "=" * (-len(text) % 4))
            self.secrets[f"{name} as text"] = text.encode()
        self.secrets["PKCS #12 password"] = password.encode()

    def test_no_secret_leaves_the_handles(self):
        run = self.terraform.run
        planned = run("plan", "-input=false", "-out=plan", check=True)
        applied = run("apply", "-input=false", "plan", check=True)
        left = {"plan": planned, "apply": applied, "show of the plan": run("show", "-json", "plan", check=True),
                "show of the state": run("show", "-json", check=True), "second plan": self.terraform.plan()}
        facts = json.loads(run("output", "-json", "facts", check=True).stdout)
        self.assertEqual(facts["handle"], facts["certificate"])
        self.assertEqual(set(facts["handle"]["dns_names"]), {"example.test", "*.example.test"})
        key, = self.out.glob("*.key")
        body = "".join(line for line in key.read_text().splitlines() if not line.startswith("-"))
        self.secrets["private key"] = base64.b64decode(body)
        # In both encodings of an EC key the scalar follows the version (1) and its own length (32).
        self.secrets["private scalar"] = base64.b64decode(body).split(b"\x02\x01\x01\x04\x20")[1][:32]
        left["destroy"] = self.terraform.destroy()

        searched = {}
        for name, outcome in left.items():
            self.assert_success(outcome)
            searched[f"output of {name}"] = outcome.stdout.encode()
            searched[f"log of {name}"] = outcome.stderr.encode()
        with zipfile.ZipFile(self.terraform.directory / "plan") as plan:
            searched.update({f"plan file: {member}": plan.read(member) for member in plan.namelist()})
        for state in self.terraform.directory.glob("*.tfstate*"):
            searched[state.name] = state.read_bytes()

        # The search is worth something only if the log is a trace and the plan holds handles.
        self.assertIn(b"[TRACE]", searched["log of apply"])
        self.assertIn(b"cw2:", searched["terraform.tfstate.backup"])
        for where, content in searched.items():
            for name, secret in self.secrets.items():
                for spelling, text in spellings(secret).items():
                    self.assertFalse(text in content, f"{name} ({spelling}) is in {where}")


if __name__ == "__main__":
    main()
