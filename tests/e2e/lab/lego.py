# SPDX-License-Identifier: MPL-2.0
"""lego, another ACME client, and the engine of the Terraform provider vancluever/acme: it makes accounts and certificates to take over."""

import dataclasses
import json
import os
import pathlib
import subprocess


@dataclasses.dataclass
class Issued:
    certificate: pathlib.Path  # the certificate with the chain
    issuer: pathlib.Path
    key: pathlib.Path
    account_key: pathlib.Path
    account_url: str


def issue(home: pathlib.Path, bind, pebble, key_type: str) -> Issued:
    """A certificate for the zone's apex, with an account of its own. lego's propagation check asks port 53 and is left out."""
    env = dict(os.environ, LEGO_CA_CERTIFICATES=str(pebble.ca_file), RFC2136_NAMESERVER=bind.address,
               RFC2136_TSIG_KEY=bind.key_name, RFC2136_TSIG_SECRET=bind.secret, RFC2136_TSIG_ALGORITHM="hmac-sha256.")
    subprocess.run(["lego", "--server", pebble.directory_url, "--accept-tos", "--email", "ops@example.test", "--path", str(home),
                    "--key-type", key_type, "--dns", "rfc2136", "--dns.disable-cp", "--dns.resolvers", bind.address,
                    "--domains", bind.zone, "run"], env=env, check=True, capture_output=True, timeout=120)
    account, = home.glob("accounts/*/*/account.json")
    account_key, = account.parent.glob("keys/*.key")
    certificates = home / "certificates"
    return Issued(certificate=certificates / f"{bind.zone}.crt", issuer=certificates / f"{bind.zone}.issuer.crt",
                  key=certificates / f"{bind.zone}.key", account_key=account_key,
                  account_url=json.loads(account.read_text())["registration"]["uri"])
