# SPDX-License-Identifier: MPL-2.0
"""The Python packages of those who judge the vendors' fakes. As a program: prints the interpreter that has them."""

import pathlib

from .venv import venv

PACKAGES = ("azure-identity==1.27.0", "azure-mgmt-dns==9.0.0", "cloudflare==5.9.0", "google-cloud-certificate-manager==1.16.0",
            "pyacmedns==0.4")


def find_judges() -> pathlib.Path:
    return venv("judges", *PACKAGES)


if __name__ == "__main__":
    print(find_judges() / "bin" / "python")
