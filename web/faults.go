package web

import (
	"context"
	"log/slog"
	"regexp"
	"strings"
)

// fault logs what is our fault, and the same one once a second at most: when a database goes away each request fails. It
// returns the id of the request under which the log has it.
func (j *journal) fault(ctx context.Context, err error, attrs ...slog.Attr) (reference string) {
	log := func(text, reference string, attrs ...slog.Attr) {
		j.log.LogAttrs(ctx, slog.LevelError, text, append([]slog.Attr{slog.String("request_id", reference)}, attrs...)...)
	}
	id := requestID(ctx)
	return j.faults.tell(commonOf(err), id,
		func() { log("request failed", id, append(attrs, slog.Any("error", err))...) },
		func(reference string, again int) {
			log("requests failed in the same way", reference, slog.Int("count", again))
		})
}

// commonOf returns what the same faults have in common: addresses, ports and numbers of lines differ.
func commonOf(err error) string {
	line, _, _ := strings.Cut(err.Error(), "\n") // a panic goes on with its stack
	return numbers.ReplaceAllString(line, "0")
}

var numbers = regexp.MustCompile(`[0-9]+`)
