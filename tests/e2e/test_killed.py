# SPDX-License-Identifier: MPL-2.0
"""Something happens at each outgoing request and at each change of DNS in turn: the provider is killed before it or after it, its
answer is lost, Ctrl-C is pressed, Terraform itself is killed and its provider left alone. Then `terraform apply` runs again at once, and
all is as if nothing had happened. The same for a renewal.

CI looks at a sample; CERTWRIGHT_FULL_SWEEP=1 looks at every point."""

import collections
import concurrent.futures
import os
import shutil

from lab import accident
from lab.accident import Accident, DnsProxy
from lab.configuration import certificate_block, configuration
from lab.recorder import Recorder
from lab.testing import LabTest, journal_entries, main

_EVERY = {accident.KILLED_BEFORE: 1, accident.KILLED_AFTER: 1, accident.LOST: 3, accident.STOPPED: 3, accident.HOST_KILLED: 4}
_EVERY_OF_RENEWAL = {accident.KILLED_BEFORE: 7, accident.KILLED_AFTER: 8, accident.LOST: 9, accident.STOPPED: 8, accident.HOST_KILLED: 8}
_AT_ONCE = 4
WEB = "certwright_certificate.web"


def make_due(attributes: dict, _):
    attributes["renewal"]["due_at"] = "2026-01-01T00:00:00Z"


class Run:
    """Terraform in a directory of its own, with all four resources and an account of its own. `at`: 0 for no accident."""

    def __init__(self, test, what: str, at: int):
        self.accident = Accident(what, at)
        self.recorder = Recorder(test.pebble, self.accident)
        self.dns = DnsProxy(test.bind, self.accident)
        label = f"{what.replace(' ', '-').lower()}-{at}"
        self.name = f"{label}.{test.bind.zone}"
        self.terraform = test.lab.terraform(label)
        self.terraform.env["TF_VAR_tsig_secret"] = test.bind.secret
        main_tf = configuration(self.dns, self.recorder, certificate={"dns_names": f'["{self.name}"]'})
        (self.terraform.directory / "main.tf").write_text(main_tf)
        for part in (".terraform", ".terraform.lock.hcl", "cli.tfrc"):
            source = test.terraform.directory / part
            copy = shutil.copytree if source.is_dir() else shutil.copy
            copy(source, self.terraform.directory / part, **({"symlinks": True} if source.is_dir() else {}))

    def apply(self) -> tuple[int, str]:
        """The run with the accident."""
        process = self.terraform.start("apply", "-auto-approve", "-input=false", "-no-color")
        self.accident.terraform = process
        stdout, stderr = process.communicate(timeout=120)
        return process.returncode, stdout + stderr

    def serial_number(self) -> str:
        return self.terraform.state()[WEB]["serial_number"]

    def issue(self):
        """A run without an accident, after which the certificate is due. The next run's requests are counted from 1."""
        at, self.accident.at = self.accident.at, 0
        code, output = self.apply()
        if code != 0:
            raise AssertionError(output)
        self.terraform.edit_state(WEB, make_due)
        self.issued = self.serial_number()
        self.accident.at, self.accident.count = at, 0
        self.recorder.exchanges.clear()

    def count(self, prefix: str, status: int) -> int:
        return sum(path.startswith(prefix) and got == status for _, path, got, _ in self.recorder.exchanges)

    def journal(self) -> list[str]:
        return journal_entries(self.terraform.directory)

    def stop(self):
        self.recorder.stop()
        self.dns.stop()


class Killed(LabTest):

    def setUp(self):
        super().setUp()
        self.configure()

    def points(self, steps: dict[str, int], prepare) -> list[tuple[str, int]]:
        """Every point, numbered as in a run to which nothing happens."""
        quiet = Run(self, "quiet", 0)
        self.addCleanup(quiet.stop)
        prepare(quiet)
        code, output = quiet.apply()
        self.assertEqual(code, 0, output)
        every = {what: 1 for what in steps} if os.environ.get("CERTWRIGHT_FULL_SWEEP") else steps
        return [(what, at) for what, step in every.items() for at in range(step, quiet.accident.count + 1, step)]

    def problems(self, what: str, at: int, prepare, facts_of) -> list[str]:
        """What is wrong after the run with the accident, another one, and a plan."""
        run = Run(self, what, at)
        try:
            prepare(run)
            first = run.apply()
            second = run.terraform.apply()
            plan = run.terraform.plan()
            facts = {
                "the second apply fails": second.code != 0,
                "the plan is not empty": plan.code != 0,
                "not one certificate was issued": run.count("/finalize-order", 200) != 1,
                "a journal entry is left": run.journal() != [],
                "a TXT record is left": any(run.name in record for record in self.bind.txt_records()),
                "not one certificate file": len(list((run.terraform.directory / "out").glob("*.crt"))) != 1,
                **facts_of(run),
            }
            found = [f"{what}, {at}: {fact}" for fact, is_so in facts.items() if is_so]
            return found + ([first[1], str(second), str(plan), str(run.recorder.exchanges), str(run.journal())] if found else [])
        finally:
            run.stop()

    def sweep(self, of: str, steps: dict[str, int], prepare, facts_of):
        points = self.points(steps, prepare)

        with concurrent.futures.ThreadPoolExecutor(_AT_ONCE) as pool:
            problems = list(pool.map(lambda point: self.problems(*point, prepare, facts_of), points))

        counts = collections.Counter(what for what, _ in points)
        print(f"{len(points)} points of {of}:", ", ".join(f"{count} {what}" for what, count in counts.items()), flush=True)
        self.assertEqual([], [line for found in problems for line in found], "\n".join(line for found in problems for line in found))

    def test_the_next_apply_makes_it_whole(self):
        self.sweep("an issuance", _EVERY, lambda run: None,
                   lambda run: {"not one account was made": run.count("/sign-me-up", 201) != 1})

    def test_the_next_apply_makes_a_renewal_whole(self):
        self.sweep("a renewal", _EVERY_OF_RENEWAL, Run.issue, lambda run: {
            "an account was made": run.count("/sign-me-up", 201) != 0,
            "the certificate is the old one": run.serial_number() == run.issued,
        })

    def test_a_twin_that_is_added_without_a_refresh_gets_a_certificate_of_its_own(self):
        self.assert_success(self.terraform.apply())
        self.write((self.terraform.directory / "main.tf").read_text() + certificate_block(self.bind, "twin"))

        self.assert_success(self.terraform.apply("-refresh=false"))

        state = self.terraform.state()
        web, twin = (state[f"certwright_certificate.{name}"] for name in ("web", "twin"))
        self.assertNotEqual(web["certificate_id"], twin["certificate_id"])
        self.assertNotEqual(web["serial_number"], twin["serial_number"])


if __name__ == "__main__":
    main()
