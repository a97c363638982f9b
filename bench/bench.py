# SPDX-License-Identifier: MPL-2.0
"""The figures that the project promises, measured, beside those of other clients: one table row each."""

import pathlib
import re
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "tests" / "e2e"), str(ROOT / "bench")]

import peers  # noqa: E402
import process_rows  # noqa: E402
import renewal_rows  # noqa: E402
import route53_rows  # noqa: E402
import sync_rows  # noqa: E402
from lab import Lab, exit_on_signals, find_provider  # noqa: E402
from lab.configuration import configuration  # noqa: E402
from lab.go import recent_pebble  # noqa: E402
from lab.pebble import issuance_requests  # noqa: E402
from lab.recorder import Recorder  # noqa: E402

_ANSWERED = re.compile(r"^(\S+) \[DEBUG\] .*call answered.*$", re.MULTILINE)


def row(what: str, promised: str, measured: str):
    print(f"| {what} | {promised} | {measured} |", flush=True)


def calls(log: str, rpc: str, resource: str) -> list[float]:
    """Seconds that each such call took, from the provider's debug log."""
    lines = [line.group(0) for line in _ANSWERED.finditer(log)]
    return [float(re.search(r"took=\"?([\d.]+)", line).group(1)) / 1000
            for line in lines if f"rpc={rpc}" in line and f"resource={resource}" in line]


class Bench:

    def __init__(self, lab: Lab, **pebble_options):
        self.lab = lab
        self.bind = lab.bind()
        self.pebble = lab.pebble(self.bind, **pebble_options)

    def prepare(self, name: str, certificate: dict | None = None, extra: str = "", env: dict | None = None, **replacements):
        """A directory whose account exists already, with certificates still to be issued; without a sync unless asked for."""
        terraform = self.lab.terraform(name)
        terraform.env.update({"TF_VAR_tsig_secret": self.bind.secret, **(env or {})})
        text = configuration(self.bind, self.pebble, certificate=certificate, **replacements) + extra
        (terraform.directory / "main.tf").write_text(text)
        terraform.init()
        terraform.apply("-target=certwright_external_ca_acme.ca", check=True)
        self.pebble.mark()
        return terraform

    def issue(self, name: str, *arguments: str, certificate: dict | None = None, **replacements):
        """Wall seconds of the apply, seconds of each ApplyResourceChange of a certificate, requests to the CA."""
        terraform = self.prepare(name, certificate, **replacements)
        begin = time.monotonic()
        log = terraform.apply("-target=certwright_certificate.web", *arguments, check=True, env={"TF_LOG_PROVIDER": "DEBUG"}).stderr
        wall = time.monotonic() - begin
        return wall, calls(log, "ApplyResourceChange", "certwright_certificate"), issuance_requests(self.pebble.requests())


def requests(lab: Lab):
    bench = Bench(lab)
    for what, names, promised in (("one name", '["example.test"]', 7), ("apex + wildcard", '["example.test", "*.example.test"]', 9)):
        _, _, count = bench.issue(f"requests-{promised}", certificate={"dns_names": names})
        row(f"requests for {what}", f"at most {promised}", str(count))


def nonces(lab: Lab):
    bench = Bench(lab, nonce_reject=50)
    recorder = Recorder(bench.pebble)
    bench.issue("nonces", ca={"directory_url": f'"{recorder.directory_url}"'})
    recorder.stop()
    posts = sum(exchange[0] == "POST" for exchange in recorder.exchanges)
    rejected = recorder.rejected_nonces()
    row("requests with half of the nonces rejected, newAccount included", f"10 + {rejected} rejections", str(posts))


def single(lab: Lab):
    bench = Bench(lab)
    times = sorted(bench.issue(f"single-{run}")[1][0] for run in range(5))
    row("one certificate (apex + wildcard), inside ApplyResourceChange, median of 5", "under 0.5 s", f"{times[2]:.3f} s")


def twenty(lab: Lab):
    wall, times, count = Bench(lab).issue("twenty", "-parallelism=20", certificate={
        "count": "20", "dns_names": '["n${count.index}.example.test", "*.n${count.index}.example.test"]'}, sync=_NO_SYNC)
    row("20 such certificates, -parallelism=20, whole apply", "under 4 s", f"{wall:.2f} s, {count} requests")
    row("of which the longest ApplyResourceChange", "under 2 s", f"{max(times):.2f} s")


def renewals(lab: Lab):
    bench = Bench(lab)
    terraform = bench.prepare("renewals", {"count": "100", "dns_names": '["n${count.index}.example.test"]'}, sync=_NO_SYNC)
    terraform.apply("-target=certwright_certificate.web", "-parallelism=100", check=True)
    terraform.edit_state("certwright_certificate.web", lambda web, _: web["renewal"].update(due_at="2026-01-01T00:00:00Z"))
    bench.pebble.mark()
    begin = time.monotonic()
    terraform.apply("-target=certwright_certificate.web", "-parallelism=100", check=True)
    wall = time.monotonic() - begin
    count = issuance_requests(bench.pebble.requests())
    row("renewal of 100 certificates, -parallelism=100, whole apply", "under 8 s", f"{wall:.2f} s")
    row("requests for each, beyond renewal information", "at most 7", f"{count / 100:.2f}")


def renewal_info(lab: Lab):
    bench = Bench(lab, program=recent_pebble(), profiles={"default": 90 * 86400})
    within, due, others, wall = renewal_rows.refresh(bench, 1000)
    row("refresh of 1,000 certificates inside their Retry-After: requests to the CA", "0", str(within))
    row("the same when all may ask again: requests for renewal information", "1 each, unsigned",
        f"{due}, {others} other (refresh {wall:.1f} s)")


def hundred_names(lab: Lab):
    wall, times, count = Bench(lab).issue("hundred", certificate={"dns_names": '[for i in range(100) : "n${i}.example.test"]'})
    row("one certificate with 100 names", "under 3 s", f"{times[0]:.2f} s, {count} requests (apply {wall:.2f} s)")


def route53(lab: Lab):
    bench = route53_rows.Route53(lab)
    zone = bench.bind.zone
    wall, changes, asked = bench.issue("route53-names", {"dns_names": f'[for i in range(100) : "n${{i}}.{zone}"]'})
    row("one certificate with 100 names in one Route 53 zone, 50 ms away, whole apply", "under 6 s, at most 2 changes in and 2 out",
        f"{wall:.2f} s, {changes} changes, {asked} requests to AWS")
    wall, changes, asked = bench.issue("route53-certificates", {"count": "50", "dns_names": f'["c${{count.index}}.{zone}"]'},
                                       "-parallelism=50")
    row("50 certificates at once in that zone, whole apply", "-", f"{wall:.2f} s, {changes} changes, {asked} requests to AWS")
    wall, changes = bench.issue_with_lego(5)
    row("lego, one certificate with 5 names in that zone", "-", f"{wall:.2f} s, {changes} changes")


def process(lab: Lab):
    figures = process_rows.measure(find_provider(), lab.directory)
    row("start to handshake line, median of 15", "under 30 ms", f"{figures['start']:.1f} ms")
    row("resident after it", "under 32 MB", f"{figures['resident']:.1f} MB")
    row("stop", "under 20 ms", f"{figures['stop']:.1f} ms")


def thousand(lab: Lab):
    bench = Bench(lab)
    terraform = bench.prepare("thousand", {"count": "1000", "dns_names": '["n${count.index}.example.test"]'}, sync=_NO_SYNC)
    begin = time.monotonic()
    terraform.apply("-parallelism=50", check=True, timeout=900)
    row("1,000 certificates, -parallelism=50, whole apply", "-", f"{time.monotonic() - begin:.1f} s")
    bench.pebble.mark()
    begin = time.monotonic()
    plan = terraform.start("plan", "-input=false", "-no-color", "-detailed-exitcode", "-parallelism=50")
    watch = process_rows.CpuWatch(plan.pid)
    while True:
        watch.sample()
        try:
            output = plan.communicate(timeout=0.02)
            break
        except subprocess.TimeoutExpired:
            continue
    if plan.returncode != 0:
        raise RuntimeError(f"the plan is not empty: {output}")
    row("plan of 1,000 unchanged certificates: requests to the CA", "0", str(sum(bench.pebble.requests().values())))
    row("the provider's CPU in it", "under 1 s",
        f"{watch.seconds():.2f} s, peak {watch.peak_mb:.0f} MB (plan {time.monotonic() - begin:.1f} s)")


def syncs(lab: Lab):
    bench = Bench(lab)
    aws = lab.aws(bench.bind)
    names = '["n${count.index}.example.test"]'
    terraform = bench.prepare("syncs", {"count": "200", "dns_names": names}, sync=sync_rows.sync(), extra=sync_rows.configuration(aws),
                              env={"TF_VAR_aws_secret": aws.secret})
    terraform.apply("-target=certwright_certificate.web", "-parallelism=50", check=True, timeout=900)
    boto3 = sync_rows.boto3_seconds(aws, 200)
    debug = {"TF_LOG_PROVIDER": "DEBUG"}
    pushed = calls(terraform.apply(check=True, env=debug, timeout=900).stderr, "ApplyResourceChange", "certwright_certificate_sync")
    before = len(aws.actions())
    refreshed = calls(terraform.plan(check=True, env=debug).stderr, "ReadResource", "certwright_certificate_sync")
    asked = aws.actions()[before:]
    writes = [one for one in asked if not one.startswith(("List", "Get", "Describe"))]
    row("refresh of a sync of 200 unchanged certificates to ACM (moto)", "under 2 s, no write",
        f"{refreshed[0]:.2f} s, {len(asked)} requests, {len(writes)} writes")
    row("push of 200 certificates to ACM (moto)", "at most 1.3 times boto3", f"{pushed[0]:.2f} s, boto3 {boto3:.2f} s")


def other_clients(lab: Lab):
    bench = Bench(lab)
    row("lego, the same certificate, registration included", "-", f"{peers.lego(bench.bind, bench.pebble):.2f} s")
    row("uacme, the same certificate", "-", f"{peers.uacme(bench.bind, bench.pebble):.2f} s")


_NO_SYNC = {"certificates": "{ web = certwright_certificate.web[0].handle }"}
ROWS = {"requests": requests, "nonces": nonces, "single": single, "twenty": twenty, "renewals": renewals,
        "renewal-info": renewal_info, "hundred": hundred_names, "route53": route53, "process": process,
        "peers": other_clients, "syncs": syncs, "thousand": thousand}


def main() -> int:
    exit_on_signals()
    chosen = sys.argv[1:] or list(ROWS)
    if unknown := set(chosen) - set(ROWS):
        print(f"no row {', '.join(unknown)}; there are: {' '.join(ROWS)}", file=sys.stderr)
        return 2
    print("| what | promised | measured |\n|---|---|---|")
    for name in chosen:
        with tempfile.TemporaryDirectory(prefix="certwright-bench-") as home, Lab(pathlib.Path(home)) as lab:
            ROWS[name](lab)
    return 0


if __name__ == "__main__":
    sys.exit(main())
