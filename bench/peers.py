# SPDX-License-Identifier: MPL-2.0
"""Other ACME clients, doing the same work on the same servers."""

import os
import pathlib
import subprocess
import tempfile
import time

_HOOK = pathlib.Path(__file__).parent / "uacme-hook"


def _timed(command: list, env: dict) -> float:
    start = time.monotonic()
    subprocess.run([str(part) for part in command], env=env, check=True, capture_output=True, timeout=300)
    return time.monotonic() - start


def lego(bind, pebble) -> float:
    """Seconds of `lego run` for apex and wildcard, registration included. Its propagation check asks port 53 and is left out, and its
    pause of a minute between two values of one record is cut to a second."""
    with tempfile.TemporaryDirectory() as home:
        env = dict(os.environ, LEGO_CA_CERTIFICATES=str(pebble.ca_file), RFC2136_NAMESERVER=bind.address,
                   RFC2136_TSIG_KEY=bind.key_name, RFC2136_TSIG_SECRET=bind.secret, RFC2136_TSIG_ALGORITHM="hmac-sha256.",
                   RFC2136_SEQUENCE_INTERVAL="1")
        return _timed(["lego", "--server", pebble.directory_url, "--accept-tos", "--email", "ops@example.test", "--path", home,
                       "--dns", "rfc2136", "--dns.disable-cp", "--dns.resolvers", bind.address,
                       "--domains", bind.zone, "--domains", f"*.{bind.zone}", "run"], env)


def lego_route53(aws, pebble, dns: str, names: list[str], tunnel) -> float:
    """Seconds of `lego run` with challenge records at the lab's Route 53, registration included. It asks for each change as often as
    we do, and leaves out what we ask the name servers."""
    with tempfile.TemporaryDirectory() as home:
        env = dict(os.environ, LEGO_CA_CERTIFICATES=str(pebble.ca_file), HTTPS_PROXY=tunnel.url, AWS_CA_BUNDLE=str(tunnel.ca_file),
                   AWS_ACCESS_KEY_ID=aws.key_id, AWS_SECRET_ACCESS_KEY=aws.secret, AWS_REGION="us-east-1",
                   AWS_HOSTED_ZONE_ID=aws.zone_id, AWS_POLLING_INTERVAL="2")
        domains = [argument for name in names for argument in ("--domains", name)]
        return _timed(["lego", "--server", pebble.directory_url, "--accept-tos", "--email", "ops@example.test", "--path", home,
                       "--dns", "route53", "--dns.disable-cp", "--dns.resolvers", dns, *domains, "run"], env)


def uacme(bind, pebble) -> float:
    """Seconds of `uacme issue` for apex and wildcard, registration left out; the hook waits for no propagation. uacme trusts the system's
    roots only, so it runs in a mount namespace where Pebble's own stands in for them."""
    with tempfile.TemporaryDirectory() as home:
        env = dict(os.environ, PATH=os.environ["PATH"] + ":/usr/sbin:/sbin", BENCH_SERVER=f"127.0.0.1 {bind.port}", BENCH_ZONE=bind.zone,
                   BENCH_KEY=f"hmac-sha256:{bind.key_name}:{bind.secret}")
        namespace = ["unshare", "--mount", *([] if os.geteuid() == 0 else ["--map-root-user"]), "sh", "-c",
                     f'mount --bind "{pebble.ca_file}" /etc/ssl/certs/ca-certificates.crt && exec "$@"', "sh"]
        client = [*namespace, "uacme", "--confdir", home, "--acme-url", pebble.directory_url, "--yes", "--type", "EC"]
        _timed([*client, "new", "ops@example.test"], env)
        return _timed([*client, "--hook", _HOOK, "issue", bind.zone, f"*.{bind.zone}"], env)
