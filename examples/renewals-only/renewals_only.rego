# The same as renewals_only.jq for Open Policy Agent and Conftest: one text for each reason why a plan is more than renewals.
#   terraform show -json tfplan > plan.json
#   opa eval --fail-defined --format pretty --data renewals_only.rego --input plan.json 'data.renewals_only.deny[_]'
package renewals_only

import rego.v1

outputs := {
	"certificate_pem", "chain_pem", "fingerprint_sha256", "handle", "issued_because", "issued_because_detail", "issuer", "not_after",
	"not_before", "private_key_pem", "renewal", "serial_number",
}

synced := {"certificates", "pending_removals", "receipt", "synced"}

changes := [one | some one in input.resource_changes; not one.change.actions in [["no-op"], ["read"]]]

deny contains "the plan is not complete" if input.errored

deny contains "the plan is not complete" if input.complete == false

deny contains "the plan does more than change resources" if count(object.get(input, "deferred_changes", [])) > 0

deny contains "the plan does more than change resources" if count(object.get(input, "action_invocations", [])) > 0

deny contains sprintf("%s has moved", [one.address]) if {
	some one in changes
	one.previous_address
}

deny contains sprintf("%s changes", [one.address]) if {
	some one in changes
	not one.type in {"certwright_certificate", "certwright_certificate_sync"}
}

deny contains sprintf("%s is not updated in place", [one.address]) if {
	some one in changes
	one.change.actions != ["update"]
}

deny contains sprintf("%s is not updated in place", [one.address]) if {
	some one in changes
	one.change.importing
}

deny contains sprintf("%s is not renewed", [one.address]) if {
	some one in changes
	one.type == "certwright_certificate"
	object.get(one.change, ["after", "issued_because"], "") != "renewal"
}

deny contains sprintf("%s: `%s` changes", [one.address, name]) if {
	some one in changes
	one.type == "certwright_certificate"
	some name in changed(one.change) - outputs
}

deny contains sprintf("%s: `%s` changes", [one.address, name]) if {
	some one in changes
	one.type == "certwright_certificate_sync"
	some name in changed(one.change) - synced
}

deny contains sprintf("%s is changed without a renewal", [one.address]) if {
	some one in changes
	one.type == "certwright_certificate_sync"
	count(renewed(one.change)) == 0
}

# An entry whose handle is not renewed stays as it is: neither another certificate nor a repair.
deny contains sprintf("%s changes the entry `%s`", [one.address, key]) if {
	some one in changes
	one.type == "certwright_certificate_sync"
	some key in (keys(one.change, "before") | keys(one.change, "after")) - renewed(one.change)
	entry(one.change, "before", key) != entry(one.change, "after", key)
}

deny contains sprintf("%s adds the entry `%s`", [one.address, key]) if {
	some one in changes
	one.type == "certwright_certificate_sync"
	some key in renewed(one.change) - keys(one.change, "before")
}

part(value, path) := object.get(value, path, null)

names(value) := object.keys(value) if is_object(value)

names(value) := set() if not is_object(value)

keys(change, side) := names(part(change, [side, "certificates"]))

entry(change, side, key) := [part(change, [side, "certificates", key]), part(change, [side, "synced", key])]

# The entries of a map of handles that come with the renewals of this plan.
renewed(change) := {key |
	unknown := part(change, ["after_unknown", "certificates"])
	some key in names(unknown)
	unknown[key] == true
}

# The names of attributes that get another value, or one that is not known yet.
changed(change) := {name |
	some side in ["before", "after", "after_unknown"]
	some name in names(part(change, [side]))
	differs(change, name)
}

differs(change, name) if part(change, ["before", name]) != part(change, ["after", name])

differs(change, name) if {
	walk(part(change, ["after_unknown", name]), [_, value])
	value == true
}
