#!/usr/bin/env python3
# SPDX-License-Identifier: MPL-2.0
"""The README's figures are those of bench/RESULTS.json."""

import json
import pathlib
import sys
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "bench"))

import report  # noqa: E402


class Figures(unittest.TestCase):
    def test_the_readme_has_what_was_measured(self):
        readme = (ROOT / "README.md").read_text()
        data = json.loads((ROOT / "bench" / "RESULTS.json").read_text())
        self.assertIn("| private keys in clear in that state | 0 keys |", readme)
        self.assertEqual(report.with_figures(readme, data), readme)


if __name__ == "__main__":
    unittest.main()
