# SPDX-License-Identifier: MPL-2.0
# Packages: pyacmedns==0.4
"""acme-dns's own Python client: registers an account and sets values with it. Prints a line a finding. Arguments: URL."""

import sys

import pyacmedns

client = pyacmedns.Client(sys.argv[1])
account = client.register_account([])
print("account:", *sorted(account))
client.update_txt_record(account, "A" * 43)
client.update_txt_record(account, "B" * 42 + "A")
for what, other, value in (("stranger", {"password": "wrong"}, "C" * 42 + "A"), ("short value", {}, "C")):
    try:
        client.update_txt_record({**account, **other}, value)
    except Exception as error:  # its own class says no more than the text
        print(f"{what}:", *(status for status in ("400", "401") if f"status: {status}" in str(error)))
