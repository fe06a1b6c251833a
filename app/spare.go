package app

import (
	"context"
	"errors"
	"sync"
	"time"

	"octavo/domain"
)

// spareSessions are those that a full disk had no room for: whoever comes to make room can sign in. They live in this
// instance until they can be stored, or for spareLife. The zero value is ready for use.
type spareSessions struct {
	mu  sync.Mutex
	all map[domain.TokenHash]*spareSession
}

// spareSession is a session and what it was opened with.
type spareSession struct {
	session domain.Session
	ticket  usedTicket
	tried   time.Time // when it was last to be stored
	over    bool      // stored, or ended; the ticket stays used
}

// usedTicket is a ticket, and what it is remembered by once it has been used.
type usedTicket struct {
	domain.Ticket
	hash domain.TokenHash
}

const (
	spareLife = time.Hour // more than that of a ticket, which is used once here as well
	spareGap  = time.Minute
	maxSpare  = 16
)

// add keeps a session. It reports ErrTicketUsed when its ticket has opened another one, and StorageFull when there are
// too many.
func (s *spareSessions) add(session domain.Session, ticket usedTicket) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for token, kept := range s.all {
		if kept.ticket.hash == ticket.hash {
			return domain.ErrTicketUsed
		}
		if session.Created.Sub(kept.session.Created) >= spareLife {
			delete(s.all, token)
		}
	}
	if len(s.all) >= maxSpare {
		return domain.StorageFull
	}
	if s.all == nil {
		s.all = map[domain.TokenHash]*spareSession{}
	}
	s.all[session.Token] = &spareSession{session: session, ticket: ticket, tried: session.Created}
	return nil
}

func (s *spareSession) opens(now time.Time) bool {
	return !s.over && s.session.Opens(now) && now.Sub(s.session.Created) < spareLife
}

// get returns the session with the token and the ticket that opened it, and stores it if there is room by now.
func (s *spareSessions) get(ctx context.Context, transactions domain.Transactions, token domain.TokenHash, now time.Time) (
	domain.Session, domain.Ticket, error,
) {
	s.mu.Lock()
	kept := s.all[token]
	if kept == nil || !kept.opens(now) {
		s.mu.Unlock()
		return domain.Session{}, domain.Ticket{}, domain.ErrSessionNotFound
	}
	found, due := *kept, now.Sub(kept.tried) >= spareGap
	if due {
		kept.tried = now
	}
	s.mu.Unlock()
	if !due {
		return found.session, found.ticket.Ticket, nil
	}
	err := storeSession(ctx, transactions, found.session, found.ticket, "", now)
	if err == nil || errors.Is(err, domain.Unauthenticated) {
		s.remove(func(session domain.Session) bool { return session.Token == token })
	}
	if errors.Is(err, domain.Unauthenticated) {
		return domain.Session{}, domain.Ticket{}, domain.ErrSessionNotFound
	}
	return found.session, found.ticket.Ticket, nil
}

// find returns the session with the token, if it keeps that.
func (s *spareSessions) find(token domain.TokenHash, now time.Time) (session domain.Session, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	kept := s.all[token]
	if kept == nil || !kept.opens(now) {
		return domain.Session{}, false
	}
	return kept.session, true
}

// confirm has the user of the session with the token, if it keeps that, have proved who they are.
func (s *spareSessions) confirm(token domain.TokenHash, now time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if kept := s.all[token]; kept != nil {
		kept.session.Confirmed = now
	}
}

// list returns the sessions of a user.
func (s *spareSessions) list(user domain.ID, now time.Time) (sessions []domain.Session) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, kept := range s.all {
		if kept.session.User == user && kept.opens(now) {
			sessions = append(sessions, kept.session)
		}
	}
	return sessions
}

// remove ends the sessions that ends picks, and returns how many.
func (s *spareSessions) remove(ends func(domain.Session) bool) (n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, kept := range s.all {
		if !kept.over && ends(kept.session) {
			kept.over = true
			n++
		}
	}
	return n
}

// storeSession stores a session in place of the one with the token instead, if there is one, and that its ticket has
// been used.
func storeSession(ctx context.Context, transactions domain.Transactions, session domain.Session,
	ticket usedTicket, instead domain.TokenHash, now time.Time,
) error {
	return transactions.Atomically(ctx, func(repos domain.Repos) error {
		if err := opensFor(ticket.Ticket)(repos.Users().Hold(ctx, session.User)); err != nil {
			return err
		}
		err := repos.Sessions().UseTicket(ctx, ticket.hash, now)
		if errors.Is(err, domain.Conflict) {
			return domain.ErrTicketUsed
		}
		if err != nil {
			return err
		}
		if err := repos.Sessions().Remove(ctx, instead); err != nil {
			return err
		}
		return repos.Sessions().Add(ctx, session)
	})
}
