# SPDX-License-Identifier: MPL-2.0
"""What Terraform saved, from the file itself: `terraform show` would cost a second."""

import json
import pathlib


class StateFile:

    def __init__(self, directory: pathlib.Path):
        path = directory / "terraform.tfstate"
        text = path.read_text() if path.exists() else ""
        self._resources = json.loads(text)["resources"] if text.strip() else []

    def certificates(self) -> dict[str, dict]:
        """The attributes, by label."""
        return {one["name"]: instance["attributes"] for one, instance in self._instances("certwright_certificate")}

    def syncs(self) -> dict[str, dict]:
        """The attributes, by address; deposed and tainted ones are left out."""
        found = {}
        for one, instance in self._instances("certwright_certificate_sync"):
            if "deposed" in instance or instance.get("status") == "tainted":
                continue
            module = f"{one['module']}." if "module" in one else ""
            key = f'["{instance["index_key"]}"]' if "index_key" in instance else ""
            found[f"{module}certwright_certificate_sync.{one['name']}{key}"] = instance["attributes"]
        return found

    def sync_ids(self) -> set[str]:
        return {instance["attributes"]["id"] for _, instance in self._instances("certwright_certificate_sync")}

    def is_empty(self) -> bool:
        return not any(one["instances"] for one in self._resources)

    def _instances(self, kind: str):
        for one in self._resources:
            if one["mode"] == "managed" and one["type"] == kind:
                for instance in one["instances"]:
                    yield one, instance
