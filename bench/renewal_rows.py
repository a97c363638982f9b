# SPDX-License-Identifier: MPL-2.0
"""What a refresh of many certificates asks the CA about their renewal (ARI, RFC 9773), on a Pebble that knows it."""

import time

from lab.recorder import Recorder

_WEB = "certwright_certificate.web"


def refresh(bench, count: int) -> tuple[int, int, int, float]:
    """Of refreshes of `count` certificates: requests to the CA inside the Retry-After; then, when all may ask again, unsigned requests
    for renewal information of different certificates, all other requests, and the wall seconds."""
    recorder = Recorder(bench.pebble)
    terraform = bench.prepare("renewal-info", ca={"directory_url": f'"{recorder.directory_url}"'}, sync={"certificates": "{}"},
                              certificate={"count": str(count), "dns_names": '["n${count.index}.example.test"]', "profile": '"default"'})
    terraform.apply("-parallelism=50", check=True, timeout=900)
    recorder.exchanges.clear()
    terraform.plan("-parallelism=50", check=True)
    within = len(recorder.exchanges)
    recorder.exchanges.clear()
    terraform.edit_state(_WEB, lambda _, private: private.pop("ask_after"))
    begin = time.monotonic()
    terraform.plan("-parallelism=50", check=True)
    wall = time.monotonic() - begin
    due = len({path for method, path, *_ in recorder.exchanges if method == "GET" and "renewalInfo" in path})
    recorder.stop()
    return within, due, len(recorder.exchanges) - due, wall
