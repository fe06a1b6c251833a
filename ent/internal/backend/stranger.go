package backend

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"net"
	"os"
	"time"
)

// The servers that there are.
const (
	postgresServer = "PostgreSQL"
	mysqlServer    = "MySQL"
)

// stranger returns what is at an address at which a server doesn't answer like one, for people to read, or "" when it is
// such a server, or nothing can be reached.
func stranger(ctx context.Context, server, network, address string) string {
	c, err := (&net.Dialer{Timeout: connectTimeout}).DialContext(ctx, network, address)
	if err != nil {
		return ""
	}
	defer func() { _ = c.Close() }()
	for _, step := range []struct {
		say  string
		wait time.Duration
	}{
		{"", time.Second / 2},                             // MySQL speaks first
		{"\x00\x00\x00\x08\x04\xd2\x16\x2f", time.Second}, // PostgreSQL's question of whether TLS is wanted
		{"\r\n\r\n", time.Second},                         // the end of what others may take for a request
	} {
		_ = c.SetDeadline(time.Now().Add(step.wait)) // an error of it is one of what follows
		_, err := c.Write([]byte(step.say))
		answer := make([]byte, 16)
		n, readErr := c.Read(answer)
		switch answer = answer[:n]; {
		case n > 0 && server == whose(answer):
			return ""
		case n > 0 && whose(answer) == mysqlServer:
			return "what answers there is MySQL or MariaDB"
		case n > 0:
			return "what answers there is " + cmp.Or(whose(answer), "something else")
		case !errors.Is(errors.Join(err, readErr), os.ErrDeadlineExceeded):
			return "what is there hangs up without a word"
		}
	}
	return "what is there takes connections, and says nothing"
}

// whose returns what a server is that begins to answer like this, or "" for one that isn't known.
func whose(answer []byte) string {
	switch {
	case bytes.HasPrefix(answer, []byte("HTTP/")):
		return "an HTTP server"
	case len(answer) > 4 && answer[3] == 0 && (answer[4] == 10 || answer[4] == 0xff): // a greeting, or a refusal
		return mysqlServer
	case len(answer) == 1 && (answer[0] == 'S' || answer[0] == 'N'), answer[0] == 'E':
		return postgresServer
	}
	return ""
}
