package web

import (
	"net/http"
	"sync"
	"time"

	"github.com/labstack/echo/v4"
)

// What a reader doesn't take isn't kept.
const (
	chunk      = 64 << 10         // bytes that are written at once
	chunkTime  = 15 * time.Second // for a reader to take a chunk
	maxUntaken = 32 << 20         // bytes of answers that wait for their readers
)

// deliveries are the answers that are being written.
type deliveries struct {
	mu      sync.Mutex
	untaken int64
	all     map[*delivery]struct{}
}

// delivery is an answer that is being written: as long as its reader takes it. The one whose reader has taken nothing for
// longest ends when there is too much of them all.
type delivery struct {
	http.ResponseWriter
	of       *deliveries
	control  *http.ResponseController
	held     int64     // bytes in memory
	progress time.Time // when the reader last took something
	over     bool
}

// deliver begins to write an answer of which so many bytes are in memory. All that is left to do for the request is to
// wait for its reader, so it leaves its places. The caller ends the delivery.
func (of *deliveries) deliver(c echo.Context, held int) *delivery {
	placesOf(c).leaveAll()
	d := &delivery{ResponseWriter: c.Response(), of: of, control: http.NewResponseController(c.Response())}
	if c.Request().Body == http.NoBody {
		_ = d.control.SetReadDeadline(time.Time{}) // it has been read, and its answer may take longer
	}
	d.of.mu.Lock()
	defer d.of.mu.Unlock()
	d.progress, d.held = time.Now(), int64(held)
	d.of.all[d] = struct{}{}
	for d.of.untaken += d.held; d.of.untaken > maxUntaken && d.of.endSlowest(d); {
	}
	return d
}

// endSlowest ends the delivery, but for one, whose reader has taken nothing for longest, if there is any.
func (of *deliveries) endSlowest(except *delivery) bool {
	var slowest *delivery
	for d := range of.all {
		if d != except && (slowest == nil || d.progress.Before(slowest.progress)) {
			slowest = d
		}
	}
	if slowest == nil {
		return false
	}
	slowest.finish()
	_ = slowest.control.SetWriteDeadline(time.Now()) // its writer, who waits, gets an error
	return true
}

func (d *delivery) finish() {
	d.over = true
	d.of.untaken -= d.held
	d.held = 0
	delete(d.of.all, d)
}

// end ends the delivery, which has been taken or not.
func (d *delivery) end() {
	d.of.mu.Lock()
	defer d.of.mu.Unlock()
	d.finish()
}

// Write writes p as its reader takes it.
func (d *delivery) Write(p []byte) (n int, err error) {
	for n < len(p) && err == nil {
		if !d.allow() {
			return n, http.ErrHandlerTimeout
		}
		var taken int
		taken, err = d.ResponseWriter.Write(p[n:min(len(p), n+chunk)])
		n += taken
	}
	return n, err
}

// allow gives the reader time for another chunk, unless the delivery is over.
func (d *delivery) allow() bool {
	d.of.mu.Lock()
	defer d.of.mu.Unlock()
	if d.over {
		return false
	}
	d.progress = time.Now()
	_ = d.control.SetWriteDeadline(d.progress.Add(chunkTime)) // fails where there are no deadlines
	return true
}
