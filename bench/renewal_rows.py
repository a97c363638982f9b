# SPDX-License-Identifier: MPL-2.0
"""What a refresh of many certificates asks the CA about their renewal (ARI, RFC 9773), on a Pebble that knows it."""

from lab import Lab
from lab.go import recent_pebble
from lab.recorder import Recorder

from issuing import Issuing, seconds_of  # bench.py puts these on the path
from report import Row

_WEB = "certwright_certificate.web"


def renewal_info(lab: Lab, small: bool):
    """Renewal information"""
    if (pebble := recent_pebble()) is None:
        return  # Debian's Pebble has none
    count = 20 if small else 1000
    issuing = Issuing(lab, program=pebble, profiles={"default": 90 * 86400})
    recorder = Recorder(issuing.pebble)
    terraform = issuing.prepare("renewal-info", ca={"directory_url": f'"{recorder.directory_url}"'}, sync={"certificates": "{}"},
                                certificate={"count": str(count), "dns_names": '["n${count.index}.example.test"]', "profile": '"default"'})
    terraform.apply("-parallelism=50", check=True, timeout=900)
    recorder.exchanges.clear()
    terraform.plan("-parallelism=50", check=True)
    yield Row(f"refresh of {count} certificates inside their Retry-After: requests to the CA", len(recorder.exchanges), "requests", 0)
    recorder.exchanges.clear()
    terraform.edit_state(_WEB, lambda _, private: private.pop("ask_after"))
    wall = seconds_of(lambda: terraform.plan("-parallelism=50", check=True))
    due = {path for method, path, *_ in recorder.exchanges if method == "GET" and "renewalInfo" in path}
    recorder.stop()
    yield Row("the same when all may ask again: unsigned requests for renewal information", len(due), "requests", count)
    yield Row("all other requests then, the directory", len(recorder.exchanges) - len(due), "requests", 1)
    yield Row("that refresh", wall, "s")
