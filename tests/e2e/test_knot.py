# SPDX-License-Identifier: MPL-2.0
"""Challenge records by dynamic update at Knot DNS, with the access list of the guide: TXT at two names and nothing else."""

from lab.guide import knot_acl
from lab.testing import LabTest, main


class Knot(LabTest):

    def start_servers(self):
        self.bind = self.lab.knot(knot_acl())
        self.pebble = self.lab.pebble(self.bind)

    def test_the_access_list_of_the_guide_is_enough(self):
        self.configure(certificate={"dns_names": '["example.test", "*.example.test", "www.example.test"]'})

        self.assert_success(self.terraform.apply())

        self.assertEqual(len(self.terraform.state()["certwright_certificate.web"]["dns_names"]), 3)
        self.assert_no_txt_records()
        self.assert_no_changes()

    def test_any_other_name_is_refused_and_the_error_says_where_to_look(self):
        self.configure(certificate={"dns_names": '["other.example.test"]'})

        outcome = self.terraform.apply("-json")

        self.assertEqual(outcome.code, 1, outcome)
        error, = outcome.diagnostics()
        self.assertIn("_acme-challenge.other.example.test", error["detail"])
        self.assertIn("update-owner-name", error["detail"])
        self.assert_no_txt_records()


if __name__ == "__main__":
    main("knotd")
