# SPDX-License-Identifier: MPL-2.0
"""A sync changes its name, or is replaced, while its files are in use: they stay, and no apply fails."""

from lab.testing import LabTest, main

RENAMES = 3


class Takeover(LabTest):

    def served(self) -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in self.out.iterdir() if not path.name.startswith(".")}

    def assert_served(self, before: dict[str, bytes]):
        self.assertEqual(self.served(), before)
        self.assert_no_changes()

    def test_a_sync_is_renamed_without_moved(self):
        self.configure()
        self.assert_success(self.terraform.apply())
        before = self.served()
        main_tf = self.terraform.directory / "main.tf"
        text = main_tf.read_text()

        for number in range(RENAMES):
            main_tf.write_text(text.replace('"certwright_certificate_sync" "files"', f'"certwright_certificate_sync" "renamed{number}"'))
            self.assert_success(self.terraform.apply())
            self.assert_served(before)

        # One change at a time: whichever comes first, nothing is lost, and the second apply converges.
        main_tf.write_text(text)
        outcome = self.terraform.apply("-parallelism=1")
        if outcome.code != 0:
            self.assertIn("another sync of this configuration is to take over", outcome.stderr.lower().replace("\n", " "))
            self.assert_success(self.terraform.apply())
        self.assert_served(before)

    def test_a_replacement_takes_over_before_the_former_goes(self):
        self.configure()
        main_tf = self.terraform.directory / "main.tf"
        main_tf.write_text(main_tf.read_text().replace('"certwright_certificate_sync" "files" {',
                                                       '"certwright_certificate_sync" "files" {\n  lifecycle {\n    create_before_destroy = true\n  }'))
        self.assert_success(self.terraform.apply())
        before = self.served()

        self.assert_success(self.terraform.apply("-replace=certwright_certificate_sync.files"))

        self.assert_served(before)


if __name__ == "__main__":
    main()
