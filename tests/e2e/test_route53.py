# SPDX-License-Identifier: MPL-2.0
"""Certificates by challenge records in Route 53 (moto behind a proxy that is as strict as AWS), through Terraform and Pebble."""

import collections

from lab.testing import LabTest, main

_HEAD = """terraform {
  required_providers { certwright = { source = "certwright/certwright" } }
}
variable "secret" {
  type      = string
  sensitive = true
  ephemeral = true
}
"""


class Route53(LabTest):

    def setUp(self):
        super().setUp()
        self.aws = self.lab.aws(self.bind)
        self.terraform.env["TF_VAR_secret"] = self.aws.secret
        # What the machine itself is at AWS must not matter.
        self.terraform.env.update(AWS_EC2_METADATA_DISABLED="true", AWS_CONFIG_FILE="/dev/null", AWS_SHARED_CREDENTIALS_FILE="/dev/null")
        self.name = f"_acme-challenge.{self.bind.zone}."

    def configuration(self, *, zone: str | None = None, connection: str = "", names: str | None = None, count: int = 1) -> str:
        return _HEAD + f"""
resource "certwright_app_connection_aws" "dns" {{
  access_key_id     = "{self.aws.key_id}"
  secret_access_key = var.secret
  endpoint_url      = "{self.aws.url}"
  {connection}
}}
resource "certwright_external_ca_acme" "ca" {{
  name              = "pebble"
  directory_url     = "{self.pebble.directory_url}"
  account_email     = "ops@example.test"
  trusted_roots_pem = file("{self.pebble.ca_file}")
  dns               = [{{ app_connection = certwright_app_connection_aws.dns.handle, zone = "{zone or self.aws.zone_id}" }}]
  propagation       = {{ nameservers = ["{self.bind.address}"], resolvers = ["{self.bind.address}"] }}
}}
resource "certwright_certificate" "web" {{
  count       = {count}
  external_ca = certwright_external_ca_acme.ca.handle
  dns_names   = {names or f'["{self.bind.zone}", "*.{self.bind.zone}"]'}
}}
"""

    def test_issues_by_the_policy_of_the_guide_and_leaves_foreign_values(self):
        self.aws.add_foreign(self.name, "foreign")
        self.write(self.configuration())

        self.assert_success(self.terraform.apply())

        self.assertEqual(self.aws.records(), {self.name: ["foreign"]})
        counted = collections.Counter(self.aws.actions())
        self.assertEqual(counted.pop("GetCallerIdentity"), 1)
        self.assertEqual(counted, {"ListResourceRecordSets": 2, "ChangeResourceRecordSets": 2, "GetChange": 2})
        self.assert_no_changes()

    def test_finds_the_zone_by_its_name_and_rides_out_throttling(self):
        self.write(self.configuration(zone=self.bind.zone))
        self.assert_success(self.terraform.apply("-target=certwright_external_ca_acme.ca"))
        self.aws.fail_next("Throttling", "PriorRequestNotComplete", "Throttling")

        self.assert_success(self.terraform.apply())

        self.assertEqual(self.aws.actions().count("ListHostedZonesByName refused"), 3)
        self.assertEqual(self.aws.records(), {})

    def test_takes_on_a_role(self):
        role = 'assume_role = { role_arn = "arn:aws:iam::123456789012:role/dns", external_id = "ours", duration = "30m" }'
        self.write(self.configuration(connection=role))

        self.assert_success(self.terraform.apply())

        self.assertEqual(self.aws.actions().count("AssumeRole"), 1)
        self.assert_no_changes()

    def test_many_certificates_in_one_zone_share_their_changes(self):
        names = f'["host-${{count.index}}.{self.bind.zone}"]'
        self.write(self.configuration(names=names, count=20))

        self.assert_success(self.terraform.apply("-parallelism=20"))

        self.assertEqual(self.aws.records(), {})
        self.assertLess(self.aws.actions().count("ChangeResourceRecordSets"), 40)

    def test_a_wrong_secret_is_told_at_its_field_and_nowhere_else(self):
        self.terraform.env["TF_VAR_secret"] = "wrong-secret-canary"
        self.write(self.configuration())

        outcome = self.terraform.apply("-json")

        self.assertEqual(outcome.code, 1, outcome)
        error, = outcome.diagnostics()
        self.assertIn("SignatureDoesNotMatch", error["detail"])
        self.assertIn("secret_access_key", error["snippet"]["code"])
        self.assertNotIn("canary", outcome.stdout + outcome.stderr)


if __name__ == "__main__":
    main()
