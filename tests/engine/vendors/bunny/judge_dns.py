# SPDX-License-Identifier: MPL-2.0
# Packages: bunnydns==0.1.0
"""A client of bunny.net's DNS: finds the zone, adds two values beside others, and removes one of them. Prints a line per finding.
Arguments: the URL of the API, a key."""

import sys

from bunnydns import BunnyDNS, DnsRecordInput, RecordType
from bunnydns.exceptions import BunnyDNSAPIError, BunnyDNSAuthenticationError, BunnyDNSNotFoundError

url, key = sys.argv[1:]
client = BunnyDNS(access_key=key, base_url=url)


def refusal(action, *arguments) -> str | None:
    """The kind of the refusal; None when there is none."""
    try:
        action(*arguments)
    except (BunnyDNSAPIError, BunnyDNSAuthenticationError, BunnyDNSNotFoundError) as error:
        return type(error).__name__
    return None


def values() -> list[str]:
    records = client.get_dns_zone(zone.id).records
    return sorted(one.value for one in records if one.name == "_acme-challenge" and one.type == RecordType.TXT)


zone, = client.list_dns_zones(search="example.test").items
print("zone:", zone.id, zone.domain, len(client.list_dns_zones(search="nowhere.test").items))
one, two = (client.add_dns_record(zone.id, DnsRecordInput(type=RecordType.TXT, name="_acme-challenge", value=value, ttl=60))
            for value in ("one", "two"))
print("values:", *values())
client.delete_dns_record(zone.id, one.id)
print("values:", *values())
print("gone:", refusal(client.delete_dns_record, zone.id, one.id))
print("no zone:", refusal(client.get_dns_zone, 77))
print("stranger:", refusal(BunnyDNS(access_key="wrong", base_url=url).list_dns_zones))
