#!/usr/bin/env bash
#
# Fails if Redocly or Spectral has anything to say about the description of the API,
# which the program prints.
#
#   scripts/openapi.sh TAGS
#
# It takes Node.js 20.19 or newer with npm, which are installed where Debian's apt-get
# may be used without a password, and npm's registry, once for each lock file: what
# comes from there is kept in the user's cache. Where one of them is missing nothing is
# checked, which is said and isn't a failure, unless OCTAVO_TEST_REQUIRE names openapi.
set -euo pipefail
cd "$(dirname "$0")/.."

skip() {
	printf '*** SKIPPED: %s, so the description of the API has not been checked. ***\n' "$1" >&2
	[[ ,${OCTAVO_TEST_REQUIRE:-}, != *,openapi,* ]] || exit 1
	exit 0
}

has_node() {
	type -P npm >/dev/null && node -e '
		const [major, minor] = process.versions.node.split(".").map(Number)
		process.exit(major > 20 || (major === 20 && minor >= 19) ? 0 : 1)' 2>/dev/null
}

if ! has_node && type -P apt-get >/dev/null; then
	as_root=()
	[[ $EUID -eq 0 ]] || as_root=(sudo -n)
	apt=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq -o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=300)
	{ "${apt[@]}" update && "${apt[@]}" install -y --no-install-recommends nodejs npm; } >&2 || true
fi
has_node || skip 'there is no Node.js from 20.19 on with npm'

document=$(mktemp --suffix=.json)
trap 'rm -rf "$document" "${fetched:-}"' EXIT
go run -tags "$1" . openapi >"$document"

lock=$(sha256sum scripts/openapi/package-lock.json)
tools=${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/octavo/openapi-${lock:0:16}
if [[ ! -d $tools ]]; then
	mkdir -p "${tools%/*}"
	fetched=$(mktemp -d "$tools.XXXXXX")
	cp scripts/openapi/package{,-lock}.json "$fetched"
	npm ci --prefix "$fetched" --ignore-scripts --no-audit --no-fund --loglevel=error >&2 || skip 'npm could not install the tools'
	mv -T "$fetched" "$tools" 2>/dev/null || [[ -d $tools ]] # somebody else may have been faster
fi

export REDOCLY_TELEMETRY=off REDOCLY_SUPPRESS_UPDATE_NOTICE=true
"$tools/node_modules/.bin/redocly" lint --config scripts/openapi/redocly.yaml "$document"
"$tools/node_modules/.bin/spectral" lint --fail-severity=hint --ruleset scripts/openapi/spectral.yaml "$document"
