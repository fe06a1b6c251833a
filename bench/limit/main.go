// Command limit is the yardstick of the benchmarks: Octavo's list, note and create pages written by hand, with net/http
// and prepared statements, on a database that Octavo has made. It looks sessions up, sends the same bytes and makes
// writes as durable as Octavo does. It keeps no page and no row from one request to the next: what it costs is what the
// work costs. Only the rendered Markdown comes from Octavo's own package, which remembers it in both programs.
//
// Its GET /ids?q=&limit= is what a search costs at least: the session, one query of the index that Octavo has filled
// (FTS5 or a tsvector), and the ids of the notes on lines.
//
// It reads HTTP_ADDR, and DATABASE_URL (of PostgreSQL) or else SQLITE_PATH, from the environment, as Octavo does.
package main

import (
	"context"
	"errors"
	"log"
	"net"
	"net/http"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"
	"time"
)

func main() {
	debug.SetGCPercent(400)
	cutPages()
	if err := run(); err != nil {
		log.Fatal(err)
	}
}

func run() error {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	defer stop()
	s, err := open(ctx, os.Getenv("DATABASE_URL"), os.Getenv("SQLITE_PATH"))
	if err != nil {
		return err
	}
	defer s.close()
	_, port, err := net.SplitHostPort(os.Getenv("HTTP_ADDR"))
	if err != nil {
		return err
	}
	s.cookie = "octavo_" + port
	server := &http.Server{
		Addr:              os.Getenv("HTTP_ADDR"),
		Handler:           s.handler(),
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       30 * time.Second,
		WriteTimeout:      60 * time.Second,
		IdleTimeout:       120 * time.Second,
	}
	go func() {
		<-ctx.Done()
		_ = server.Close()
	}()
	if err := server.ListenAndServe(); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}
