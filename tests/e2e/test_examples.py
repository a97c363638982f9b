# SPDX-License-Identifier: MPL-2.0
"""Every example is accepted by `terraform validate` and is formatted as `terraform fmt` would."""

import shutil
import unittest

from lab import Lab
from lab.terraform import ROOT
from lab.testing import main

EXAMPLES = ROOT / "examples"


class Examples(unittest.TestCase):

    def validate(self, files: dict):
        """Copies the files (name: path) into one configuration."""
        with Lab() as lab:
            terraform = lab.terraform()
            for name, path in files.items():
                shutil.copy(path, terraform.directory / name)
            terraform.init()
            outcome = terraform.run("validate", "-no-color")
        self.assertEqual(outcome.code, 0, outcome)
        self.assertNotIn("Warning", outcome.stdout)

    def test_quickstart(self):
        self.validate({path.name: path for path in (EXAMPLES / "quickstart").glob("*.tf")})

    def test_pages_together(self):
        """The examples of the registry's pages refer to each other, as a reader expects."""
        resources = {f"{path.stem}_{path.parent.name}.tf": path for path in EXAMPLES.glob("*/*/*.tf")
                     if path.parent.parent.name != "modules"}
        self.assertTrue(resources)
        self.validate({"provider.tf": EXAMPLES / "provider" / "provider.tf", **resources})

    def test_modules_pass_their_tests_with_mocked_handles(self):
        for module in sorted((EXAMPLES / "modules").iterdir()):
            with self.subTest(module.name), Lab() as lab:
                terraform = lab.terraform()
                shutil.copytree(EXAMPLES / "mocks", terraform.directory.parent / "mocks", dirs_exist_ok=True)
                shutil.copytree(module, terraform.directory, dirs_exist_ok=True)
                source = f'source = "{terraform.directory.parent / "mocks"}"'
                for file in (terraform.directory / "tests").iterdir():
                    file.write_text(file.read_text().replace('source = "../../mocks"', source))
                terraform.init()

                outcome = terraform.run("test", "-no-color")

                self.assertEqual(outcome.code, 0, outcome)
                self.assertIn("Success! 1 passed, 0 failed.", outcome.stdout)

    def test_all_are_formatted(self):
        with Lab() as lab:
            outcome = lab.terraform().run("fmt", "-check", "-recursive", "-diff", str(EXAMPLES))
        self.assertEqual(outcome.code, 0, outcome)


if __name__ == "__main__":
    main()
