package e2e

import (
	"strings"
	"testing"
)

// What is in HTML that somebody copies may do nothing, and not be complained of either: who looks for faults in the console
// would take it for one of ours.
func TestPastedHTMLViolatesNoPolicy(t *testing.T) {
	b := newTab(t)
	b.openEditor(start(t))
	for _, html := range []string{
		`<html><head><base href="https://example.org/"><base target=_top></head><body><b>bold</b></body></html>`,
		`<base
			href="https://example.org/"><b>bold</b>`,
		`<link rel=stylesheet href="https://example.org/a.css"><link rel=preload as=image href=/b.png><b>bold</b>`,
		`<meta http-equiv="Content-Security-Policy" content="default-src 'none'"><meta http-equiv=refresh content="0;url=/"><b>bold</b>`,
		`<style>b { color: red }</style><STYLE media=print>b{}</STYLE ><b>bold</b>`,
		`<b>bold</b><style>p { color: red }`,
		`<p style="color: red" onclick='alert(1)'><b>bold</b></p>`,
		`<p class="a"style="color: red"><i/style="color: red"></i><b>bold</b></p>`,
		`<p title="a > b" style="color: red"><b>bold</b></p>`,
		`<p title='a' STYLE = red><b>bold</b></p>`,
		`<svg><style>b { color: red }</style><g style="fill: red"/></svg><b>bold</b>`,
		`<object data="https://example.org/a.swf"><embed src="https://example.org/a"></object><b>bold</b>`,
		`<iframe src="https://example.org/" srcdoc="<script>alert(1)</script>"></iframe><b>bold</b>`,
		`<script>alert(1)</script><script src="https://example.org/a.js"></script><b onmouseover=alert(1)>bold</b>`,
		`<img src="https://example.org/a.png" onerror=alert(1) style="width: 1px" hidden><b>bold</b>`,
		`<video src="https://example.org/a.mp4" poster="https://example.org/a.png"></video><audio src="https://example.org/a"></audio><b>bold</b>`,
		`<form action="https://example.org/"><input type=image src="https://example.org/a.png"><button formaction=javascript:alert(1)>x</button></form><b>bold</b>`,
		`<body background="https://example.org/a.png" onload=alert(1)><b>bold</b>`,
		`<template><style>b{}</style><base href=/x></template><b>bold</b>`,
		`<math><mtext><style>b{}</style></mtext></math><b>bold</b>`,
	} {
		b.paste("#content", "x")
		b.do(selectAll)
		b.clip(map[string]string{"text/html": html, "text/plain": "its words"})
		b.wait(`document.querySelector("#content").value !== "x"`)
		if got := strings.TrimSpace(b.value("#content")); got != "**bold**" {
			t.Errorf("%s becomes\n%s", html, got)
		}
		for _, problem := range b.takeProblems() {
			t.Errorf("%s: %s", html, problem)
		}
	}
}
