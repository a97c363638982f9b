# What the rule `dns_names.allow` of a certificate profile says, for Open Policy Agent and Conftest: one text for each name of a plan
# that no pattern allows.
#   terraform show -json tfplan > plan.json
#   opa eval --fail-defined --format pretty --data certificate_names.rego --input plan.json 'data.certificate_names.deny[_]'
package certificate_names

import rego.v1

patterns := ["team-a.example.com", "*.team-a.example.com"]

deny contains sprintf("%s: %s is not allowed", [one.address, name]) if {
	some one in input.resource_changes
	one.type == "certwright_certificate"
	one.change.actions != ["delete"]
	some name in one.change.after.dns_names
	not allowed(lower(name))
}

# Names that come with a signing request are not in the plan.
deny contains sprintf("%s: `csr_pem` is not allowed", [one.address]) if {
	some one in input.resource_changes
	one.type == "certwright_certificate"
	one.change.actions != ["delete"]
	one.change.after.csr_pem != null
}

# Names that are not known yet can be any.
deny contains sprintf("%s: the names are not known", [one.address]) if {
	some one in input.resource_changes
	one.type == "certwright_certificate"
	object.get(one.change, ["after_unknown", "dns_names"], false) == true
}

allowed(name) if {
	some pattern in patterns
	glob.match(pattern, ["."], name)
}
