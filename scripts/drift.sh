#!/usr/bin/env bash
#
# Fails if the generated code is not exactly what `go generate ./...` makes of the
# sources. It generates in a copy, so the working tree stays as it is.
set -euo pipefail
cd "$(dirname "$0")/.."

copy=$(mktemp -d)
begun=$(mktemp)
trap 'rm -rf "$copy" "$begun"' EXIT
tar --exclude=./.git --exclude=./bin --exclude=./data --exclude=./dist -cf - . | tar -xf - -C "$copy"
find "$copy" -name '*_templ.go' -delete
# ent/schema imports a part of ent/gen, so that has to be there: what isn't written anew is left over from earlier.
touch "$begun"
(cd "$copy" && go generate ./...)
find "$copy/ent/gen" -type f ! -newer "$begun" -delete

if ! diff -ru --exclude=.git --exclude=bin --exclude=data --exclude=dist . "$copy"; then
	echo 'The generated code differs from its sources: run make generate and commit the result.' >&2
	exit 1
fi
