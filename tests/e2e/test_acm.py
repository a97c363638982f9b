# SPDX-License-Identifier: MPL-2.0
"""A certificate in AWS Certificate Manager (moto behind the proxy that checks signatures), through Terraform and Pebble."""

from lab.configuration import configuration
from lab.testing import LabTest, main


# What uses the certificates: the keys have to be known before anything is applied.
USER = """
resource "terraform_data" "listener" {
  for_each = certwright_certificate_sync.files.synced
  input    = each.value.external_id
}
"""


class Acm(LabTest):

    def setUp(self):
        super().setUp()
        self.aws = self.lab.aws(self.bind)
        self.terraform.env["TF_VAR_aws_secret"] = self.aws.secret

    def configure_acm(self, names: str, **certificate):
        connection = f"""
variable "aws_secret" {{
  type      = string
  sensitive = true
  ephemeral = true
}}
resource "certwright_app_connection_aws" "aws" {{
  access_key_id     = "{self.aws.key_id}"
  secret_access_key = var.aws_secret
  endpoint_url      = "{self.aws.url}"
}}
"""
        self.write(connection + configuration(self.bind, self.pebble, certificate={"dns_names": names, **certificate}, sync={
            "app_connection": "certwright_app_connection_aws.aws.handle",
            "destination": '{ aws_certificate_manager = { region = "eu-west-1", tags = { team = "web" } } }'}) + USER)

    def synced(self) -> dict:
        return self.terraform.state()["certwright_certificate_sync.files"]["synced"]["web"]

    def test_a_new_certificate_goes_into_the_same_arn_and_destroy_takes_it_out(self):
        self.configure_acm(f'["{self.bind.zone}"]')
        self.assert_success(self.terraform.apply())
        first = self.synced()
        self.assertRegex(first["external_id"], "^arn:aws:acm:eu-west-1:[0-9]+:certificate/")
        self.assertEqual(self.terraform.state()['terraform_data.listener["web"]']["output"], first["external_id"])
        self.assert_no_changes()
        self.assertEqual(self.aws.actions().count("ImportCertificate"), 1)

        self.configure_acm(f'["{self.bind.zone}", "www.{self.bind.zone}"]')
        self.assert_success(self.terraform.apply())
        second = self.synced()
        self.assertEqual(second["external_id"], first["external_id"])
        self.assertNotEqual(second["fingerprint_sha256"], first["fingerprint_sha256"])
        self.assert_no_changes()

        self.assert_success(self.terraform.destroy())
        self.assertEqual(self.aws.actions().count("DeleteCertificate"), 1)
        self.assertNotIn("refused", " ".join(self.aws.actions()))

    def test_another_kind_of_key_gets_an_arn_of_its_own(self):
        names = f'["{self.bind.zone}"]'
        self.configure_acm(names, key_algorithm='"EC_P256"')
        self.assert_success(self.terraform.apply())
        first = self.synced()

        self.configure_acm(names, key_algorithm='"RSA_2048"')
        self.assert_success(self.terraform.apply())
        second = self.synced()
        self.assertNotEqual(second["external_id"], first["external_id"])
        self.assertEqual(list(self.aws.world()["certificates"]), [second["external_id"]])
        self.assertIn("ImportCertificate refused", self.aws.actions())
        self.assert_no_changes()


if __name__ == "__main__":
    main()
