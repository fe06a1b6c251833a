#!/usr/bin/env bash
#
# Draws what browsers and phones want of static/icon.svg as pictures, into static/icons:
#
#   scripts/icons.sh
#
# A maintainer's tool, for when the icon has changed. It takes Chromium, by the name in OCTAVO_TEST_CHROMIUM or in PATH.
set -euo pipefail
cd "$(dirname "$0")/.."

chromium=${OCTAVO_TEST_CHROMIUM:-$(type -P chromium chromium-browser google-chrome | head -n 1)}
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

# draw SVG SIZE PNG draws a picture of SIZE by SIZE pixels.
draw() {
	cat >"$tmp/page.html" <<-HTML
		<!DOCTYPE html><style>html, body { margin: 0; background: transparent } svg { display: block; width: $2px; height: $2px }</style>
		$1
	HTML
	"$chromium" --headless --no-sandbox --disable-gpu --no-first-run --disable-background-networking \
		--disable-component-update --disable-sync --user-data-dir="$tmp/profile" --hide-scrollbars \
		--force-device-scale-factor=1 --default-background-color=00000000 --window-size="$2,$2" \
		--screenshot="$tmp/picture.png" "file://$tmp/page.html" >"$tmp/log" 2>&1 || { cat "$tmp/log" >&2; exit 1; }
	mv "$tmp/picture.png" "$3"
}

# number N BYTES prints N as that many bytes, the least first.
number() {
	local n=$1 i
	for ((i = 0; i < $2; i++)); do
		printf "\\x$(printf %02x $((n >> 8 * i & 255)))"
	done
}

# ico PNG SIZE [PNG SIZE ...] prints an icon file that holds these pictures.
ico() {
	local at=$((6 + 16 * $# / 2)) i length
	number 0 2; number 1 2; number $(($# / 2)) 2
	for ((i = 1; i < $#; i += 2)); do
		length=$(wc -c <"${!i}")
		number "${@:i+1:1}" 1; number "${@:i+1:1}" 1; number 0 2; number 1 2; number 32 2
		number "$length" 4; number "$at" 4
		at=$((at + length))
	done
	for ((i = 1; i < $#; i += 2)); do cat "${!i}"; done
}

icon=$(<static/icon.svg)
square=${icon/rx=\"13\"/} # whoever shows it cuts its corners
[[ $square != "$icon" ]] || { echo "icons: static/icon.svg has no round corners any more: mend this script" >&2; exit 1; }

mkdir -p static/icons
for size in 16 32 48; do draw "$icon" $size "$tmp/$size.png"; done
ico "$tmp/16.png" 16 "$tmp/32.png" 32 "$tmp/48.png" 48 >static/icons/favicon.ico
draw "$square" 180 static/icons/apple-touch-icon.png
draw "$icon" 192 static/icons/icon-192.png
draw "$icon" 512 static/icons/icon-512.png
draw "$square" 512 static/icons/icon-maskable.png
