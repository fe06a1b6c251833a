// Package app holds the use cases: what a person or a program can do with Octavo, one service for each feature. A
// service checks nothing that an entity checks and knows neither HTTP nor SQL.
package app

import (
	"context"

	"octavo/domain"
)

// App is all that can be done with what a store keeps. Each feature's file has the method that returns its service: what
// reads takes a domain.ReadAccess, which Spaces gives to members, and what writes a domain.WriteAccess. What
// somebody's role doesn't let them do is Forbidden. Accounts stand apart: they tell who somebody is.
type App struct {
	store domain.Store
	blobs domain.Blobs
	clock domain.Clock
	quota domain.UploadQuota

	visits visitCounts
}

// New returns the use cases over store, with the contents of files in blobs.
func New(store domain.Store, blobs domain.Blobs, clock domain.Clock) *App {
	return &App{store: narrowed{store}, blobs: blobs, clock: clock}
}

// LimitUploads sets how much the files of each space may take up, before Files is called. There is no limit otherwise.
func (a *App) LimitUploads(quota domain.UploadQuota) { a.quota = quota }

// Ready returns nil when the database answers.
func (a *App) Ready(ctx context.Context) error { return a.store.Ping(ctx) }
