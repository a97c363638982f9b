# SPDX-License-Identifier: MPL-2.0
# Packages: edgegrid-python==2.0.9 octodns-edgedns==1.1.0
"""octoDNS's client of Edge DNS, which signs with Akamai's own library: makes, replaces, and deletes sets. Prints a line per finding.
Arguments: the URL of the API, client token, client secret, access token."""

import sys

import requests
from octodns_edgedns import AkamaiClient, AkamaiClientNotFound

url, client_token, client_secret, access_token = sys.argv[1:]
ZONE, NAME = "example.test", "_acme-challenge.example.test"


def connect(secret: str) -> AkamaiClient:
    client = AkamaiClient(client_secret=secret, host="unused", access_token=access_token, client_token=client_token, comment="")
    client.base = url
    return client


client = connect(client_secret)


def refusal(action, *arguments) -> int | None:
    """The status of the refusal; None when there is none."""
    try:
        action(*arguments)
    except AkamaiClientNotFound:
        return 404
    except requests.HTTPError as error:
        return error.response.status_code
    return None


def show_sets():
    sets = client.zone_recordset_get(ZONE, types="TXT").json()["recordsets"]
    print("sets:", *(f"{one['name']} {' '.join(one['rdata'])}" for one in sets))


def content(name: str, *values: str) -> dict:
    return {"name": name, "type": "TXT", "ttl": 60, "rdata": [f'"{value}"' for value in values]}


show_sets()
print("made twice:", refusal(client.record_create, ZONE, NAME, "TXT", content(NAME, "one")))
client.record_replace(ZONE, NAME, "TXT", content(NAME, "ours", "one"))
show_sets()
client.record_create(ZONE, "other.example.test", "TXT", content("other.example.test", "two"))
show_sets()
client.record_delete(ZONE, "other.example.test", "TXT")
show_sets()
print("gone:", refusal(client.record_delete, ZONE, "other.example.test", "TXT"))
print("no zone:", refusal(client.zone_get, "nowhere.test"))
print("stranger:", refusal(connect("wrong").zone_get, ZONE))
