# SPDX-License-Identifier: MPL-2.0
# Packages: dns-lexicon==3.25.2
"""lexicon, whose provider was recorded against Scaleway: adds two values beside others, lists them, and removes one of them. Debian's has no
such provider. Prints a line per finding. Arguments: the URL of the API, a secret key."""

import sys
import types

import lexicon.client
from lexicon._private.providers import scaleway
from lexicon.config import ConfigResolver

url, key = sys.argv[1:]
initialize = scaleway.Provider.__init__


def initialize_here(self, config):
    initialize(self, config)
    self.endpoint = url


scaleway.Provider.__init__ = initialize_here


def connect(domain: str, with_key: str = key) -> lexicon.client.Client:
    # Without the list of public suffixes, which would come over the internet.
    name, suffix = domain.split(".")
    lexicon.client.tldextract.TLDExtract = lambda **_: lambda _: types.SimpleNamespace(domain=name, suffix=suffix)
    return lexicon.client.Client(ConfigResolver().with_dict(
        {"provider_name": "scaleway", "domain": domain, "ttl": 3600, "scaleway": {"auth_secret_key": with_key}}))


def refusal(client: lexicon.client.Client) -> int | None:
    """The status; None when it is served."""
    try:
        with client:
            return None
    except Exception as error:
        return error.response.status_code


with connect("example.test") as operations:
    for value in ("one", "two"):
        operations.create_record("TXT", "_acme-challenge", value)
    print("values:", *sorted(record["content"] for record in operations.list_records("TXT", "_acme-challenge")))
    operations.delete_record(None, "TXT", "_acme-challenge", "one")
    print("values:", *sorted(record["content"] for record in operations.list_records("TXT", "_acme-challenge")))
print("no zone:", refusal(connect("nowhere.test")))
print("stranger:", refusal(connect("example.test", "wrong")))
