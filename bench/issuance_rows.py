# SPDX-License-Identifier: MPL-2.0
"""What it takes to issue: requests, one and many certificates, one and many names, a far CA, one that rejects nonces."""

import statistics

from lab import Lab
from lab.pebble import issuance_requests
from lab.recorder import Recorder

import peers  # bench.py puts these on the path
from issuing import NO_SYNC, Issuing, seconds_of
from report import Row

_LATENCY = 0.05
_APEX = '["example.test", "*.example.test"]'


def requests(lab: Lab, small: bool):
    """Requests to the CA"""
    issuing = Issuing(lab)
    for what, names, promised in (("one name", '["example.test"]', 7), ("apex + wildcard", _APEX, 9)):
        _, _, count = issuing.issue(f"requests-{promised}", certificate={"dns_names": names})
        yield Row(f"for {what}, directory, nonce and account aside", count, "requests", promised)


def nonces(lab: Lab, small: bool):
    """A CA that rejects half of all nonces"""
    issuing = Issuing(lab, nonce_reject=50)
    recorder = Recorder(issuing.pebble)
    wall, _, _ = issuing.issue("nonces", certificate={"dns_names": _APEX}, ca={"directory_url": f'"{recorder.directory_url}"'})
    recorder.stop()
    posts = sum(exchange[0] == "POST" for exchange in recorder.exchanges)
    rejected = recorder.rejected_nonces()
    yield Row("POST requests for apex + wildcard, account included, beyond one for each rejection", posts - rejected, "requests", 10,
              f"{rejected} were rejected")
    yield Row("the whole apply", wall, "s")


def single(lab: Lab, small: bool):
    """One certificate, apex and wildcard"""
    issuing = Issuing(lab)
    names = [issuing.bind.zone, f"*.{issuing.bind.zone}"]
    runs = [issuing.issue(f"single-{run}", certificate={"dns_names": _APEX}) for run in range(1 if small else 5)]
    yield Row("inside ApplyResourceChange, median", statistics.median(times[0] for _, times, _ in runs), "s", 0.5)
    yield Row("the whole `terraform apply`, median", statistics.median(wall for wall, _, _ in runs), "s")
    for lego in peers.legos():
        yield Row(f"{lego.name} {lego.version}, registration included", lego.issue(issuing.bind, issuing.pebble, names), "s")
    yield Row("uacme", peers.uacme(issuing.bind, issuing.pebble), "s")


def latency(lab: Lab, small: bool):
    """The same, from a CA whose every answer comes 50 ms later"""
    issuing = Issuing(lab)
    recorder = Recorder(issuing.pebble, latency=_LATENCY)
    names = [issuing.bind.zone, f"*.{issuing.bind.zone}"]
    ca = {"directory_url": f'"{recorder.directory_url}"'}
    _, times, _ = issuing.issue("latency", certificate={"dns_names": _APEX}, ca=ca)
    yield Row("inside ApplyResourceChange", times[0], "s")
    for lego in peers.legos():
        taken = lego.issue(issuing.bind, issuing.pebble, names, recorder.directory_url)
        yield Row(f"{lego.name} {lego.version}, registration included", taken, "s")
    yield Row("uacme", peers.uacme(issuing.bind, issuing.pebble, recorder.directory_url), "s")
    if not small:
        wall, times, _ = issuing.issue("latency-100", "-parallelism=100", sync=NO_SYNC, ca=ca,
                                       certificate={"count": "100", "dns_names": '["n${count.index}.example.test"]'})
        yield Row("100 certificates, -parallelism=100, whole apply", wall, "s", None, f"longest ApplyResourceChange {max(times):.2f} s")
    recorder.stop()


def certificates(lab: Lab, small: bool):
    """Many certificates at once"""
    issuing = Issuing(lab)
    wall, times, count = issuing.issue("twenty", "-parallelism=20", sync=NO_SYNC, certificate={
        "count": "20", "dns_names": '["n${count.index}.example.test", "*.n${count.index}.example.test"]'})
    yield Row("20, apex + wildcard each, -parallelism=20, whole apply", wall, "s", 4, f"{count} requests")
    yield Row("of which the longest ApplyResourceChange", max(times), "s", 2)
    for number in (30,) if small else (100, 1000):
        lanes = min(number, 100)
        wall, times, count = issuing.issue(f"many-{number}", f"-parallelism={lanes}", sync=NO_SYNC, certificate={
            "count": str(number), "dns_names": '["n${count.index}.example.test"]'})
        yield Row(f"{number:,}, one name each, -parallelism={lanes}, whole apply", wall, "s", None,
                  f"{count / number:.2f} requests each, longest ApplyResourceChange {max(times):.2f} s")


def names(lab: Lab, small: bool):
    """Many names in one certificate"""
    issuing = Issuing(lab)
    for number, promised in ((1, None), (20, None)) if small else ((1, None), (20, None), (100, 3)):
        wall, times, count = issuing.issue(f"names-{number}", certificate={"dns_names": f'[for i in range({number}) : "n${{i}}.example.test"]'})
        yield Row(f"{number} names, inside ApplyResourceChange", times[0], "s", promised, f"{count} requests, apply {wall:.2f} s")
    wanted = [f"n{i}.example.test" for i in range(2 if small else 5)]
    for lego in peers.legos():
        yield Row(f"{lego.name} {lego.version}, {len(wanted)} names, registration included",
                  lego.issue(issuing.bind, issuing.pebble, wanted), "s")


def renewals(lab: Lab, small: bool):
    """Renewal"""
    issuing = Issuing(lab)
    number = 10 if small else 100
    arguments = ("-target=certwright_certificate.web", f"-parallelism={number}")
    terraform = issuing.prepare("renewals", {"count": str(number), "dns_names": '["n${count.index}.example.test"]'}, sync=NO_SYNC)
    terraform.apply(*arguments, check=True)
    terraform.edit_state("certwright_certificate.web", lambda web, _: web["renewal"].update(due_at="2026-01-01T00:00:00Z"))
    issuing.pebble.mark()
    wall = seconds_of(lambda: terraform.apply(*arguments, check=True))
    yield Row(f"{number} certificates, -parallelism={number}, whole apply", wall, "s", 8)
    yield Row("requests for each, beyond renewal information", issuance_requests(issuing.pebble.requests()) / number, "requests", 7)
