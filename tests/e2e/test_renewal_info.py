# SPDX-License-Identifier: MPL-2.0
"""Renewal by the CA's word (ARI, RFC 9773) and profiles, on a Pebble that has them."""

import datetime
import os
import shutil
import sys

from lab.configuration import configuration
from lab.go import recent_pebble
from lab.recorder import Recorder
from lab.testing import SKIPPED, LabTest, main

WEB = "certwright_certificate.web"
HOUR = datetime.timedelta(hours=1)


def forget_retry_after(attributes: dict, private: dict):
    """As if the time that the CA's Retry-After gave had passed."""
    del private["ask_after"]


class RenewalInfo(LabTest):
    pebble_options = {"profiles": {"default": 90 * 86400, "shortlived": 160 * 3600}}

    def setUp(self):
        RenewalInfo.pebble_options["program"] = recent_pebble()
        super().setUp()
        self.recorder = Recorder(self.pebble)
        self.addCleanup(self.recorder.stop)

    def issue(self, **certificate) -> dict:
        ca = {"directory_url": f'"{self.recorder.directory_url}"'}
        self.write(configuration(self.bind, self.pebble, ca=ca, certificate={"profile": '"default"', **certificate}))
        self.assert_success(self.terraform.apply())
        return self.terraform.state()[WEB]

    def issue_to_be_replaced(self) -> dict:
        """Pebble 2.10 looks for a replaced certificate without the leading zero octet of its serial number, which RFC 9773 keeps: one
        certificate in 256 it does not find."""
        web = self.issue()
        while web["serial_number"].startswith("00"):
            self.assert_success(self.terraform.apply("-replace=" + WEB))
            web = self.terraform.state()[WEB]
        return web

    def renewal_requests(self) -> list:
        return [exchange for exchange in self.recorder.exchanges if "renewalInfo" in exchange[1]]

    def set_window(self, web: dict, start: datetime.timedelta, end: datetime.timedelta):
        now = datetime.datetime.now(datetime.timezone.utc)
        self.pebble.set_renewal_window(web["certificate_pem"], now + start, now + end, "https://example.test/incident")
        self.terraform.edit_state(WEB, forget_retry_after)

    def test_window_is_asked_for_once_and_kept(self):
        web = self.issue()

        renewal = web["renewal"]
        self.assertLess(renewal["window_start"], renewal["due_at"])
        self.assertLess(renewal["due_at"], renewal["window_end"])
        self.assertEqual([exchange[0] for exchange in self.renewal_requests()], ["GET"])
        self.recorder.exchanges.clear()
        self.assert_no_changes()
        self.assertEqual(self.recorder.exchanges, [])

    def test_window_that_opens_renews_with_replaces_and_the_sync_follows(self):
        before = self.issue_to_be_replaced()
        self.set_window(before, -2 * HOUR, -HOUR)
        self.recorder.orders.clear()

        plan = self.terraform.plan()
        self.assertEqual(plan.code, 2, plan)
        self.assertIn("0 to add, 2 to change, 0 to destroy", plan.stdout)
        self.assert_success(self.terraform.apply())

        after = self.terraform.state()[WEB]
        self.assertNotEqual(after["serial_number"], before["serial_number"])
        self.assertIsNone(after["renewal"]["explanation_url"], "what the CA said of the old certificate is forgotten")
        order, = self.recorder.orders
        self.assertEqual(len(order["replaces"].split(".")), 2, order)
        self.assertIn(after["certificate_pem"].strip(), next(self.out.glob("*.crt")).read_text())
        self.recorder.exchanges.clear()
        self.assert_no_changes()
        self.assertEqual(self.recorder.exchanges, [])

    def test_refresh_asks_for_each_certificate_once_and_not_again_before_the_retry_after(self):
        """As many certificates as CERTWRIGHT_RENEWAL_INFO_CERTIFICATES says; bench/renewal_rows.py has a thousand."""
        count = int(os.environ.get("CERTWRIGHT_RENEWAL_INFO_CERTIFICATES", "20"))
        ca = {"directory_url": f'"{self.recorder.directory_url}"'}
        self.write(configuration(self.bind, self.pebble, ca=ca, sync={"certificates": "{}"}, certificate={
            "count": str(count), "dns_names": '["n${count.index}.example.test"]', "profile": '"default"'}))
        self.assert_success(self.terraform.apply("-parallelism=50"))

        for _ in range(2):
            self.recorder.exchanges.clear()
            self.assert_no_changes()
            self.assertEqual(self.recorder.exchanges, [])

            self.terraform.edit_state(WEB, forget_retry_after)
            self.assert_success(self.terraform.run("apply", "-refresh-only", "-auto-approve", "-input=false"))
            asked = self.renewal_requests()
            self.assertEqual({(method, status) for method, _, status, _ in asked}, {("GET", 200)})
            self.assertEqual((len(asked), len({path for _, path, *_ in asked})), (count, count))
            self.assertEqual([path for _, path, *_ in self.recorder.exchanges if "renewalInfo" not in path], ["/dir"])

    def test_window_in_the_future_shows_in_the_state_and_renews_nothing(self):
        web = self.issue()
        self.set_window(web, HOUR, 2 * HOUR)

        self.assert_success(self.terraform.run("apply", "-refresh-only", "-auto-approve", "-input=false"))

        renewal = self.terraform.state()[WEB]["renewal"]
        self.assertEqual(renewal["explanation_url"], "https://example.test/incident")
        self.assertLess(renewal["window_start"], renewal["due_at"])
        self.assert_no_changes()

    def test_certificate_that_was_replaced_already_is_renewed_all_the_same(self):
        before = self.issue_to_be_replaced()
        state = self.terraform.directory / "terraform.tfstate"
        self.set_window(before, -2 * HOUR, -HOUR)
        old_state = state.read_text()
        self.assert_success(self.terraform.apply())
        state.write_text(old_state)
        shutil.rmtree(self.terraform.directory / ".terraform" / "certwright")  # on another machine, which has no journal of it
        self.recorder.orders.clear()
        self.recorder.exchanges.clear()

        self.assert_success(self.terraform.apply())

        self.assertEqual(["replaces" in order for order in self.recorder.orders], [True, False])
        self.assertEqual([problem for *_, problem in self.recorder.exchanges if problem], ["alreadyReplaced"])
        self.assert_no_changes()

    def test_profiles(self):
        web = self.issue(profile='"shortlived"')
        begin, end = (datetime.datetime.fromisoformat(web[name].rstrip("Z")) for name in ("not_before", "not_after"))
        self.assertAlmostEqual((end - begin) / HOUR, 160, delta=1)

        self.write((self.terraform.directory / "main.tf").read_text().replace("shortlived", "nosuch"))
        error, = self.terraform.apply("-json").diagnostics()
        self.assertIn("profile", error["snippet"]["code"])
        self.assertIn("default, shortlived", error["detail"])


if __name__ == "__main__":
    if not shutil.which("go"):
        print("SKIPPED: not on this machine: go, to build a Pebble that knows renewal information", flush=True)
        sys.exit(1 if os.environ.get("CI") else SKIPPED)
    main()
