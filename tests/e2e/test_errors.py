# SPDX-License-Identifier: MPL-2.0
"""What a user can get wrong: each is a diagnostic at the attribute that is wrong, says what to do, and leaves nothing behind."""

import base64

from lab.process import free_port
from lab.refusing_proxy import RefusingProxy
from lab.testing import LabTest, main

CONNECTION = "certwright_app_connection_rfc2136.dns"
PROVIDER = 'provider["registry.terraform.io/certwright/certwright"]'
CA = "certwright_external_ca_acme.ca"
CERTIFICATE = "certwright_certificate.web"
WRONG_KEY = base64.b64encode(b"w" * 32).decode()


class Errors(LabTest):

    def assert_error(self, address: str, attribute: str, *words: str, env: dict | None = None):
        """One error, at the attribute's line of that resource, that has the words; and nothing behind it."""
        outcome = self.terraform.apply("-json", env=env)

        self.assertNotEqual(outcome.code, 0, outcome)
        errors = outcome.diagnostics()
        self.assertEqual(len(errors), 1, errors)
        error = errors[0]
        text = f"{error['summary']}: {error['detail']}"
        self.assertEqual(error.get("address"), address, error)
        self.assertIn(attribute, (error.get("snippet") or {}).get("code", ""), error)
        for word in words:
            self.assertIn(word.lower(), text.lower(), error)
        self.assert_nothing_left(address)

    def assert_nothing_left(self, failed: str):
        self.assert_no_txt_records()
        self.assertEqual(self.files(), {})
        self.assertNotIn(failed, self.terraform.state())

    def assert_good_configuration_applies_now(self):
        self.configure()
        self.assert_success(self.terraform.apply())
        self.assert_no_changes()


class Dns(Errors):

    def test_wrong_tsig_secret(self):
        self.configure(connection={"tsig_secret": f'"{WRONG_KEY}"'})

        self.assert_error(CONNECTION, "tsig_secret", "BADSIG")

        self.assert_good_configuration_applies_now()

    def test_tsig_key_that_the_server_does_not_know(self):
        self.configure(connection={"tsig_key_name": '"other."'})

        self.assert_error(CONNECTION, "tsig_key_name", "BADKEY")

    def test_missing_tsig_secret(self):
        self.configure(connection={"tsig_secret": None})

        outcome = self.terraform.apply("-json")

        self.assertIn("tsig_secret", outcome.diagnostics()[0]["detail"], outcome)
        self.assertEqual(self.terraform.state(), {})

    def test_tsig_secret_that_is_no_base64(self):
        self.configure(connection={"tsig_secret": '"no base64!"'})

        self.assert_error(CONNECTION, "tsig_secret", "base64")


class Ca(Errors):

    def test_unreachable_ca(self):
        url = f"https://localhost:{free_port()}/dir"
        self.configure(ca={"directory_url": f'"{url}"'})

        self.assert_error(CA, "directory_url", url.split("/")[2])

        self.assert_good_configuration_applies_now()

    def test_ca_with_untrusted_certificate(self):
        self.configure(ca={"trusted_roots_pem": None})

        self.assert_error(CA, "", "not trusted", "trusted_roots_pem")

        self.assert_good_configuration_applies_now()

    def test_ca_with_another_root_than_the_trusted_one(self):
        (self.terraform.directory / "other.pem").write_text(self.pebble.root_pem())
        self.configure(ca={"trusted_roots_pem": 'file("other.pem")'})

        self.assert_error(CA, "trusted_roots_pem", "not trusted")

    def test_http_url_that_is_no_directory(self):
        self.configure(ca={"directory_url": f'"{self.pebble.directory_url}ectory"'})

        self.assert_error(CA, "directory_url", "404")


class ExternalAccountBinding(Errors):
    pebble_options = {"eab": {"kid-1": base64.urlsafe_b64encode(b"e" * 32).decode().rstrip("=")}}

    def test_wrong_hmac_key(self):
        self.configure(ca={"eab": f'{{ kid = "kid-1", hmac_key = "{WRONG_KEY.rstrip("=")}" }}'})

        self.assert_error(CA, "eab", "eab")

    def test_unknown_kid(self):
        self.configure(ca={"eab": f'{{ kid = "kid-2", hmac_key = "{WRONG_KEY.rstrip("=")}" }}'})

        self.assert_error(CA, "eab", "eab")

    def test_ca_that_requires_a_binding_says_so(self):
        self.configure()

        self.assert_error(CA, "", "eab")


class Names(Errors):
    pebble_options = {"blocklist": ["blocked.example.test"]}

    def test_identifier_that_the_ca_rejects(self):
        self.configure(certificate={"dns_names": '["blocked.example.test"]'})

        self.assert_error(CERTIFICATE, "dns_names", "blocked.example.test")

        self.assertIn(CA, self.terraform.state())

    def test_malformed_domain_name(self):
        self.configure(certificate={"dns_names": '["bad..example.test"]'})

        self.assert_error(CERTIFICATE, "dns_names", "bad..example.test")

    def test_two_equal_names(self):
        self.configure(certificate={"dns_names": '["example.test", "EXAMPLE.test"]'})

        self.assert_error(CERTIFICATE, "dns_names", "example.test")

    def test_ip_address(self):
        self.configure(certificate={"dns_names": '["192.0.2.1"]'})

        self.assert_error(CERTIFICATE, "dns_names", "192.0.2.1")

    def test_empty_list(self):
        self.configure(certificate={"dns_names": "[]"})

        self.assert_error(CERTIFICATE, "dns_names")

    def test_name_outside_every_zone(self):
        self.configure(certificate={"dns_names": '["example.org"]'})

        self.assert_error(CERTIFICATE, "", "example.org")
        self.assertEqual(self.pebble.requests()["newOrder"], 0)


class Handles(Errors):

    def test_text_that_is_no_handle(self):
        self.configure(certificate={"external_ca": '"not a handle"'})

        self.assert_error(CERTIFICATE, "external_ca", "handle")

    def test_id_in_the_place_of_a_handle(self):
        self.configure(certificate={"external_ca": "certwright_external_ca_acme.ca.id"})

        self.assert_error(CERTIFICATE, "external_ca", ".handle")

    def test_handle_of_another_kind(self):
        self.configure(certificate={"external_ca": "certwright_app_connection_rfc2136.dns.handle"})

        self.assert_error(CERTIFICATE, "external_ca", "app connection", "external CA")

    def test_handle_sealed_with_another_key(self):
        self.configure()
        self.terraform.apply(f"-target={CA}", check=True)
        handle = self.terraform.state()[CA]["handle"]
        self.configure(certificate={"external_ca": f'"{handle}"'})
        other_key = base64.b64encode(b"o" * 32).decode()

        outcome = self.terraform.apply("-json", f"-target={CERTIFICATE}", env={"CERTWRIGHT_SEALING_KEY": other_key})

        errors = outcome.diagnostics()
        self.assertEqual(len(errors), 1, outcome)
        self.assertIn("external_ca", errors[0]["snippet"]["code"])
        self.assertIn("previous_sealing_keys", errors[0]["detail"])
        self.assert_nothing_left(CERTIFICATE)

    def test_missing_sealing_key(self):
        self.configure(provider="  # the key comes from the environment")

        self.assert_error("certwright_app_connection_rfc2136.dns", 'resource "certwright_app_connection_rfc2136" "dns"', "openssl rand -base64 32",
                          env={"CERTWRIGHT_SEALING_KEY": ""})

        self.assert_good_configuration_applies_now()

    def test_malformed_sealing_key(self):
        self.configure(provider='  sealing_key = "c2hvcnQ="')

        outcome = self.terraform.apply("-json")

        errors = outcome.diagnostics()
        self.assertEqual(len(errors), 1, outcome)
        self.assertIn("sealing_key", errors[0]["snippet"]["code"])
        self.assertIn("32", errors[0]["detail"])


class Proxy(Errors):
    """Between the runner and its CA, which is not to blame: `directory_url` is right."""

    def assert_blames_the_proxy(self, url: str, *words: str):
        self.configure(ca={"directory_url": '"https://acme.invalid/directory"', "trusted_roots_pem": None})
        outcome = self.terraform.apply("-json", env={"HTTPS_PROXY": url, "https_proxy": url, "NO_PROXY": "", "no_proxy": ""})

        self.assertNotEqual(outcome.code, 0, outcome)
        error, = outcome.diagnostics()
        text = f"{error['summary']}: {error['detail']}"
        self.assertEqual(error.get("address"), CA, error)
        for word in ("The proxy for acme.invalid", *words, "HTTPS_PROXY", "NO_PROXY"):
            self.assertIn(word.lower(), text.lower(), error)
        self.assertNotIn("directory_url", text)
        self.assertNotIn("directory_url", (error.get("snippet") or {}).get("code", ""), error)

    def test_one_that_wants_credentials_or_forbids_the_ca_is_asked_once(self):
        for status, words in ((407, "asks for credentials"), (403, "does not allow it")):
            with self.subTest(status):
                proxy = RefusingProxy(status)
                self.addCleanup(proxy.stop)

                self.assert_blames_the_proxy(proxy.url, words)

                self.assertEqual(proxy.tunnels, ["acme.invalid:443"])

    def test_one_that_is_dead(self):
        self.assert_blames_the_proxy(f"http://127.0.0.1:{free_port()}", "cannot be reached")


if __name__ == "__main__":
    main()
