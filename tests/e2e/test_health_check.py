# SPDX-License-Identifier: MPL-2.0
"""health_check of local_files: it succeeds, or the former files come back and the next apply tries again."""

from lab.testing import LabTest, main


class HealthCheck(LabTest):

    def configure_checked(self, names: str, certificates: str = "{ web = certwright_certificate.web.handle }"):
        check = f"test ! -e {self.terraform.directory}/ill || {{ echo 'the server is ill' >&2; exit 1; }}"
        self.configure(provider="allow_exec = true", certificate={"dns_names": names}, sync={
            "certificates": certificates,
            "destination": f'{{ local_files = {{ directory = "${{path.module}}/out", health_check = ["/bin/sh", "-c", "{check}"] }} }}'})

    def synced(self) -> dict:
        return self.terraform.state()["certwright_certificate_sync.files"]["synced"]["web"]

    def contents(self) -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in self.out.iterdir()} if self.out.exists() else {}

    def test_a_renewal_that_fails_is_undone_and_tried_again(self):
        one, two = f'["{self.bind.zone}"]', f'["{self.bind.zone}", "www.{self.bind.zone}"]'
        self.configure_checked(one)
        self.assert_success(self.terraform.apply())
        before, first = self.contents(), self.synced()
        ill = self.terraform.directory / "ill"
        ill.touch()

        self.configure_checked(two)
        outcome = self.terraform.apply("-json")

        self.assertEqual(outcome.code, 1, outcome)
        error, = outcome.diagnostics()
        self.assertIn("the former files are back", error["detail"])
        self.assertIn("the server is ill", error["detail"])
        self.assertEqual(self.contents(), before)
        failed = self.synced()
        self.assertEqual(failed["status"], "failed")
        self.assertEqual([failed[one] for one in ("external_id", "fingerprint_sha256", "not_after")],
                         [first[one] for one in ("external_id", "fingerprint_sha256", "not_after")])

        ill.unlink()
        self.assertEqual((outcome := self.terraform.plan()).code, 2, outcome)
        self.assert_success(self.terraform.apply())
        self.assertNotEqual(self.contents(), before)
        self.assertEqual((self.synced()["status"], self.synced()["external_id"]), ("synced", first["external_id"]))
        self.assert_no_changes()

    def test_a_new_sync_that_fails_leaves_nothing(self):
        (self.terraform.directory / "ill").touch()
        self.configure_checked(f'["{self.bind.zone}"]')

        self.assertEqual((outcome := self.terraform.apply()).code, 1, outcome)

        self.assertEqual(self.contents(), {})
        (self.terraform.directory / "ill").unlink()
        self.assert_success(self.terraform.apply())
        self.assert_no_changes()


if __name__ == "__main__":
    main()
