# SPDX-License-Identifier: MPL-2.0
"""The destinations exec and webhook, with the program and the server of examples/certificate-store."""

import hashlib
import hmac
import http.server
import json
import re
import secrets
import ssl
import sys
import threading
import time

from lab.configuration import block, configuration
from lab.testing import LabTest, main
from lab.venv import ROOT

sys.path.insert(0, str(ROOT / "examples/certificate-store"))
import receiver  # noqa: E402

OTHER_SYNC = "07e207e207e207e207e207e207e207e2"


class UserStores:
    """What both do. `destination`: the kind; `connection()`: its connection's block."""

    destination = ""

    def setUp(self):
        super().setUp()
        # The system's Python starts at once, that of a version manager takes half a second.
        self.terraform.env["PATH"] = f"/usr/bin:{self.terraform.env['PATH']}"
        self.folder = self.terraform.directory / "store"
        self.state = self.terraform.directory / "terraform.tfstate"

    def configure_store(self, names: str | None = None, settings: str = "", sync: bool = True):
        text = configuration(
            self.bind, self.pebble, provider="allow_exec = true",
            certificate={"dns_names": names or f'["{self.bind.zone}"]'},
            sync={"app_connection": f"certwright_app_connection_{self.destination}.store.handle",
                  "destination": f'{{ {self.destination} = {{ settings = {{ folder = "${{path.module}}/store" }}\n{settings} }} }}'})
        if not sync:
            text = text.partition('resource "certwright_certificate_sync"')[0]
        self.write(text + self.connection())

    def synced(self) -> dict:
        return self.terraform.state()["certwright_certificate_sync.files"]["synced"]["web"]

    def objects(self) -> list[dict]:
        files = sorted(self.folder.iterdir()) if self.folder.exists() else []
        return [json.loads(file.read_text()) for file in files]

    def assert_in_place(self, version: int):
        synced = self.synced()
        content, = self.objects()
        der = ssl.PEM_cert_to_DER_cert(content["certificate_pem"])
        self.assertEqual(hashlib.sha256(der).hexdigest(), synced["fingerprint_sha256"])
        self.assertIn("BEGIN PRIVATE KEY", content["private_key_pem"])
        self.assertEqual((content["version"], synced["version"]), (version, str(version)))
        self.assert_no_changes()

    def path(self):
        return self.folder / f"{self.synced()['name']}.json"

    def test_puts_renews_repairs_and_removes(self):
        self.configure_store()
        self.assert_success(self.terraform.apply())
        self.assert_in_place(1)
        first = self.synced()
        self.assertEqual(first["external_id"], str(self.path()))

        self.configure_store(f'["{self.bind.zone}", "www.{self.bind.zone}"]')
        self.assertEqual((outcome := self.terraform.plan("-out=plan")).code, 2, outcome)
        planned = json.loads(self.terraform.run("show", "-json", "plan", check=True).stdout)
        self.assert_success(self.terraform.apply())
        self.assert_in_place(2)
        self.assertEqual(self.synced()["external_id"], first["external_id"])
        after, = (one["change"]["after"] for one in planned["resource_changes"] if one["type"] == "certwright_certificate_sync")
        self.assertEqual(after["synced"]["web"].get("external_id"), first["external_id"], "known in the plan of a renewal")

        content = json.loads(self.path().read_text())
        self.path().write_text(json.dumps(content | {"private_key_pem": "damaged"}))
        self.assertEqual((outcome := self.terraform.plan()).code, 2, outcome)
        self.assertIn("the private key differs", outcome.stdout)
        self.assert_success(self.terraform.apply())
        self.assert_in_place(3)

        self.path().unlink()
        self.assert_success(self.terraform.apply())
        self.assert_in_place(1)

        key = self.objects()[0]["private_key_pem"].splitlines()[1]
        self.assertNotIn(key, self.state.read_text())
        self.assert_success(self.terraform.destroy())
        self.assertEqual(self.objects(), [])

    def test_an_object_of_others_is_named_and_stays(self):
        self.configure_store()
        self.assert_success(self.terraform.apply())
        theirs = self.path()
        content = json.loads(theirs.read_text()) | {"sync_id": OTHER_SYNC}
        theirs.write_text(json.dumps(content))

        outcome = self.terraform.apply("-json")

        self.assertEqual(outcome.code, 1, outcome)
        self.assertIn(f"It belongs to another sync (id {OTHER_SYNC})", outcome.diagnostics()[0]["detail"])
        self.configure_store(sync=False)
        self.assert_success(self.terraform.apply())
        self.assertEqual(json.loads(theirs.read_text()), content)

    def test_without_observing_nothing_is_asked_in_a_plan(self):
        self.configure_store(settings="observe = false")
        self.assert_success(self.terraform.apply())
        path = self.path()
        path.unlink()

        self.assert_no_changes()
        self.configure_store(f'["{self.bind.zone}", "www.{self.bind.zone}"]', settings="observe = false")
        self.assert_success(self.terraform.apply())

        self.assertEqual([one["version"] for one in self.objects()], [1])
        self.assert_success(self.terraform.destroy())
        self.assertEqual(self.objects(), [])


class ExecDestination(UserStores, LabTest):

    destination = "exec"

    def connection(self) -> str:
        program = self.terraform.directory / "program"
        program.write_text(f"""#!/bin/sh
env >> '{self.terraform.directory}/environment'
tee -a '{self.terraform.directory}/requests' | python3 -B '{ROOT}/examples/certificate-store/store.py'
""")
        program.chmod(0o700)
        return block("app_connection_exec", "store", {"program": '"${path.module}/program"'})

    def test_only_put_gets_the_key_and_nothing_of_terraforms_environment_is_passed_on(self):
        self.terraform.env["TF_VAR_canary"] = "environment-canary"
        self.configure_store()
        self.assert_success(self.terraform.apply())
        self.assert_success(self.terraform.destroy())

        requests = [json.loads(one) for one in re.findall(r"\{.*?\}(?=\{|$)", (self.terraform.directory / "requests").read_text())]
        operations = [one["operation"] for one in requests]
        self.assertEqual([one["operation"] for one in requests if "private_key_pem" in one], ["put"])
        self.assertEqual(operations[:2] + operations[-2:], ["observe", "put", "observe", "remove"])
        environment = (self.terraform.directory / "environment").read_text()
        self.assertNotIn("environment-canary", environment)
        self.assertNotIn(self.terraform.env["CERTWRIGHT_SEALING_KEY"], environment)

    def test_a_failure_shows_what_the_program_said_without_the_key(self):
        self.configure_store()
        program = self.terraform.directory / "program"
        program.write_text("#!/bin/sh\nrequest=$(cat)\ncase $request in *'\"observe\"'*) exit 3;; esac\n"
                           "printf '%s' \"$request\" | python3 -c 'import json, sys; print(json.load(sys.stdin)[\"private_key_pem\"])' >&2\n"
                           "echo 'the appliance is full' >&2\nexit 9\n")

        outcome = self.terraform.apply()

        said = outcome.stdout + outcome.stderr
        self.assertEqual(outcome.code, 1, outcome)
        self.assertIn("failed with exit code 9", said)
        self.assertIn("the appliance is full", said)
        self.assertIn("***", said)
        self.assertNotIn("MIGHAgEA", said, "how each PKCS #8 key of this algorithm begins")

    def test_is_refused_by_the_plan_unless_the_provider_allows_it(self):
        self.configure_store()
        main_tf = self.terraform.directory / "main.tf"
        main_tf.write_text(main_tf.read_text().replace("allow_exec = true", ""))

        outcome = self.terraform.plan()

        self.assertEqual(outcome.code, 1, outcome)
        self.assertIn("allow_exec = true", outcome.stdout + outcome.stderr)


class WebhookDestination(UserStores, LabTest):

    destination = "webhook"

    def setUp(self):
        super().setUp()
        self.secret = secrets.token_hex(32)
        handler = type("Handler", (receiver.Handler,), {
            "secret": self.secret, "folder": str(self.folder), "log_message": lambda *_: None})
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.addCleanup(self.server.server_close)
        self.addCleanup(self.server.shutdown)
        self.terraform.env["TF_VAR_webhook_secret"] = self.secret

    def connection(self) -> str:
        variable = 'variable "webhook_secret" {\n  type      = string\n  sensitive = true\n  ephemeral = true\n}\n'
        return variable + block("app_connection_webhook", "store", {
            "endpoint_url": f'"http://127.0.0.1:{self.server.server_address[1]}"', "signing_secret": "var.webhook_secret"})

    def test_a_wrong_secret_is_told_at_the_connection(self):
        self.terraform.env["TF_VAR_webhook_secret"] = secrets.token_hex(32)
        self.configure_store()

        outcome = self.terraform.apply("-json")

        self.assertEqual(outcome.code, 1, outcome)
        said = json.dumps(outcome.diagnostics())
        self.assertIn("the signature is missing, wrong, or too old", said)
        self.assertIn("signing_secret", said)
        self.assertNotIn(self.terraform.env["TF_VAR_webhook_secret"], said)
        self.assertEqual(self.objects(), [])

    def test_the_secret_is_in_no_state(self):
        self.configure_store()
        self.assert_success(self.terraform.apply())

        self.assertNotIn(self.secret, self.state.read_text())


class Receiver(LabTest):

    def setUp(self):
        pass

    def sign(self, body: bytes, then: float) -> str:
        stamp = str(int(then))
        return f"t={stamp},v1={hmac.new(b'secret', stamp.encode() + b'.' + body, hashlib.sha256).hexdigest()}"

    def test_refuses_what_is_old_altered_or_not_signed(self):
        now = time.time()
        good = self.sign(b"{}", now)

        self.assertTrue(receiver.is_signed("secret", good, b"{}", now))
        self.assertTrue(receiver.is_signed("secret", good, b"{}", now + 299))
        self.assertFalse(receiver.is_signed("secret", good, b"{}", now + 302))
        self.assertFalse(receiver.is_signed("secret", good, b"{}", now - 302))
        self.assertFalse(receiver.is_signed("secret", good, b"{} ", now))
        self.assertFalse(receiver.is_signed("other", good, b"{}", now))
        for bad in ("", "t=1", "v1=00", good.replace(",", ", "), good.upper(), f"{good},v1=00"):
            self.assertFalse(receiver.is_signed("secret", bad, b"{}", now), bad)


if __name__ == "__main__":
    main()
