# SPDX-License-Identifier: MPL-2.0
"""Certificates by challenge records in Route 53 (moto behind a proxy that is as strict as AWS), through Terraform and Pebble."""

import collections

from lab.configuration import aws_configuration
from lab.testing import LabTest, main


class Route53(LabTest):

    def setUp(self):
        super().setUp()
        self.aws = self.lab.aws(self.bind)
        self.terraform.env.update(self.aws.environment)
        self.name = f"_acme-challenge.{self.bind.zone}."

    def configure(self, **replacements):
        self.write(aws_configuration(self.bind, self.aws, self.pebble, **replacements))

    def test_issues_by_the_policy_of_the_guide_and_leaves_foreign_values(self):
        self.aws.add_foreign(self.name, "foreign")
        self.configure()

        self.assert_success(self.terraform.apply())

        self.assertEqual(self.aws.records(), {self.name: ["foreign"]})
        counted = collections.Counter(self.aws.actions())
        self.assertEqual(counted.pop("GetCallerIdentity"), 1)
        self.assertEqual(counted, {"ListResourceRecordSets": 3, "ChangeResourceRecordSets": 2, "GetChange": 2})
        self.assert_no_changes()

    def test_finds_the_zone_by_its_name_and_rides_out_throttling(self):
        dns = f'[{{ app_connection = certwright_app_connection_aws.dns.handle, zone = "{self.bind.zone}" }}]'
        self.configure(ca={"dns": dns})
        self.assert_success(self.terraform.apply("-target=certwright_external_ca_acme.ca"))
        self.aws.fail_next("Throttling", "PriorRequestNotComplete", "Throttling")

        self.assert_success(self.terraform.apply())

        self.assertEqual(self.aws.actions().count("ListHostedZonesByName refused"), 3)
        self.assertEqual(self.aws.records(), {})

    def test_takes_on_a_role(self):
        role = '{ role_arn = "arn:aws:iam::123456789012:role/dns", external_id = "ours", duration = "30m" }'
        self.configure(connection={"assume_role": role})

        self.assert_success(self.terraform.apply())

        self.assertEqual(self.aws.actions().count("AssumeRole"), 1)
        self.assert_no_changes()

    def test_many_certificates_in_one_zone_share_their_changes(self):
        self.configure(certificate={"dns_names": f'["host-${{count.index}}.{self.bind.zone}"]', "count": "20"})

        self.assert_success(self.terraform.apply("-parallelism=20"))

        self.assertEqual(self.aws.records(), {})
        self.assertLess(self.aws.actions().count("ChangeResourceRecordSets"), 40)

    def test_a_wrong_secret_is_told_at_its_field_and_nowhere_else(self):
        self.terraform.env["TF_VAR_aws_secret"] = "wrong-secret-canary"
        self.configure()

        outcome = self.terraform.apply("-json")

        self.assertEqual(outcome.code, 1, outcome)
        error, = outcome.diagnostics()
        self.assertIn("SignatureDoesNotMatch", error["detail"])
        self.assertIn("secret_access_key", error["snippet"]["code"])
        self.assertNotIn("canary", outcome.stdout + outcome.stderr)


if __name__ == "__main__":
    main()
