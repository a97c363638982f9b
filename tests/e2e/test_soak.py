# SPDX-License-Identifier: MPL-2.0
"""A process that has issued once holds no more descriptors and threads after it has issued again. bench/soak.py goes on for longer,
and looks at memory too."""

from lab import find_provider
from lab.resident import Resident
from lab.testing import LabTest, main

_SOME = 10  # connections and threads that end on their own time; one left by each issuance would be twenty


class Soak(LabTest):

    def issue_twenty(self, number: int, provider: Resident):
        self.configure(certificate={"count": "20", "dns_names": f'["n${{count.index}}.r{number}.example.test"]'},
                       sync={"certificates": "{ web = certwright_certificate.web[0].handle }"})
        self.terraform.env["TF_REATTACH_PROVIDERS"] = provider.reattach
        self.assert_success(self.terraform.apply("-parallelism=20"))

    def test_a_process_keeps_no_descriptor_and_no_thread_of_an_issuance(self):
        provider = Resident(find_provider(), self.lab.directory / "provider")
        self.addCleanup(provider.stop)
        self.issue_twenty(1, provider)
        first = provider.figures()

        self.issue_twenty(2, provider)

        last = provider.figures()
        self.assertLess(last.descriptors, first.descriptors + _SOME, f"{first}; {last}")
        self.assertLess(last.threads, first.threads + _SOME, f"{first}; {last}")
        provider.stop()
        self.assertNotIn("Sanitizer", provider.text())  # leaks are told at the end


if __name__ == "__main__":
    main()
