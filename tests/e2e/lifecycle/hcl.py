# SPDX-License-Identifier: MPL-2.0
"""A state of the model as a configuration, in the present schema or in the first one."""

import pathlib

from lab.former import former

from .model import SHARED, State, Sync

_HEAD = """terraform {
  required_providers { certwright = { source = "certwright/certwright" } }
}
"""
_VARIABLES = """variable "ca" {
  type      = string
  sensitive = true
}
variable "connection" {
  type      = string
  sensitive = true
  default   = null
}
"""
_SHARED = """variable "shared" {
  type      = string
  sensitive = true
}
"""
_INNER_VARIABLES = """variable "connection" {
  type      = string
  sensitive = true
  default   = null
}
variable "handles" {
  type      = map(string)
  sensitive = true
}
"""
_TIMEOUTS = '{ create = "30s", read = "30s", update = "30s", delete = "30s" }'


class Writer:
    """`destination`: of every sync. `is_former`: whether the provider has the first schema."""

    def __init__(self, destination, zone: str, is_former: bool):
        self._destination, self._zone, self._is_former = destination, zone, is_former

    def write(self, state: State, directory: pathlib.Path):
        main = _HEAD + _VARIABLES + (_SHARED if state.name == "b" else "")
        main += "".join(self._certificate(one) for one in state.certificates.values())
        main += "".join(self._sync(sync) for sync in state.syncs.values() if not sync.in_module)
        inner = [sync for sync in state.syncs.values() if sync.in_module]
        if inner:
            main += _module(inner)
        main += "".join(f"moved {{\n  from = {old}\n  to   = {new}\n}}\n" for old, new in state.moved)
        (directory / "main.tf").write_text(self.in_schema(main))
        (directory / "inner").mkdir(exist_ok=True)
        text = _HEAD + _INNER_VARIABLES + "".join(self._sync(sync) for sync in inner)
        (directory / "inner" / "main.tf").write_text(self.in_schema(text))

    def in_schema(self, text: str) -> str:
        return former(text) if self._is_former else text

    def _certificate(self, one) -> str:
        names = [f"{one.label}.{self._zone}"] + ([f"e{one.edition}.{one.label}.{self._zone}"] if one.edition else [])
        return _block("certwright_certificate", one.label, {
            "external_ca": "var.ca", "dns_names": "[" + ", ".join(f'"{name}"' for name in names) + "]",
            "key_algorithm": f'"{one.algorithm}"'})

    def _sync(self, sync: Sync) -> str:
        certificates = ", ".join(f"{key} = {_handle(label, sync.in_module)}" for key, label in sync.certificates.items())
        return _block("certwright_certificate_sync", sync.label, {
            "for_each": sync.each and f'toset(["{sync.each}"])',
            "name": f'"{sync.label}"',
            "app_connection": "var.connection" if self._destination.connection() else None,
            "destination": self._destination.block(),
            "certificates": f"{{ {certificates} }}",
            "name_schema": f'"{sync.place}-{{{{certificateId}}}}"',
            "timeouts": _TIMEOUTS,
        }, "  lifecycle { create_before_destroy = true }\n" if sync.create_before_destroy else "")


def call_of_module() -> str:
    """For the folder in which `terraform init` registers the module; each working folder copies what that makes."""
    return _HEAD + 'module "inner" {\n  source  = "./inner"\n  handles = {}\n}\n'


def empty_module() -> str:
    return _HEAD + _INNER_VARIABLES


def _module(syncs: list[Sync]) -> str:
    labels = sorted({label for sync in syncs for label in sync.certificates.values()})
    handles = ", ".join(f"{label} = {_handle(label, False)}" for label in labels)
    return f'module "inner" {{\n  source     = "./inner"\n  connection = var.connection\n  handles    = {{ {handles} }}\n}}\n'


def _handle(label: str, in_module: bool) -> str:
    if in_module:
        return f'var.handles["{label}"]'
    return "var.shared" if label == SHARED else f"certwright_certificate.{label}.handle"


def _block(kind: str, label: str, attributes: dict, tail: str = "") -> str:
    lines = "".join(f"  {name} = {value}\n" for name, value in attributes.items() if value is not None)
    return f'resource "{kind}" "{label}" {{\n{lines}{tail}}}\n'
