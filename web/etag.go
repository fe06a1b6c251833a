package web

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"net/http"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/labstack/echo/v4"

	"octavo/domain"
	"octavo/lang"
)

// etags are what an If-Match or If-None-Match header names: any ETag there may be, or these, each as it is written.
type etags struct {
	any  bool
	tags []string
}

// parseETags reads such a header (RFC 9110, 8.8.3 and 13.1). ok is false when it isn't one.
func parseETags(header string) (e etags, ok bool) {
	const space = " \t"
	if strings.Trim(header, space) == "*" {
		return etags{any: true}, true
	}
	for rest := header; ; {
		if rest = strings.TrimLeft(rest, space+","); rest == "" {
			return e, len(e.tags) > 0
		}
		tag := strings.TrimPrefix(rest, "W/")
		if tag[:min(1, len(tag))] != `"` {
			return etags{}, false
		}
		end := strings.IndexByte(tag[1:], '"')
		if end < 0 || strings.ContainsFunc(tag[:end+1], isControl) {
			return etags{}, false
		}
		after := strings.TrimLeft(tag[end+2:], space)
		if after != "" && after[0] != ',' {
			return etags{}, false
		}
		e.tags = append(e.tags, rest[:len(rest)-len(tag)+end+2])
		rest = after
	}
}

func isControl(r rune) bool { return r < ' ' || r == 0x7f }

// has reports whether the ETag of something is among them. A weak one is never the same.
func (e etags) has(tag string) bool { return e.any || slices.Contains(e.tags, tag) }

// hasWeakly is has where it is enough that either is weak.
func (e etags) hasWeakly(tag string) bool {
	return e.any || slices.ContainsFunc(e.tags, func(t string) bool {
		return strings.TrimPrefix(t, "W/") == strings.TrimPrefix(tag, "W/")
	})
}

// conditions are those under which a request is to be carried out. Those that weren't given are nil.
type conditions struct{ match, noneMatch *etags }

const (
	ifMatch     = "If-Match"
	ifNoneMatch = "If-None-Match"
)

// readConditions reads the conditions of a request.
func readConditions(h http.Header) (conditions, error) {
	read := func(name string) (*etags, error) {
		lines := h.Values(name)
		if len(lines) == 0 {
			return nil, nil
		}
		e, ok := parseETags(strings.Join(lines, ","))
		if !ok {
			return nil, newHTTPError(http.StatusBadRequest, "etag.unreadable", "header", name)
		}
		return &e, nil
	}
	match, err := read(ifMatch)
	if err != nil {
		return conditions{}, err
	}
	noneMatch, err := read(ifNoneMatch)
	return conditions{match, noneMatch}, err
}

// matched reports whether what has the ETag is what If-Match names, if there is one.
func (c conditions) matched(tag string) bool { return c.match == nil || c.match.has(tag) }

// unseen reports whether what has the ETag is none of what If-None-Match names, if there is one.
func (c conditions) unseen(tag string) bool { return c.noneMatch == nil || !c.noneMatch.hasWeakly(tag) }

// forChange returns what must hold of something so that it may be changed, or nil if nothing must.
func forChange[T any](ctx context.Context, etag func(T) string) func(T) bool {
	c := conditionsOf(ctx)
	if c == (conditions{}) {
		return nil
	}
	return func(what T) bool { return c.matched(etag(what)) && c.unseen(etag(what)) }
}

// forReading returns the status of an answer that shows what has the ETag, which is 304 if they have it already.
func forReading(ctx context.Context, etag string) (status int, err error) {
	switch c := conditionsOf(ctx); {
	case !c.matched(etag):
		return 0, errStale
	case !c.unseen(etag):
		return http.StatusNotModified, nil
	}
	return http.StatusOK, nil
}

// tagOf returns the ETag of what is made of some parts. It is weak, as a page is the same however it is compressed.
func tagOf(parts ...[]byte) string {
	sum := sha256.New()
	for _, part := range parts {
		_, _ = sum.Write(binary.AppendUvarint(nil, uint64(len(part)))) // a hash takes everything
		_, _ = sum.Write(part)
	}
	return `W/"` + base64.RawURLEncoding.EncodeToString(sum.Sum(nil)[:16]) + `"`
}

// hasPage reports whether a browser has the page with the ETag already.
func hasPage(r *http.Request, etag string) bool {
	lines := r.Header.Values(ifNoneMatch)
	if len(lines) == 0 {
		return false
	}
	has, ok := parseETags(strings.Join(lines, ","))
	return ok && has.hasWeakly(etag)
}

// keepPage tells a browser to keep the page that it has, with the headers that it came with: browsers put those of this answer
// in the place of them, the policy above all.
func keepPage(c echo.Context, etag string) error {
	h := c.Response().Header()
	h["Content-Security-Policy"], h["Cache-Control"], h["Vary"], h["Etag"] = policyOfPages, privateNoCache, varies, []string{etag}
	return c.NoContent(http.StatusNotModified)
}

// pageTag returns the ETag of the page at the address of a request: of what it shows by their versions, of what is
// beside that as it is, and of what every page shows.
func (s *server) pageTag(c echo.Context, access domain.ReadAccess, version string, beside ...string) string {
	r := c.Request()
	who := admitted(c)
	return s.versionTag(r.Context(), access, r.RequestURI, version,
		append(beside, who.beside.Searches, who.beside.Spaces, string(who.grant.Role()))...)
}

// versionTag returns the ETag of what a reader gets at an address, of whatever is shown there: by versions, and what is beside
// that as it is.
func (s *server) versionTag(ctx context.Context, access domain.ReadAccess, address, version string, beside ...string) string {
	parts := [][]byte{
		[]byte(s.build), []byte(s.url), []byte(lang.From(ctx).Tag()), []byte(access.User()), []byte(access.Space()), []byte(address), []byte(version),
	}
	for _, text := range beside {
		parts = append(parts, []byte(text))
	}
	return tagOf(parts...)
}

type conditionsKey struct{}

func conditionsOf(ctx context.Context) conditions {
	c, _ := ctx.Value(conditionsKey{}).(conditions)
	return c
}

var errStale = newHTTPError(http.StatusPreconditionFailed, "etag.stale")

// The parameters of operations that heed conditions.
var (
	changeOnly = conditionParam(ifMatch, `Change it only if its ETag is among these, separated by commas, or * for any; otherwise the answer is 412`, `"1"`)
	readOnly   = conditionParam(ifNoneMatch, `The ETags that you have, separated by commas; if its ETag is among them, the answer is 304 and empty`, `"1"`)
)

func conditionParam(name, description, example string) *huma.Param {
	return &huma.Param{Name: name, In: "header", Description: description, Schema: &huma.Schema{Type: "string"}, Example: example}
}

// required returns the parameter as one that must be given.
func required(p *huma.Param) *huma.Param {
	must := *p
	must.Required = true
	return &must
}

// unchanged describes the answer to a reader who has it already. huma adds the others.
func unchanged() map[string]*huma.Response {
	return map[string]*huma.Response{"304": {Description: "It is what the reader has"}}
}
