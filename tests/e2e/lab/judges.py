# SPDX-License-Identifier: MPL-2.0
"""The Python packages of those who judge the vendors' fakes: each judge_*.py beside a fake names its own in a line that begins with
"# Packages:". As a program: prints the interpreter that has them."""

import pathlib
import re

from .venv import ROOT, venv


def list_packages() -> list[str]:
    judges = ROOT.glob("tests/engine/vendors/*/judge_*.py")
    lines = (re.search(r"^# Packages: (.*)$", judge.read_text(), re.MULTILINE)[1] for judge in judges)
    return sorted({package for line in lines for package in line.split()})


def find_judges() -> pathlib.Path:
    return venv("judges", *list_packages())


if __name__ == "__main__":
    print(find_judges() / "bin" / "python")
