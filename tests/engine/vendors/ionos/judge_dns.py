# SPDX-License-Identifier: MPL-2.0
# Packages: dns-lexicon==3.25.2
"""lexicon, whose provider was recorded against IONOS: adds two values beside others, lists them, and removes one of them. Debian's has no
such provider. Prints a line per finding. Arguments: the URL of the zones, a key."""

import sys
import types

import lexicon.client
from lexicon._private.providers import ionos
from lexicon.config import ConfigResolver

url, key = sys.argv[1:]
ionos._ZONES_API = url


def connect(domain: str, with_key: str = key) -> lexicon.client.Client:
    # Without the list of public suffixes, which would come over the internet.
    name, suffix = domain.split(".")
    lexicon.client.tldextract.TLDExtract = lambda **_: lambda _: types.SimpleNamespace(domain=name, suffix=suffix)
    return lexicon.client.Client(ConfigResolver().with_dict(
        {"provider_name": "ionos", "domain": domain, "ttl": 3600, "ionos": {"api_key": with_key}}))


def refusal(client: lexicon.client.Client) -> str | None:
    """The status, or what it says; None when it is served."""
    try:
        with client:
            return None
    except Exception as error:
        response = getattr(error, "response", None)
        return str(error) if response is None else str(response.status_code)


with connect("example.test") as operations:
    for value in ("one", "two"):
        operations.create_record("TXT", "_acme-challenge.example.test", value)
    listed = operations.list_records("TXT", "_acme-challenge.example.test")
    print("values:", *sorted(record["content"] for record in listed))
    operations.delete_record(None, "TXT", "_acme-challenge.example.test", "one")
    print("values:", *sorted(record["content"] for record in operations.list_records("TXT", "_acme-challenge.example.test")))
print("no zone:", refusal(connect("nowhere.test")))
print("stranger:", refusal(connect("example.test", "wrong")))
