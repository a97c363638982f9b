# SPDX-License-Identifier: MPL-2.0
"""How many requests an issuance costs, that a rejected nonce costs exactly one more, and that each says who sends it."""

from lab.configuration import configuration
from lab.pebble import issuance_requests
from lab.recorder import Recorder
from lab.testing import LabTest, main


class Requests(LabTest):

    def requests_for(self, dns_names: str) -> int:
        self.configure()
        self.terraform.apply("-target=certwright_external_ca_acme.ca", check=True)
        self.pebble.mark()
        self.configure(certificate={"dns_names": dns_names})
        self.assert_success(self.terraform.apply())
        return issuance_requests(self.pebble.requests())

    def test_one_name_costs_seven(self):
        self.assertLessEqual(self.requests_for('["example.test"]'), 7, self.pebble.requests())

    def test_apex_and_wildcard_cost_nine(self):
        self.assertLessEqual(self.requests_for('["example.test", "*.example.test"]'), 9, self.pebble.requests())


class RejectedNonces(LabTest):
    pebble_options = {"nonce_reject": 50}

    def test_each_rejected_nonce_costs_one_more_request(self):
        recorder = Recorder(self.pebble)
        self.addCleanup(recorder.stop)
        self.write(configuration(self.bind, self.pebble, ca={"directory_url": f'"{recorder.directory_url}"'}))

        self.assert_success(self.terraform.apply())

        posts = [exchange for exchange in recorder.exchanges if exchange[0] == "POST"]
        rejected = recorder.rejected_nonces()
        self.assertEqual(len(posts) - rejected, 1 + 9, recorder.exchanges)  # newAccount, and the order's
        self.assertGreater(rejected, 0, recorder.exchanges)
        nonces = [exchange for exchange in recorder.exchanges if exchange[0] == "HEAD"]
        self.assertLessEqual(len(nonces), 4, "a rejection brings the next nonce along")
        (agent,) = recorder.agents
        self.assertRegex(agent, r"^terraform-provider-certwright/\d+\.\d+\.\d+ \(.+\)$")  # version and commit


if __name__ == "__main__":
    main()
