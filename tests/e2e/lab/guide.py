# SPDX-License-Identifier: MPL-2.0
"""What the guides tell users to write, so that tests run on exactly that."""

import re

from .venv import ROOT


def knot_acl() -> str:
    """The access list of the rfc2136 guide."""
    guide = (ROOT / "docs" / "guides" / "dns-rfc2136.md").read_text()
    return re.search(r"^acl:\n(?:  .*\n)+", guide, re.MULTILINE).group(0)


def script_of(guide: str, name: str) -> str:
    """The program whose second line names it: "# active-directory: …"."""
    text = (ROOT / "docs" / "guides" / f"{guide}.md").read_text()
    return re.search(rf"^```sh\n(#!/bin/sh\n# {re.escape(name)}: .*?)^```$", text, re.MULTILINE | re.DOTALL).group(1)


def file_of(guide: str, name: str) -> str:
    """The configuration that the guide shows as the file of this name."""
    text = (ROOT / "docs" / "guides" / f"{guide}.md").read_text()
    return re.search(rf"^`{re.escape(name)}`.*?:\n\n```terraform\n(.*?)^```$", text, re.MULTILINE | re.DOTALL).group(1)
