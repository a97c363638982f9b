# SPDX-License-Identifier: MPL-2.0
"""A CA and a runner that ask the same resolver, which remembers for minutes that a name is not there: nobody may ask it for a challenge
before the record is there."""

from lab.testing import LabTest, main


class CachingResolver(LabTest):
    def start_servers(self):
        self.bind = self.lab.bind(negative_ttl=300)
        self.resolver = self.lab.caching_bind(self.bind)
        self.pebble = self.lab.pebble(self.resolver)

    def test_it_is_first_asked_for_a_challenge_that_is_there(self):
        servers = f'["{self.resolver.address}"]'
        self.configure(ca={"propagation": f'{{ nameservers = {servers}, resolvers = {servers}, timeout = "30s" }}'})

        self.assert_success(self.terraform.apply())

        self.assertIn("_acme-challenge.example.test", self.resolver.queries())
        self.assert_no_changes()
        self.assert_no_txt_records()


if __name__ == "__main__":
    main()
