#!/usr/bin/env bash
#
# Fails if the program calls code that an advisory of vuln.go.dev is about. Where
# that can't be reached nothing is known, which is said and isn't a failure, unless
# OCTAVO_TEST_REQUIRE names advisories.
#
#   scripts/advisories.sh TAGS
set -euo pipefail
cd "$(dirname "$0")/.."

report=$(mktemp)
trap 'rm -f "$report"' EXIT

status=0
go run golang.org/x/vuln/cmd/govulncheck@v1.9.0 -tags "$1" ./... >"$report" 2>&1 || status=$?
cat "$report" >&2
if ((status != 0)) && grep -q '^govulncheck: fetching vulnerabilities:' "$report"; then
	echo '*** SKIPPED: the database of advisories cannot be reached, so nothing has been checked. ***' >&2
	[[ ,${OCTAVO_TEST_REQUIRE:-}, == *,advisories,* ]] || status=0
fi
exit "$status"
