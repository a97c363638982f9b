# SPDX-License-Identifier: MPL-2.0
# Packages: hcloud==2.27.0
"""Hetzner's own library: finds the zone, adds two values to a set that may have others, and removes one of them. Prints a line per
finding. Arguments: the URL of the API, a token."""

import sys

from hcloud import APIException, Client
from hcloud.zones import ZoneRecord, ZoneRRSet

url, token = sys.argv[1:]


def refusal(action, *arguments, **options) -> str | None:
    """The code of the refusal; None when there is none."""
    try:
        action(*arguments, **options)
    except APIException as error:
        return error.code
    return None


zones = Client(token, api_endpoint=url).zones
zone = zones.get("example.test")
print("zone:", zone.id, zones.get_all(name="example.test")[0].name, refusal(zones.get, "nowhere.test"))
challenge = ZoneRRSet(name="_acme-challenge", type="TXT", zone=zone)
action = zones.add_rrset_records(challenge, [ZoneRecord('"one"'), ZoneRecord('"two"')], ttl=60)
print("added:", action.command)
print("values:", *sorted(record.value for record in zones.get_rrset(zone, "_acme-challenge", "TXT").records))
print("sets:", *(one.id for one in zones.get_rrset_all(zone, type=["TXT"])))
zones.remove_rrset_records(challenge, [ZoneRecord('"one"')])
print("values:", *sorted(record.value for record in zones.get_rrset(zone, "_acme-challenge", "TXT").records))
print("unquoted:", refusal(zones.add_rrset_records, challenge, [ZoneRecord("three")]))
print("absent:", refusal(zones.get_rrset, zone, "elsewhere", "TXT"))
print("stranger:", refusal(Client("wrong", api_endpoint=url).zones.get, "example.test"))
