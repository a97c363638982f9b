# SPDX-License-Identifier: MPL-2.0
"""One certificate whose names lie in four zones at four vendors, one of them delegated by CNAME. Pebble asks unbound, which follows
CNAMEs from server to server as a CA's resolver does."""

import re

from lab.configuration import block
from lab.guide import knot_acl
from lab.testing import LabTest, main
from lab.webhook import Webhook

_HEAD = """terraform {
  required_providers { certwright = { source = "certwright/certwright" } }
}
"""
_VARIABLE = 'variable "{}" {{\n  type = string\n  sensitive = true\n  ephemeral = true\n}}\n'
_DELEGATED = "_acme-challenge.shop.alpha.test."


class FourVendors(LabTest):

    def start_servers(self):
        self.bind = self.lab.bind(zone="alpha.test", records=f"{_DELEGATED} CNAME _acme-challenge.shop.charlie.test.")
        self.aws_bind = self.lab.bind(zone="bravo.test")
        self.aws = self.lab.aws(self.aws_bind)
        self.powerdns = self.lab.powerdns(zone="charlie.test")
        self.knot = self.lab.knot(knot_acl(), zone="delta.test")
        self.webhook = Webhook(self.knot)
        self.addCleanup(self.webhook.stop)
        self.unbound = self.lab.unbound(
            {server.zone: server.address for server in (self.bind, self.aws_bind, self.powerdns, self.knot)})
        self.pebble = self.lab.pebble(self.unbound)

    def setUp(self):
        super().setUp()
        secrets = {"tsig_secret": self.bind.secret, "aws_secret": self.aws.secret, "powerdns_key": self.powerdns.key,
                   "webhook_password": self.webhook.password}
        self.variables = "".join(map(_VARIABLE.format, secrets))
        self.terraform.env.update({f"TF_VAR_{name}": value for name, value in secrets.items()})
        self.terraform.env.update(self.aws.environment)

    def configure_names(self, *names: str):
        zones = {"rfc2136": self.bind.zone, "aws": self.aws.zone_id, "powerdns": self.powerdns.zone, "webhook": self.knot.zone}
        dns = ", ".join(f'{{ app_connection = certwright_app_connection_{kind}.dns.handle, zone = "{zone}" }}'
                        for kind, zone in zones.items())
        listed = ", ".join(f'"{name}"' for name in names)
        self.write("".join([
            _HEAD, self.variables,
            block("app_connection_rfc2136", "dns", {
                "server": f'"{self.bind.address}"', "tsig_key_name": f'"{self.bind.key_name}"', "tsig_secret": "var.tsig_secret"}),
            block("app_connection_aws", "dns", {
                "access_key_id": f'"{self.aws.key_id}"', "secret_access_key": "var.aws_secret", "endpoint_url": f'"{self.aws.url}"'}),
            block("app_connection_powerdns", "dns", {"endpoint_url": f'"{self.powerdns.url}"', "api_key": "var.powerdns_key"}),
            block("app_connection_webhook", "dns", {
                "endpoint_url": f'"{self.webhook.url}"', "username": f'"{self.webhook.username}"', "password": "var.webhook_password"}),
            block("external_ca_acme", "ca", {
                "name": '"pebble"', "directory_url": f'"{self.pebble.directory_url}"', "account_email": '"ops@example.test"',
                "trusted_roots_pem": f'file("{self.pebble.ca_file}")', "dns": f"[{dns}]",
                "propagation": f'{{ nameservers = ["{self.unbound.address}"], resolvers = ["{self.unbound.address}"] }}'}),
            block("certificate", "web", {"external_ca": "certwright_external_ca_acme.ca.handle", "dns_names": f"[{listed}]"}),
        ]))

    def assert_nothing_of_ours_is_left(self, *, at_aws: dict):
        self.assertEqual(self.aws.records(), at_aws)
        for server in (self.bind, self.powerdns, self.knot):
            self.assertEqual(server.txt_records(), [])

    def test_each_value_goes_where_its_zone_is_and_comes_away_again(self):
        self.aws.add_foreign("_acme-challenge.bravo.test.", "foreign")
        names = ["alpha.test", "*.alpha.test", "shop.alpha.test", "bravo.test", "charlie.test", "delta.test", "*.delta.test"]
        self.configure_names(*names)

        outcome = self.terraform.apply(env={"TF_LOG_PROVIDER": "INFO"})

        self.assert_success(outcome)
        lines = [line for line in outcome.stderr.splitlines() if "challenge records placed" in line and "zone=" in line]
        placed = {re.search(r"zone=(\S+)", line).group(1): re.search(r"count=(\d+)", line).group(1) for line in lines}
        # shop.alpha.test counts where its CNAME leads.
        self.assertEqual(placed, {"alpha.test.": "2", "bravo.test.": "1", "charlie.test.": "2", "delta.test.": "2"}, outcome.stderr)
        self.assertEqual(set(self.terraform.state()["certwright_certificate.web"]["dns_names"]), set(names))
        self.assert_nothing_of_ours_is_left(at_aws={"_acme-challenge.bravo.test.": ["foreign"]})
        self.assert_no_changes()

    def test_one_vendors_refusal_takes_the_records_away_from_all(self):
        self.aws.add_foreign("_acme-challenge.bravo.test.", "foreign")
        self.configure_names("alpha.test", "shop.alpha.test", "bravo.test", "charlie.test", "not-in-the-acl.delta.test")

        outcome = self.terraform.apply("-json")

        self.assertEqual(outcome.code, 1, outcome)
        error, = outcome.diagnostics()
        self.assertIn("_acme-challenge.not-in-the-acl.delta.test.", error["detail"])
        self.assertEqual(outcome.diagnostics("warning"), [])
        self.assert_nothing_of_ours_is_left(at_aws={"_acme-challenge.bravo.test.": ["foreign"]})


if __name__ == "__main__":
    main("knotd", "pdns_server", "unbound")
