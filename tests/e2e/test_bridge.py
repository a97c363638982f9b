# SPDX-License-Identifier: MPL-2.0
"""The bridges of the exec connection: lexicon at PowerDNS and at BIND, and acme.sh's script for nsupdate at BIND. No registry has
acme.sh: its test runs where CERTWRIGHT_ACME_SH names the folder of an installation."""

import os
import socket
import threading
import unittest

from lab.configuration import block, certificate_block
from lab.testing import LabTest, main
from lab.venv import venv


_HEAD = """terraform {
  required_providers { certwright = { source = "certwright/certwright" } }
}
variable "secret" {
  type      = string
  sensitive = true
  ephemeral = true
}
provider "certwright" {
  allow_exec = true
}
"""
# lexicon asks port 53 of a server, and no other; loopback has addresses enough.
SERVER = "127.53.22.36"


def forward(source: socket.socket, target: socket.socket):
    while data := source.recv(65536):
        target.sendall(data)
    target.shutdown(socket.SHUT_WR)


def serve_port_53(port: int) -> socket.socket:
    """Hands connections on to the lab's name server, until the socket is closed."""
    listener = socket.create_server((SERVER, 53))

    def accept():
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            server = socket.create_connection(("127.0.0.1", port))
            for one, other in ((client, server), (server, client)):
                threading.Thread(target=forward, args=(one, other), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    return listener


class Bridge(LabTest):

    def setUp(self):
        super().setUp()
        self.terraform.env["TF_VAR_secret"] = self.bind.secret

    def configure_bridge(self, name: str, **environment: str):
        # Nothing is fetched from the internet.
        environment |= {"https_proxy": '"http://127.0.0.1:9"'}
        lines = ", ".join(f"{variable} = {value}" for variable, value in environment.items())
        self.write("".join([
            _HEAD,
            block("app_connection_exec", "bridge", {"program": f'"bridge:{name}"', "environment": f"{{ {lines} }}"}),
            block("external_ca_acme", "ca", {
                "name": '"pebble"', "directory_url": f'"{self.pebble.directory_url}"', "account_email": '"ops@example.test"',
                "trusted_roots_pem": f'file("{self.pebble.ca_file}")',
                "dns": f'[{{ app_connection = certwright_app_connection_exec.bridge.handle, zone = "{self.bind.zone}" }}]',
                "propagation": f'{{ nameservers = ["{self.bind.address}"], resolvers = ["{self.bind.address}"] }}'}),
            certificate_block(self.bind, "web"),
        ]))

    def assert_issued(self):
        self.assertIn("certwright_certificate.web", self.terraform.state())
        self.assert_no_changes()


class LexiconAtBind(Bridge):

    def test_issues_and_removes_its_values_alone(self):
        try:
            listener = serve_port_53(self.bind.port)
        except PermissionError:
            self.skipTest("lexicon speaks to port 53 alone, which takes root here")
        self.addCleanup(listener.close)
        self.bind.add_foreign(f"_acme-challenge.{self.bind.zone}", "foreign")
        # Debian's lexicon lacks what this provider needs.
        program = venv("lexicon", "dns-lexicon==3.25.2") / "bin"
        self.configure_bridge("lexicon", PATH=f'"{program}:/usr/bin:/bin"', LEXICON_PROVIDER='"ddns"', LEXICON_DDNS_DDNS_SERVER=f'"{SERVER}"',
                              LEXICON_DDNS_AUTH_TOKEN=f'"hmac-sha256:{self.bind.key_name}:${{var.secret}}"')

        self.assert_success(self.terraform.apply())

        self.assertEqual([line.split()[-1] for line in self.bind.txt_records()], ['"foreign"'])
        self.assert_issued()
        self.assertNotIn(self.bind.secret, (self.terraform.directory / "terraform.tfstate").read_text())


class LexiconAtPowerdns(Bridge):

    def start_servers(self):
        self.bind = self.lab.powerdns(zone="example.test")
        self.bind.secret = self.bind.key
        self.pebble = self.lab.pebble(self.bind)

    def environment(self, token: str = "${var.secret}") -> dict[str, str]:
        return {"LEXICON_PROVIDER": '"powerdns"', "LEXICON_POWERDNS_PDNS_SERVER": f'"{self.bind.url}"',
                "LEXICON_POWERDNS_AUTH_TOKEN": f'"{token}"'}

    def test_issues_and_cleans_up(self):
        self.configure_bridge("lexicon", **self.environment())

        self.assert_success(self.terraform.apply())

        self.assert_no_txt_records()
        self.assert_issued()
        self.assertNotIn(self.bind.key, (self.terraform.directory / "terraform.tfstate").read_text())

    def test_refused_credentials_are_shown_without_them(self):
        self.configure_bridge("lexicon", **self.environment("wrong-canary"))

        outcome = self.terraform.apply()

        said = outcome.stdout + outcome.stderr
        self.assertEqual(outcome.code, 1, outcome)
        self.assertIn("401 Client Error", said)
        self.assertNotIn("wrong-canary", said)


@unittest.skipUnless(os.environ.get("CERTWRIGHT_ACME_SH"), "CERTWRIGHT_ACME_SH names no installation of acme.sh")
class AcmeSh(Bridge):

    def test_issues_with_its_script_for_nsupdate_and_leaves_no_credentials(self):
        key = self.terraform.directory / "key"
        key.write_text(f'key "{self.bind.key_name}" {{ algorithm hmac-sha256; secret "{self.bind.secret}"; }};\n')
        home = self.terraform.directory / "home"
        home.mkdir()
        self.terraform.env["HOME"] = str(home)
        self.configure_bridge("acme.sh", ACME_SH_HOME=f'"{os.environ["CERTWRIGHT_ACME_SH"]}"', ACME_SH_DNSAPI='"dns_nsupdate"',
                              NSUPDATE_SERVER='"127.0.0.1"', NSUPDATE_SERVER_PORT=f'"{self.bind.port}"', NSUPDATE_KEY=f'"{key}"')

        self.assert_success(self.terraform.apply())

        self.assert_no_txt_records()
        self.assert_issued()
        self.assertEqual(list(home.iterdir()), [])


if __name__ == "__main__":
    main("lexicon", "nsupdate", "pdns_server")
