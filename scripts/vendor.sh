#!/usr/bin/env bash
#
# Keeps the scripts of others that are committed here at the versions and hashes
# of static/vendor/VERSIONS. A maintainer's tool: building and testing need no npm.
#
#   scripts/vendor.sh verify  compares the files with their hashes
#   scripts/vendor.sh fetch   brings the files from their npm packages, if the hashes match
#
# To move to another version, change its lines in VERSIONS, run fetch, which names
# the hashes it found, and enter those once the new files have been looked at.
set -euo pipefail
cd "$(dirname "$0")/.."

entries() { grep -Ev '^(#|$)' static/vendor/VERSIONS; }

verify() {
	entries | awk '{ print $3 "  " $5 }' | sha256sum --check --quiet
}

fetch() {
	local name version hash path target package found
	tmp=$(mktemp -d)
	trap 'rm -rf "$tmp"' EXIT

	while read -r name version hash path target; do
		package=$tmp/$name@$version
		if [[ ! -d $package ]]; then
			mkdir -p "$package"
			npm pack --silent --pack-destination "$tmp" "$name@$version" >"$package/tarball"
			tar -xzf "$tmp/$(<"$package/tarball")" -C "$package" --strip-components=1
		fi
		found=$(sha256sum <"$package/$path" | cut -d ' ' -f 1)
		if [[ $found != "$hash" ]]; then
			echo "$name@$version: the hash of $path is $found, not $hash" >&2
			failed=1
			continue
		fi
		mkdir -p "${target%/*}"
		install -m 644 "$package/$path" "$target"
	done < <(entries)
	[[ -z ${failed:-} ]]
}

case ${1:-} in
verify | fetch) "$1" ;;
*)
	echo 'usage: scripts/vendor.sh verify|fetch' >&2
	exit 2
	;;
esac
