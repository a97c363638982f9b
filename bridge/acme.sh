#!/bin/sh
# SPDX-License-Identifier: MPL-2.0
# bridge:acme.sh, a program for the exec connection: a script of acme.sh's dnsapi (https://github.com/acmesh-official/acme.sh) places
# and removes the records. ACME_SH_HOME is the folder with acme.sh and dnsapi/, ACME_SH_DNSAPI the name of the script, such as
# dns_nsupdate. What acme.sh would write to its configuration, credentials above all, is neither written nor read.

refuse() { # nothing was changed
  echo "$1" >&2
  exit 77
}

[ -r "${ACME_SH_HOME-}/acme.sh" ] || refuse 'set ACME_SH_HOME in `environment` to the folder that holds acme.sh'
[ -r "$ACME_SH_HOME/dnsapi/${ACME_SH_DNSAPI-}.sh" ] || refuse 'set ACME_SH_DNSAPI in `environment` to a script of '"$ACME_SH_HOME/dnsapi"', such as ACME_SH_DNSAPI = "dns_nsupdate"'
case $1 in
  check) exit 0 ;;
  present) function=${ACME_SH_DNSAPI}_add ;;
  cleanup) function=${ACME_SH_DNSAPI}_rm ;;
  *) refuse "there is no $1 here" ;;
esac
name=${2%.} value=$3
# Without arguments it defines its functions, and prints its help.
set --
. "$ACME_SH_HOME/acme.sh" >/dev/null
. "$ACME_SH_HOME/dnsapi/$ACME_SH_DNSAPI.sh"
_save_conf() { :; }
_read_conf() { :; }
_clear_conf() { :; }
USER_AGENT=${USER_AGENT:-$DEFAULT_USER_AGENT}
# Of answers; acme.sh would keep the file.
HTTP_HEADER=$(mktemp)
trap 'rm -f "$HTTP_HEADER"' EXIT
"$function" "$name" "$value" || exit 1
