# SPDX-License-Identifier: MPL-2.0
"""A process that has issued once holds no more descriptors and threads after it has issued again. bench/soak.py goes on for longer,
and looks at memory too."""

import time

from lab import find_provider
from lab.resident import Resident
from lab.testing import LabTest, main


class Soak(LabTest):

    def issue_twenty(self, number: int, provider: Resident):
        self.configure(certificate={"count": "20", "dns_names": f'["n${{count.index}}.r{number}.example.test"]'},
                       sync={"certificates": "{ web = certwright_certificate.web[0].handle }"})
        self.terraform.env["TF_REATTACH_PROVIDERS"] = provider.reattach
        self.assert_success(self.terraform.apply("-parallelism=20"))

    def settled(self, provider: Resident, most):
        """The figures once they are within `most`, or after two seconds: threads and connections end on their own time."""
        deadline = time.monotonic() + 2
        while True:
            figures = provider.figures()
            if time.monotonic() > deadline or (figures.descriptors <= most.descriptors and figures.threads <= most.threads):
                return figures
            time.sleep(0.05)

    def test_a_process_keeps_no_descriptor_and_no_thread_of_an_issuance(self):
        provider = Resident(find_provider(), self.lab.directory / "provider")
        self.addCleanup(provider.stop)
        self.issue_twenty(1, provider)
        first = provider.figures()

        self.issue_twenty(2, provider)

        last = self.settled(provider, first)
        self.assertLessEqual(last.descriptors, first.descriptors, f"{first}; {last}")
        self.assertLessEqual(last.threads, first.threads, f"{first}; {last}")


if __name__ == "__main__":
    main()
