# SPDX-License-Identifier: MPL-2.0
"""Configurations as the first schema has them."""

import re

_NAMES = {
    "kubernetes": {"server_url": "server", "ca_certificate_pem": "ca_certificate", "client_certificate_pem": "client_certificate",
                   "client_key_pem": "client_key"},
    "ssh": {"private_key_pem": "private_key"},
    "vault": {"server_url": "address", "ca_certificate_pem": "ca_certificate"},
}


def former(text: str) -> str:
    """The configuration as the first schema has it."""
    blocks = re.split(r'(?m)^(?=resource ")', text)
    for number, block in enumerate(blocks):
        kind = re.match(r'resource "certwright_app_connection_(\w+)"', block)
        for present, name in _NAMES.get(kind.group(1) if kind else "", {}).items():
            block = re.sub(rf"(?m)^(\s*){present}(\s*=)", rf"\1{name}\2", block)
        blocks[number] = re.sub(r"(?m)^  name_schema = (.*)$", r"  options = { name_schema = \1 }", block)
    return "".join(blocks)
