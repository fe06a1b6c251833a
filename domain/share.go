package domain

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"net/netip"
	"slices"
	"strings"
	"time"

	"octavo/domain/markup"
	"octavo/domain/password"
)

// ShareRight is what whoever has the link of a share may do.
type ShareRight string

// The rights, each of which lets do all that those before it let do.
const (
	ShareRead   ShareRight = "read"
	ShareTick   ShareRight = "tick"   // and ticks boxes
	ShareAppend ShareRight = "append" // and adds lines at the end
)

// AllShareRights returns the rights, the least first.
func AllShareRights() []ShareRight { return []ShareRight{ShareRead, ShareTick, ShareAppend} }

// The bounds of shares, and of what comes in by one.
const (
	MaxShares    = 100     // that a user has in a space
	MaxShareDays = 365     // that one is good for
	MaxLines     = 4 << 10 // bytes that are added at once
	sharedBytes  = 4 << 20 // of texts that changes by one share may leave in the history, within TriesWindow
	mostChanges  = 240     // by one share within TriesWindow, of however short a text
	leastChanges = 10      // of however long a one
)

// Share lets whoever has its link see a note, or the notes of a tag, without an account, and perhaps add to them.
type Share struct {
	ID       ID
	Secret   TokenHash
	Space    ID
	By       ID  // on whose behalf: it opens no more than they may share
	Note     ID  // or "" for that of a tag
	Tag      Tag // or "" for that of a note
	Right    ShareRight
	Password password.Hash // that a visitor says as well, or "" for none
	Created  time.Time
	Expires  time.Time // zero for never
	Visits   int
	Visited  time.Time // the day of the last visit, zero while there was none
	Changes  int       // that have come in by it
}

// ShareDraft is what somebody wants of a new share, of either a note or a tag.
type ShareDraft struct {
	Note     ID
	Tag      Tag
	Right    ShareRight
	Days     int    // that it is good for, or 0 for ever
	Password string // or "" for none
}

// Share returns a new share of a note, or of the notes of a tag, and the secret of its link, which is not kept. It is Forbidden
// as MayEdit says, and Invalid when the right is none, the time too long or the password not good enough.
func (a WriteAccess) Share(ctx context.Context, draft ShareDraft, now time.Time) (s Share, secret string, err error) {
	if err := a.MayEdit(); err != nil {
		return Share{}, "", err
	}
	s = Share{
		ID: NewID(), Space: a.Space(), By: a.User(), Note: draft.Note, Tag: draft.Tag, Right: draft.Right, Created: now,
	}
	var wrong []FieldError
	if !slices.Contains(AllShareRights(), draft.Right) {
		wrong = append(wrong, NewFieldError("right", "share.right.unknown"))
	}
	if draft.Days < 0 || draft.Days > MaxShareDays {
		wrong = append(wrong, NewFieldError("days", "share.days", "limit", MaxShareDays))
	}
	if draft.Password != "" {
		wrong = append(wrong, wrongPassword(draft.Password, "")...)
	}
	if len(wrong) > 0 {
		return Share{}, "", NewInvalid(wrong...)
	}
	if draft.Days > 0 {
		s.Expires = now.AddDate(0, 0, draft.Days)
	}
	if draft.Password != "" {
		if s.Password, err = password.New(ctx, draft.Password); err != nil {
			return Share{}, "", err
		}
	}
	secret = newShareSecret()
	s.Secret = HashToken(secret)
	return s, secret, nil
}

// Renew returns a share with another secret, and that: the link that there was opens nothing any more. It is Forbidden as
// MayEdit says, and for the share of somebody else, and a Conflict for one that has expired.
func (a WriteAccess) Renew(s Share, now time.Time) (renewed Share, secret string, err error) {
	if err := a.MayEdit(); err != nil {
		return Share{}, "", err
	}
	if s.By != a.User() {
		return Share{}, "", errOthersShare
	}
	if s.Expired(now) {
		return Share{}, "", errShareExpired
	}
	secret = newShareSecret()
	s.Secret = HashToken(secret)
	return s, secret, nil
}

// CheckNewShare returns nil when somebody may have a share besides those that there are in the space, and what speaks against
// it otherwise.
func CheckNewShare(had []ListedShare, s Share) error {
	count := 0
	for _, other := range had {
		if other.By == s.By {
			count++
		}
	}
	if count >= MaxShares {
		return ErrTooManyShares
	}
	return nil
}

// A link's secret is 130 random bits, in letters and digits that no program takes for the end of a link, and that survive being
// read out.
const (
	shareSecretSize     = 26
	shareSecretAlphabet = "abcdefghijklmnopqrstuvwxyz234567"
)

func newShareSecret() string {
	return strings.ToLower(rand.Text()) // never fails: crypto/rand ends the program instead
}

// IsShareSecret reports whether a text may be the secret of a share, by its form alone.
func IsShareSecret(text string) bool {
	return len(text) == shareSecretSize && strings.Trim(text, shareSecretAlphabet) == ""
}

// Expired reports whether the share opens nothing any more at now.
func (s Share) Expired(now time.Time) bool { return !s.Expires.IsZero() && !now.Before(s.Expires) }

// May reports whether the right of the share is enough for one.
func (s Share) May(right ShareRight) bool {
	all := AllShareRights()
	return slices.Index(all, s.Right) >= slices.Index(all, right)
}

// Shows reports whether a note is among those that the share is of: not while it is in the trash and, of a tag, as long as
// lists show it.
func (s Share) Shows(n Note) bool {
	if s.Note != "" {
		return n.ID == s.Note && n.State != Trashed
	}
	return n.State == Active && slices.ContainsFunc(n.AllTags(), func(t Tag) bool { return t.within(s.Tag.Key()) })
}

// mayChange is WriteAccess.MayChange for whoever has come by the link.
func (s Share) mayChange(before, after Note) error {
	switch {
	case !s.Shows(before):
		return ErrShareNotFound
	case after.Title != before.Title || frontMatter(after) != frontMatter(before):
	case s.May(ShareAppend) && after.addsTo(before):
		return after.showsNoMoreThan(before)
	case s.May(ShareTick) && after.addsTo(before) && len(after.Content) == len(before.Content):
		return nil
	}
	return errShareRight
}

func frontMatter(n Note) string { return markup.NewFrontMatter(n.Content).Text }

// showsNoMoreThan returns nil unless the note shows a file that it didn't show before, or is shown where it wasn't. What a share
// is of shows its files, so whoever may only add to it could see any file by naming it, and by a tag have what others share show
// the note.
func (n Note) showsNoMoreThan(before Note) error {
	for _, tag := range n.AllTags() {
		if !slices.ContainsFunc(before.AllTags(), func(had Tag) bool { return had.Key() == tag.Key() }) {
			return errNewTag
		}
	}
	shown := before.namedFiles()
	for name := range n.namedFiles() {
		if !shown[name] {
			return errNewFile
		}
	}
	return nil
}

// namedFiles returns which files the note may show, by their hashes and by the keys of their names.
func (n Note) namedFiles() map[string]bool {
	files := map[string]bool{}
	for _, hash := range markup.FilesIn(n.Content) {
		files[hash] = true
	}
	for _, link := range markup.NewOutline(n.Content).Links {
		if name := link.FileName(); name != "" {
			files[TitleKey(name)] = true
		}
	}
	return files
}

// WithLines returns what the note becomes by lines that somebody adds at its end. They are Invalid when there is nothing in
// them, or too much.
func (n Note) WithLines(lines string) (NoteDraft, error) {
	switch {
	case strings.TrimSpace(lines) == "":
		return NoteDraft{}, NewInvalid(NewFieldError("lines", "share.lines.empty"))
	case len(lines) > MaxLines:
		return NoteDraft{}, NewInvalid(NewFieldError("lines", "share.lines.too_long", "limit", MaxLines))
	}
	draft := n.Draft()
	draft.Content = withLines(n.Content, lines)
	return draft, nil
}

func withLines(content, lines string) string {
	return markup.Append(content, strings.ReplaceAll(lines, "\r\n", "\n"))
}

// HasLines reports whether lines have come in already that were written below what the note said in a revision: a form may be
// sent twice.
func (n Note) HasLines(below Revision, lines string) bool {
	return below.Version < n.Saved && n.Content == withLines(below.Content, lines)
}

// ShareAccess is what a share opens, and the one place that gives a right to whoever has come by a link. The zero value opens
// nothing.
type ShareAccess struct {
	share Share
	read  ReadAccess
}

// Access returns what the share opens at now, whose user is a member of its space. It is NotFound when that is nothing: it has
// expired, or its user may no longer share what is there. One that was made while the clock was ahead opens nothing if it
// expires, or it would do so for longer than it may.
func (s Share) Access(m Membership, now time.Time) (ShareAccess, error) {
	write, err := m.Write()
	ahead := !s.Expires.IsZero() && s.Created.Sub(now) >= SessionAhead
	if err != nil || write.MayEdit() != nil || s.Expired(now) || ahead || !s.May(ShareRead) ||
		write.Space() != s.Space || write.User() != s.By {
		return ShareAccess{}, ErrShareNotFound
	}
	return ShareAccess{s, m.Read()}, nil
}

// Share returns whose it is.
func (a ShareAccess) Share() Share { return a.share }

// Read returns the right to read those notes that the share shows: whoever has it asks Shows of each.
func (a ShareAccess) Read() ReadAccess { return a.read }

// Write returns the right to change them, as far as MayChange lets it. It is Forbidden for a share that is for reading.
func (a ShareAccess) Write() (WriteAccess, error) {
	if !a.share.May(ShareTick) {
		return WriteAccess{}, errShareRight
	}
	return WriteAccess{role: RoleContributor, read: a.read, share: &a.share}, nil
}

// Pass returns what a browser is given in which the password has been said, by an installation with a secret. It is the same
// for every visitor, so that it tells nobody from another.
func (s Share) Pass(secret []byte) string {
	signed := sign(secret, shareLabel, []byte(string(s.Secret)+string(s.Password)))
	return base64.RawURLEncoding.EncodeToString(signed[len(signed)-sha256.Size:])
}

// Passed reports whether a browser shows that the password has been said, or there is none. It ends with the link and with the
// password.
func (s Share) Passed(secret []byte, pass string) bool {
	return s.Password == "" || hmac.Equal([]byte(pass), []byte(s.Pass(secret)))
}

// How often somebody may try a share's password within TriesWindow.
const (
	triesOfVisitor = 10 // from one address
	triesOfShare   = 60 // from all together
)

// PasswordAllowances returns what tries to say the share's password are counted under.
func (s Share) PasswordAllowances(address netip.Addr) []Allowance {
	return []Allowance{
		{HashToken("share password\x00" + string(s.ID) + "\x00" + network(address)), triesOfVisitor},
		{HashToken("share password\x00" + string(s.ID)), triesOfShare},
	}
}

// ChangeAllowance returns what changes of a note by the share are counted under. Each leaves what the note said before in its
// history, so that the disk would be full soon: of a long one there may be fewer.
func (s Share) ChangeAllowance(n Note) Allowance {
	limit := min(max(sharedBytes/max(len(n.Content), 1), leastChanges), mostChanges)
	return Allowance{HashToken("share changes\x00" + string(s.ID)), limit}
}

// ShareVisits are visits of a share that haven't been counted.
type ShareVisits struct {
	Count int
	Day   time.Time // of the last one
}

// Counted returns the share with visits counted.
func (s Share) Counted(v ShareVisits) Share {
	s.Visits += v.Count
	if v.Day.After(s.Visited) {
		s.Visited = v.Day
	}
	return s
}

// VisitDay returns the day of a time, which is all that is kept of when somebody came.
func VisitDay(now time.Time) time.Time { return now.UTC().Truncate(day) }

// ShareLinks finds shares by the links that they have, in whatever space they are.
type ShareLinks interface {
	// Admit returns the share with a secret, one that has expired too, and what its user is in its space, or NotFound. A user who
	// is kept out, or no member any more, has none.
	Admit(ctx context.Context, secret TokenHash) (Share, Membership, error)
	// CountVisits has visits counted, by the ids of their shares, as Share.Counted says. Those of a share that isn't there are
	// nothing.
	CountVisits(ctx context.Context, visits map[ID]ShareVisits) error
}

// ListedShare is a share with what a list shows of what it is of.
type ListedShare struct {
	Share
	Title   string // of the note, or ""
	Trashed bool   // whether that is in the trash
}

// ShareReader reads the shares of one space. None tells the secret of its link.
type ShareReader interface {
	// List returns the shares, those that have expired too, the last made first.
	List(ctx context.Context) ([]ListedShare, error)
	// Get returns a share, or NotFound.
	Get(ctx context.Context, id ID) (Share, error)
}

// Shares keeps the shares of one space. That of a note goes with it for good.
type Shares interface {
	ShareReader
	// Add stores a new share. It returns Conflict when its id or its secret is taken, and NotFound when there is no such note.
	Add(ctx context.Context, s Share) error
	// SetSecret gives a share the secret of another link, or returns NotFound.
	SetSecret(ctx context.Context, id ID, secret TokenHash) error
	// SetTag has a share of the notes of a tag be of another one, or returns NotFound.
	SetTag(ctx context.Context, id ID, tag Tag) error
	// Changed counts a change that comes in by a share, or returns NotFound: then it must not come in.
	Changed(ctx context.Context, id ID) error
	// Remove removes a share, or returns NotFound.
	Remove(ctx context.Context, id ID) error
}

// What is wrong with a share or its link, or with what comes in by one.
var (
	ErrShareNotFound = NewError(NotFound, "share.not_found")
	ErrShareLocked   = NewError(Unauthenticated, "share.locked") // the password is missing or wrong
	ErrTooManyShares = NewInvalid(NewFieldError("right", "share.too_many", "limit", MaxShares))
	errShareRight    = NewError(Forbidden, "share.lacks")
	errOthersShare   = NewError(Forbidden, "share.others")
	errShareExpired  = NewError(Conflict, "share.ended")
	errNewTag        = NewInvalid(NewFieldError("lines", "share.lines.tag"))
	errNewFile       = NewInvalid(NewFieldError("lines", "share.lines.file"))
)
