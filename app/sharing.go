package app

import (
	"context"
	"errors"
	"io"
	"net/netip"
	"sync"
	"time"

	"octavo/domain"
)

// Sharing is what people share by a link, and what comes in by one.
//
// Nothing tells a visitor whether a link opens nothing any more or never has: whatever it is, is ErrShareNotFound, and so is
// a note that isn't among those that the share shows. What a link opens stays in here: nobody else has the access.
type Sharing struct {
	transactions domain.Transactions
	clock        domain.Clock
	accounts     *Accounts
	shares       func(domain.ReadAccess) domain.ShareReader
	write        func(domain.WriteAccess) domain.Shares
	byLink       domain.ShareLinks
	read         func(domain.ReadAccess) domain.NoteReader
	tags         func(domain.ReadAccess) domain.Tags
	notes        *Notes
	editing      *Editing
	links        *Links
	files        *Files
	visits       *visitCounts
}

// Sharing returns the use cases of what is shared, by people who sign in with accounts.
func (a *App) Sharing(accounts *Accounts) *Sharing {
	return &Sharing{
		transactions: a.store, clock: a.clock, accounts: accounts, shares: a.store.ReadShares, write: a.store.Shares,
		byLink: a.store.ShareLinks(), read: a.store.ReadNotes, tags: a.store.Tags, notes: a.Notes(), editing: a.Editing(),
		links: a.Links(), files: a.Files(), visits: &a.visits,
	}
}

// Make makes a share of a note, or of the notes of a tag, and returns its secret as well, which nothing tells again. The actor
// came by a session. It is Invalid and Forbidden as domain.WriteAccess.Share and domain.CheckNewShare say, NotFound when
// there is nothing to share, and Unauthenticated when the session has ended meanwhile.
func (s *Sharing) Make(ctx context.Context, access domain.WriteAccess, session domain.TokenHash, draft domain.ShareDraft) (
	made domain.Share, secret string, err error,
) {
	made, secret, err = access.Share(ctx, draft, s.clock.Now())
	if err != nil {
		return domain.Share{}, "", err
	}
	err = s.stillIn(ctx, access, session, func(repos domain.Repos) error {
		if err := shareable(ctx, repos, access.Read(), made); err != nil {
			return err
		}
		had, err := repos.Shares(access).List(ctx)
		if err != nil {
			return err
		}
		if err := domain.CheckNewShare(had, made); err != nil {
			return err
		}
		return repos.Shares(access).Add(ctx, made)
	})
	if err != nil {
		return domain.Share{}, "", err
	}
	return made, secret, nil
}

// stillIn runs fn in a transaction while whoever has the access isn't kept out and their session lasts, so that nothing which
// outlives it is made afterwards, and that two who make something at once are checked in turn.
func (s *Sharing) stillIn(ctx context.Context, access domain.WriteAccess, session domain.TokenHash, fn func(domain.Repos) error) error {
	return s.transactions.Atomically(ctx, func(repos domain.Repos) error {
		user, err := repos.Users().Hold(ctx, access.User())
		if err != nil {
			return err
		}
		if user.Disabled { // since a moment ago
			return domain.ErrSignedOut
		}
		if err := s.accounts.stillIn(ctx, repos, session); err != nil {
			return err
		}
		return fn(repos)
	})
}

// shareable returns NotFound when there is nothing that a share would show.
func shareable(ctx context.Context, repos domain.Repos, access domain.ReadAccess, share domain.Share) error {
	if share.Note == "" {
		_, err := tagCount(ctx, repos.Tags(access), share.Tag)
		return err
	}
	n, err := repos.ReadNotes(access).Get(ctx, share.Note)
	if err == nil && !share.Shows(n) {
		err = domain.ErrNoteTrashed
	}
	return err
}

// Renew gives a share another link, whose secret it returns, and ends the one that there was. It is NotFound when the share
// isn't there, Forbidden as domain.WriteAccess.Renew says, and Unauthenticated when the session has ended meanwhile.
func (s *Sharing) Renew(ctx context.Context, access domain.WriteAccess, session domain.TokenHash, id domain.ID) (
	renewed domain.Share, secret string, err error,
) {
	if err := access.MayEdit(); err != nil { // whoever may not isn't told whether there is such a share
		return domain.Share{}, "", err
	}
	err = s.stillIn(ctx, access, session, func(repos domain.Repos) error {
		share, err := repos.Shares(access).Get(ctx, id)
		if err != nil {
			return err
		}
		if renewed, secret, err = access.Renew(share, s.clock.Now()); err != nil {
			return err
		}
		return repos.Shares(access).SetSecret(ctx, id, renewed.Secret)
	})
	if err != nil {
		return domain.Share{}, "", err
	}
	return renewed, secret, nil
}

// Revoke has a share open nothing from the next request on, and returns what it was. It is NotFound when it isn't there.
func (s *Sharing) Revoke(ctx context.Context, access domain.WriteAccess, id domain.ID) (domain.Share, error) {
	if err := access.MayEdit(); err != nil {
		return domain.Share{}, err
	}
	share, err := s.shares(access.Read()).Get(ctx, id)
	if err != nil {
		return domain.Share{}, err
	}
	return share, s.write(access).Remove(ctx, id)
}

// List returns the shares of a space, those that have expired too, the last made first.
func (s *Sharing) List(ctx context.Context, access domain.ReadAccess) ([]domain.ListedShare, error) {
	return s.shares(access).List(ctx)
}

// Visit is a visitor who has come by a link that opens something. Only Open makes one.
type Visit struct{ access domain.ShareAccess }

// Share returns whose link it is.
func (v Visit) Share() domain.Share { return v.access.Share() }

// Open returns what whoever has a secret may see, in a browser that shows that a password has been said, by what Unlock has
// given it. It is ErrShareLocked where the password is missing.
func (s *Sharing) Open(ctx context.Context, secret, pass string) (Visit, error) {
	v, key, err := s.open(ctx, secret)
	if err == nil && !v.Share().Passed(key, pass) {
		return Visit{}, domain.ErrShareLocked
	}
	return v, err
}

func (s *Sharing) open(ctx context.Context, secret string) (v Visit, key []byte, err error) {
	if !domain.IsShareSecret(secret) {
		return Visit{}, nil, domain.ErrShareNotFound
	}
	share, member, err := s.byLink.Admit(ctx, domain.HashToken(secret))
	if err != nil {
		return Visit{}, nil, err
	}
	if v.access, err = share.Access(member, s.clock.Now()); err != nil {
		return Visit{}, nil, err
	}
	key, err = s.accounts.keys.SignIn()
	return v, key, err
}

// Unlock returns by what a browser shows that the password of a share has been said, and the share. A wrong password is
// ErrShareLocked. Too many tries are TooMany; they are counted beforehand, so that those that come at once count too.
func (s *Sharing) Unlock(ctx context.Context, secret, password string, address netip.Addr) (pass string, share domain.Share, err error) {
	v, key, err := s.open(ctx, secret)
	if err != nil {
		return "", domain.Share{}, err
	}
	share = v.Share()
	if share.Password == "" {
		return "", share, nil
	}
	err = s.accounts.trying(ctx, share.PasswordAllowances(address), func() error {
		right, err := share.Password.Matches(ctx, password)
		if err == nil && !right {
			err = domain.ErrShareLocked
		}
		return err
	})
	if err != nil {
		return "", share, err
	}
	return share.Pass(key), share, nil
}

// Visited counts a visit, when there is time for it.
func (s *Sharing) Visited(v Visit) { s.visits.add(v.Share().ID, domain.VisitDay(s.clock.Now())) }

// Shared is a note that a share shows, with the files that it shows itself: nothing of other notes.
type Shared struct {
	domain.Note
	Targets Targets
}

// Shows reports whether a file is one of the note's.
func (n Shared) Shows(hash domain.FileHash) bool {
	if _, addressed := n.Targets.Files[hash]; addressed {
		return true
	}
	for _, target := range n.Targets.Titles {
		if target.File.Hash == hash {
			return true
		}
	}
	return false
}

// Note returns a note that the share shows: its own where the id is "".
func (s *Sharing) Note(ctx context.Context, v Visit, id domain.ID) (Shared, error) {
	n, err := s.note(ctx, v, id)
	if err != nil {
		return Shared{}, err
	}
	shown := Shared{Note: n}
	if shown.Targets, err = s.links.Targets(ctx, v.access.Read(), n.Content); err != nil {
		return Shared{}, err
	}
	for title, target := range shown.Targets.Titles {
		// A file that has come later under a name which the note says was meant by nobody who wrote it.
		if target.Note.ID != "" || target.File.Hash == "" || target.File.Created.After(n.Updated) {
			delete(shown.Targets.Titles, title)
		}
	}
	return shown, nil
}

func (s *Sharing) note(ctx context.Context, v Visit, id domain.ID) (domain.Note, error) {
	if id == "" {
		id = v.Share().Note
	}
	n, err := s.read(v.access.Read()).Get(ctx, id)
	if errors.Is(err, domain.NotFound) || err == nil && !v.Share().Shows(n) {
		return domain.Note{}, domain.ErrShareNotFound
	}
	return n, err
}

// Notes returns a page of at most limit notes of the share's tag, as Notes.List does. Where there are none it is NotFound, as
// for the share of a note.
func (s *Sharing) Notes(ctx context.Context, v Visit, after string, limit int) (NotePage, error) {
	if v.Share().Tag == "" {
		return NotePage{}, domain.ErrShareNotFound
	}
	filter := domain.NoteFilter{State: domain.Active, Tag: v.Share().Tag.Key()}
	page, err := s.notes.List(ctx, v.access.Read(), filter, after, limit)
	if err == nil && len(page.Notes) == 0 && after == "" {
		err = domain.ErrShareNotFound
	}
	return page, err
}

// Tick is Editing.ToggleTask by a link.
func (s *Sharing) Tick(ctx context.Context, v Visit, id domain.ID, base, n int) error {
	return s.change(ctx, v, id, func(access domain.WriteAccess, id domain.ID) error {
		_, err := s.editing.ToggleTask(ctx, access, id, base, n)
		return err
	})
}

// AddLines is Editing.AddLines by a link.
func (s *Sharing) AddLines(ctx context.Context, v Visit, id domain.ID, base int, lines string) error {
	return s.change(ctx, v, id, func(access domain.WriteAccess, id domain.ID) error {
		_, err := s.editing.AddLines(ctx, access, id, base, lines)
		return err
	})
}

// change changes a note that the share shows. More changes than there may be are TooMany.
func (s *Sharing) change(ctx context.Context, v Visit, id domain.ID, change func(domain.WriteAccess, domain.ID) error) error {
	n, err := s.note(ctx, v, id)
	if err != nil {
		return err
	}
	access, err := v.access.Write()
	if err != nil {
		return err
	}
	allowed := v.Share().ChangeAllowance(n)
	wait, err := s.accounts.attempts.Try(ctx, allowed.Key, allowed.Limit, s.clock.Now())
	if err != nil {
		return err
	}
	if wait > 0 {
		return domain.NewTooMany(wait)
	}
	return change(access, n.ID)
}

// File is Files.Open for a file that the note with an id shows.
func (s *Sharing) File(ctx context.Context, v Visit, note domain.ID, hash domain.FileHash) (domain.File, io.ReadSeekCloser, error) {
	n, err := s.Note(ctx, v, note)
	if err != nil {
		return domain.File{}, nil, err
	}
	if !n.Shows(hash) {
		return domain.File{}, nil, domain.ErrShareNotFound
	}
	return s.files.Open(ctx, v.access.Read(), hash)
}

// visitCounts are the visits that are yet to be counted, so that no visitor waits for that.
type visitCounts struct {
	mu    sync.Mutex
	since map[domain.ID]domain.ShareVisits
}

func (c *visitCounts) add(share domain.ID, today time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.since == nil {
		c.since = map[domain.ID]domain.ShareVisits{}
	}
	c.since[share] = domain.ShareVisits{Count: c.since[share].Count + 1, Day: today}
}

func (c *visitCounts) take() map[domain.ID]domain.ShareVisits {
	c.mu.Lock()
	defer c.mu.Unlock()
	since := c.since
	c.since = nil
	return since
}

// putBack has visits counted later that couldn't be.
func (c *visitCounts) putBack(visits map[domain.ID]domain.ShareVisits) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for share, later := range c.since {
		visits[share] = domain.ShareVisits{Count: visits[share].Count + later.Count, Day: later.Day}
	}
	c.since = visits
}

// StoreVisits counts the visits that haven't been counted. It is for the background, once a minute.
func (s *Sharing) StoreVisits(ctx context.Context) error {
	visits := s.visits.take()
	if len(visits) == 0 {
		return nil
	}
	err := s.byLink.CountVisits(ctx, visits)
	if err != nil {
		s.visits.putBack(visits)
	}
	return err
}
