# SPDX-License-Identifier: MPL-2.0
"""A process that has issued once holds no more descriptors and threads after it has issued again. bench/soak.py goes on for longer,
and looks at memory too."""

import pathlib
import subprocess
import sys

from lab import find_provider
from lab.resident import Figures, Resident
from lab.testing import LabTest, main

_SOME = 10  # connections and threads that end on their own time; one left by each issuance would be twenty


class Soak(LabTest):

    def issue_twenty(self, number: int, provider: Resident):
        self.configure(certificate={"count": "20", "dns_names": f'["n${{count.index}}.r{number}.example.test"]'},
                       sync={"certificates": "{ web = certwright_certificate.web[0].handle }"})
        self.terraform.env["TF_REATTACH_PROVIDERS"] = provider.reattach
        self.assert_success(self.terraform.apply("-parallelism=20"))

    @staticmethod
    def is_like(first: Figures, last: Figures) -> bool:
        return last.descriptors < first.descriptors + _SOME and last.threads < first.threads + _SOME

    def test_the_long_one_finds_all_that_it_imports(self):
        bench = pathlib.Path(__file__).resolve().parents[2] / "bench"
        subprocess.run([sys.executable, "-B", "-c", "import soak"], cwd=bench, check=True)

    def test_a_process_keeps_no_descriptor_and_no_thread_of_an_issuance(self):
        provider = Resident(find_provider(), self.lab.directory / "provider")
        self.addCleanup(provider.stop)
        self.issue_twenty(1, provider)
        first = provider.figures()

        self.issue_twenty(2, provider)

        provider.wait_until(lambda: self.is_like(first, provider.figures()), seconds=30)
        provider.stop()
        self.assertNotIn("Sanitizer", provider.text())  # leaks are told at the end


if __name__ == "__main__":
    main()
