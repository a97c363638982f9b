# SPDX-License-Identifier: MPL-2.0
"""Other ACME clients, doing the same work on the same servers."""

import dataclasses
import functools
import os
import pathlib
import subprocess
import tempfile
import time

from lab.go import LEGO, recent_lego  # bench.py puts the lab on the path

_HOOK = pathlib.Path(__file__).parent / "uacme-hook"


def _timed(command: list, env: dict) -> float:
    start = time.monotonic()
    subprocess.run([str(part) for part in command], env=env, check=True, capture_output=True, timeout=300)
    return time.monotonic() - start


@dataclasses.dataclass(frozen=True)
class Lego:
    name: str
    program: str | pathlib.Path
    version: str
    unchecked: str  # the option that leaves its propagation check out, which asks port 53

    def run(self, server: str, ca_file, env: dict, names: list[str], *arguments: str) -> float:
        """Seconds of `lego run` for one certificate, registration included."""
        with tempfile.TemporaryDirectory() as home:
            domains = [argument for name in names for argument in ("--domains", name)]
            return _timed([self.program, "--server", server, "--accept-tos", "--email", "ops@example.test", "--path", home,
                           self.unchecked, *arguments, *domains, "run"], dict(os.environ, LEGO_CA_CERTIFICATES=str(ca_file), **env))

    def issue(self, bind, pebble, names: list[str], server: str = "") -> float:
        """At BIND, by dynamic updates; `server` in the place of Pebble's own address. Its pause of a minute between two values of one
        record is cut to a second."""
        env = {"RFC2136_NAMESERVER": bind.address, "RFC2136_TSIG_KEY": bind.key_name, "RFC2136_TSIG_SECRET": bind.secret,
               "RFC2136_TSIG_ALGORITHM": "hmac-sha256.", "RFC2136_SEQUENCE_INTERVAL": "1"}
        return self.run(server or pebble.directory_url, pebble.ca_file, env, names, "--dns", "rfc2136", "--dns.resolvers", bind.address)

    def issue_at_route53(self, aws, pebble, dns: str, names: list[str], tunnel) -> float:
        """At the lab's Route 53. It asks for each change as often as we do, and leaves out what we ask the name servers."""
        env = {"HTTPS_PROXY": tunnel.url, "AWS_CA_BUNDLE": str(tunnel.ca_file), "AWS_ACCESS_KEY_ID": aws.key_id,
               "AWS_SECRET_ACCESS_KEY": aws.secret, "AWS_REGION": "us-east-1", "AWS_HOSTED_ZONE_ID": aws.zone_id,
               "AWS_POLLING_INTERVAL": "2"}
        return self.run(pebble.directory_url, pebble.ca_file, env, names, "--dns", "route53", "--dns.resolvers", dns)


@functools.cache
def legos() -> list[Lego]:
    """Debian's, and a recent one where there is a Go toolchain and the proxy has all that it is made of."""
    debian = subprocess.run(["dpkg-query", "--show", "--showformat=${Version}", "lego"], capture_output=True, text=True).stdout
    found = [Lego("Debian's lego", "lego", debian, "--dns.disable-cp")]
    try:
        recent = recent_lego()
    except subprocess.CalledProcessError as failed:
        print(f"left out: lego {LEGO} cannot be built: {failed}")
        recent = None
    if recent:
        found.append(Lego("lego", recent, f"v{LEGO}", "--dns.propagation-disable-ans"))
    return found


def uacme(bind, pebble, server: str = "") -> float:
    """Seconds of `uacme issue` for apex and wildcard, registration left out; the hook waits for no propagation. uacme trusts the system's
    roots only, so it runs in a mount namespace where Pebble's own stands in for them."""
    with tempfile.TemporaryDirectory() as home:
        env = dict(os.environ, PATH=os.environ["PATH"] + ":/usr/sbin:/sbin", BENCH_SERVER=f"127.0.0.1 {bind.port}", BENCH_ZONE=bind.zone,
                   BENCH_KEY=f"hmac-sha256:{bind.key_name}:{bind.secret}")
        namespace = ["unshare", "--mount", *([] if os.geteuid() == 0 else ["--map-root-user"]), "sh", "-c",
                     f'mount --bind "{pebble.ca_file}" /etc/ssl/certs/ca-certificates.crt && exec "$@"', "sh"]
        client = [*namespace, "uacme", "--confdir", home, "--acme-url", server or pebble.directory_url, "--yes", "--type", "EC"]
        _timed([*client, "new", "ops@example.test"], env)
        return _timed([*client, "--hook", _HOOK, "issue", bind.zone, f"*.{bind.zone}"], env)
