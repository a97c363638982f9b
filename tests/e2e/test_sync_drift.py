# SPDX-License-Identifier: MPL-2.0
"""What was changed at the destination is seen by the next plan and put right by the next apply, without a new certificate."""

from lab.testing import LabTest, main


class Drift(LabTest):

    def setUp(self):
        super().setUp()
        self.configure()
        self.assert_success(self.terraform.apply())
        self.written = {path.name: path.read_text() for path in self.out.iterdir()}
        self.pebble.mark()

    def assert_repaired(self):
        self.assertEqual((outcome := self.terraform.plan()).code, 2, outcome)
        self.assert_success(self.terraform.apply())
        self.assertEqual({path.name: path.read_text() for path in self.out.iterdir()}, self.written)
        self.assert_no_changes()
        self.assertEqual(self.pebble.requests(), {})

    def test_missing_certificate_is_written_again(self):
        next(self.out.glob("*.crt")).unlink()

        self.assert_repaired()

    def test_missing_key_is_written_again(self):
        next(self.out.glob("*.key")).unlink()

        self.assert_repaired()

    def test_missing_directory_is_made_again(self):
        for path in self.out.iterdir():
            path.unlink()
        self.out.rmdir()

        self.assert_repaired()

    def test_altered_certificate_is_replaced(self):
        next(self.out.glob("*.crt")).write_text("altered")

        self.assert_repaired()

    def test_key_that_others_can_read_gets_its_mode_back(self):
        key = next(self.out.glob("*.key"))
        key.chmod(0o644)

        self.assert_repaired()

        self.assertEqual(key.stat().st_mode & 0o777, 0o600)


if __name__ == "__main__":
    main()
