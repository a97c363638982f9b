# SPDX-License-Identifier: MPL-2.0
"""The base of the end-to-end tests."""

import os
import pathlib
import sys
import unittest

from . import Lab, exit_on_signals, missing_programs
from .configuration import configuration

SKIPPED = 77  # ctest's SKIP_RETURN_CODE


class LabTest(unittest.TestCase):
    """Each test has servers and a working directory of its own; the options of Pebble are the class's."""

    pebble_options: dict = {}

    def setUp(self):
        self.lab = Lab()
        self.addCleanup(self.lab.close)
        self.start_servers()
        self.terraform = self.lab.terraform()
        self.terraform.env["TF_VAR_tsig_secret"] = self.bind.secret
        self.out = self.terraform.directory / "out"

    def start_servers(self):
        self.bind = self.lab.bind()
        self.pebble = self.lab.pebble(self.bind, **self.pebble_options)

    def configure(self, **replacements):
        self.write(configuration(self.bind, self.pebble, **replacements))

    def write(self, text: str):
        """Writes main.tf; the first time, installs the provider too."""
        main = self.terraform.directory / "main.tf"
        is_new = not main.exists()
        main.write_text(text)
        if is_new:
            self.terraform.init()

    def assert_success(self, outcome):
        self.assertEqual(outcome.code, 0, outcome)

    def assert_no_changes(self):
        self.assertEqual((outcome := self.terraform.plan()).code, 0, outcome)

    def assert_no_txt_records(self):
        self.assertEqual(self.bind.txt_records(), [])

    def files(self) -> dict[str, int]:
        """Name and mode of each file that the sync wrote, but for the marks beside them."""
        files = self.out.iterdir() if self.out.exists() else ()
        return {path.name: path.stat().st_mode & 0o777 for path in files if not path.name.endswith(".certwright")}


def journal_entries(folder: pathlib.Path) -> list[str]:
    """Names of what a run in this folder would leave to the next one."""
    journal = folder / ".terraform" / "certwright"
    files = journal.iterdir() if journal.exists() else ()
    return [path.name for path in files if path.is_file() and path.name not in ("lock", "turns")]


def main(*programs: str):
    """Runs the tests of the file. Where a program is missing, one of these or one of every lab: an error under CI, else a skip that
    says so."""
    exit_on_signals()
    missing = missing_programs(*programs)
    if missing:
        print(f"{'ERROR' if os.environ.get('CI') else 'SKIPPED'}: not on this machine: {', '.join(missing)}; "
              "scripts/install-packages test installs them", flush=True)
        sys.exit(1 if os.environ.get("CI") else SKIPPED)
    unittest.main()
