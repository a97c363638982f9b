# Why a plan is more than renewals: one text for each reason, none if certificates are renewed and pushed to where they are deployed,
# and nothing else changes.
#   terraform show -json tfplan | jq -e -f renewals_only.jq
# ends with 0 if there is no reason.

# True if the value, or something in it, is known only after the apply.
def to_come: [.. | select(. == true)] | length > 0;

# The names of attributes that get another value, or one that is not known yet.
def changed:
  . as $change
  | [(.before // {}, .after // {}, .after_unknown // {} | keys[])] | unique
  | map(. as $name | select($change.before[$name] != $change.after[$name] or ($change.after_unknown[$name] | to_come)));

# Updated in place, and no attribute changes besides those.
def only($names):
  if .actions != ["update"] or .importing != null then ["is not updated in place"]
  else changed - $names | map("`\(.)` changes") end;

def of_certificate:
  only(["certificate_pem", "chain_pem", "fingerprint_sha256", "handle", "issued_because", "issued_because_detail", "issuer",
        "not_after", "not_before", "private_key_pem", "renewal", "serial_number"])
  + if .after.issued_because == "renewal" then [] else ["is not renewed"] end;

# The entries of a map of handles that come with the renewals of this plan.
def renewed: [(.after_unknown.certificates // {}) | objects | to_entries[] | select(.value == true) | .key];

def of_sync:
  . as $change
  | only(["certificates", "pending_removals", "receipt", "synced"])
  + if renewed == [] then ["is changed without a renewal"] else [] end
  # An entry whose handle is not renewed stays as it is: neither another certificate nor a repair.
  + [((.before.certificates // {}) + (.after.certificates // {}) | keys[])
     | select(. as $key | $change | renewed | index($key) | not)
     | select($change.before.certificates[.] != $change.after.certificates[.] or $change.before.synced[.] != $change.after.synced[.])
     | "changes the entry `\(.)`"]
  # One that is renewed was there before.
  + [renewed[] | select($change.before.certificates[.] == null) | "adds the entry `\(.)`"];

[ (if .errored or .complete == false then "the plan is not complete" else empty end),
  (.deferred_changes[]?, .action_invocations[]? | "the plan does more than change resources"),
  (.resource_changes[]?
   | select(.change.actions != ["no-op"] and .change.actions != ["read"])
   | .address as $address
   | if .previous_address != null then ["has moved"]
     elif .type == "certwright_certificate" then .change | of_certificate
     elif .type == "certwright_certificate_sync" then .change | of_sync
     else ["changes"] end
   | .[] | "\($address) \(.)") ]
| unique
| if . == [] then true else . | join("\n") + "\n" | halt_error(1) end
