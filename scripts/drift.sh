#!/usr/bin/env bash
#
# Fails if the generated code is not exactly what `go generate ./...` makes of the
# sources. It generates in a copy, from nothing, so the working tree stays as it is.
set -euo pipefail
cd "$(dirname "$0")/.."

copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
tar --exclude=./.git --exclude=./bin --exclude=./data --exclude=./dist -cf - . | tar -xf - -C "$copy"
rm -rf "$copy/ent/gen"
find "$copy" -name '*_templ.go' -delete
(cd "$copy" && go generate ./...)

if ! diff -ru --exclude=.git --exclude=bin --exclude=data --exclude=dist . "$copy"; then
	echo 'The generated code differs from its sources: run make generate and commit the result.' >&2
	exit 1
fi
