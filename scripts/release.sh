#!/usr/bin/env bash
#
# Builds what a release consists of, in dist/: for each architecture an archive with the
# program, linked statically, and with the licenses of what is in it; its bill of
# materials in CycloneDX's format; and the checksums of all of them.
#
#   scripts/release.sh VERSION COMMIT [ARCHITECTURE...]
#
# The architectures are amd64 and arm64 unless told otherwise. SQLite is written in C:
# for another architecture than the machine's it takes Debian's cross compiler for it,
# gcc-aarch64-linux-gnu and libc6-dev-arm64-cross, or gcc-x86-64-linux-gnu and
# libc6-dev-amd64-cross. The same sources and compilers give the same bytes.
set -euo pipefail
cd "$(dirname "$0")/.."

version=$1 commit=$2
architectures=("${@:3}")
[[ ${#architectures[@]} -gt 0 ]] || architectures=(amd64 arm64)

sbom=github.com/CycloneDX/cyclonedx-gomod/cmd/cyclonedx-gomod@v1.10.0
made=$(git log -1 --format=%ct 2>/dev/null || date +%s)

# compiler ARCHITECTURE prints the C compiler that makes programs for it.
compiler() {
	local cross
	case $1 in
	"$(go env GOHOSTARCH)") go env CC && return ;;
	amd64) cross=x86_64-linux-gnu-gcc ;;
	arm64) cross=aarch64-linux-gnu-gcc ;;
	*) echo "$1 is none of the architectures that are released" >&2 && return 1 ;;
	esac
	type -P "$cross" || { echo "$cross is missing, which compiles SQLite for $1" >&2 && return 1; }
}

# licenses PROGRAM prints the license of each module that is in it.
licenses() {
	local path version dir file
	while read -r _ path version _; do
		dir=$(go list -m -f '{{.Dir}}' "$path@$version")
		for file in "$dir"/{LICENSE,LICENCE,COPYING,NOTICE}*; do
			[[ ! -f $file ]] || { printf '\n%s %s\n\n' "$path" "$version" && cat "$file"; }
		done
	done < <(go version -m "$1" | grep -P '^\tdep\t')
}

rm -rf dist
mkdir dist
for arch in "${architectures[@]}"; do
	name=octavo-$version-linux-$arch
	cc=$(compiler "$arch")
	mkdir "dist/$name"
	CC=$cc GOOS=linux GOARCH=$arch make --no-print-directory build STATIC=yes OUT="dist/$name/octavo" VERSION="$version" COMMIT="$commit"
	licenses "dist/$name/octavo" >"dist/$name/THIRD-PARTY-LICENSES"
	cp LICENSE .env.example "dist/$name"
	CGO_ENABLED=0 go run "$sbom" bin -json -std -licenses -noserial -notimestamp -version "$version" -output "dist/$name.cdx.json" "dist/$name/octavo"
	tar --sort=name --mtime="@$made" --owner=0 --group=0 --numeric-owner -C dist -cf - "$name" | gzip -9n >"dist/$name.tar.gz"
	rm -r "dist/$name"
done
cd dist && sha256sum -- * | tee SHA256SUMS
