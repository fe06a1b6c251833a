package domain

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"octavo/domain/markup"
)

// Space holds notes, with their tags, drafts and what else is kept of them, saved searches, files and records. Each user
// has a personal one. Others are shared: what a member may do there depends on their Role.
type Space struct {
	ID      ID
	Name    string
	Created time.Time
	Goes    time.Time // when a shared one goes for good, which is closed until then, or zero while it stays
}

// PersonalSpace returns the space that is the user's own.
func PersonalSpace(u User) Space {
	return Space{ID: u.ID, Name: u.Name, Created: u.Created}
}

// PersonalSpace returns the id of the actor's own space, which is the user's id.
func (a Actor) PersonalSpace() ID { return a.User }

// The bounds of spaces.
const (
	MaxSpaceName = 64  // code points
	MaxSpaces    = 50  // that somebody shares with others: each of their pages names them
	MaxMembers   = 100 // of a space
)

// NewSpace returns a new space to be shared. It is Invalid when the name is empty or too long.
func NewSpace(name string, now time.Time) (Space, error) {
	s := Space{ID: NewID(), Created: now}
	err := s.Rename(name)
	return s, err
}

// Rename gives the space another name. It is Invalid when that is empty or too long.
func (s *Space) Rename(name string) error {
	name = markup.OneLine(strings.ToValidUTF8(name, ""))
	switch {
	case LoginOf(name) == "": // nothing of it can be seen
		return NewInvalid(NewFieldError("name", "space.name.empty"))
	case utf8.RuneCountInString(name) > MaxSpaceName:
		return NewInvalid(NewFieldError("name", "space.name.too_long", "limit", MaxSpaceName))
	}
	s.Name = name
	return nil
}

// Close has the space go after FarewellLife. Until then it is closed to all its members, and its owners can Open it again.
func (s *Space) Close(now time.Time) { s.Goes = now.Add(FarewellLife) }

// Open keeps a space that was to go. It is NotFound when it is gone already, and being removed.
func (s *Space) Open(now time.Time) error {
	if s.Gone(now) {
		return ErrSpaceNotFound
	}
	s.Goes = time.Time{}
	return nil
}

// Gone reports whether the time of the space is over.
func (s Space) Gone(now time.Time) bool { return over(s.Goes, now) }

// SharedSpace is a space that somebody shares with others, and what they may do there.
type SharedSpace struct {
	Space
	Role Role
}

// CheckAnotherSpace returns nil when somebody who shares some spaces may be in one more, and Conflict otherwise.
func CheckAnotherSpace(shared []SharedSpace) error {
	if len(shared) >= MaxSpaces {
		return errTooManySpaces
	}
	return nil
}

// Member is somebody who is in a space.
type Member struct {
	User  ID
	Name  string
	Role  Role
	Since time.Time
	Away  bool // see User.Away
}

// Heir returns who is to own a space once a member has gone, if nobody else does who stays: whoever may do most of the others
// and, of those, came first. ok is false when there is nobody. members are all, in the order in which they came.
func Heir(members []Member, gone ID) (heir Member, ok bool) {
	for _, role := range AllRoles() {
		for _, m := range members {
			if m.Role == role && m.User != gone && !m.Away {
				return m, true
			}
		}
	}
	return Member{}, false
}

// CheckNewMember returns nil when a user may become a member of a space beside those who are, and Conflict otherwise.
func CheckNewMember(members []Member, user ID) error {
	switch {
	case slices.ContainsFunc(members, func(m Member) bool { return m.User == user }):
		return ErrMemberAlready
	case len(members) >= MaxMembers:
		return errTooManyMembers
	}
	return nil
}

// Role is what a member may do in a space.
type Role string

// The roles, each of which may do all that those below it may.
const (
	RoleOwner       Role = "owner"
	RoleEditor      Role = "editor"
	RoleContributor Role = "contributor" // adds notes and files, text at the end of notes, and ticks boxes
	RoleReader      Role = "reader"
)

// AllRoles returns the roles, those that may do most first.
func AllRoles() []Role { return []Role{RoleOwner, RoleEditor, RoleContributor, RoleReader} }

// Edits reports whether a role lets change all that is in a space, and share it by links.
func (r Role) Edits() bool { return r == RoleOwner || r == RoleEditor }

// ParseRole reads a role. ok is false for any other text.
func ParseRole(text string) (role Role, ok bool) {
	role = Role(text)
	return role, slices.Contains(AllRoles(), role)
}

// ReadRole reads the role that somebody is to have. It is Invalid for any other text.
func ReadRole(text string) (Role, error) {
	role, ok := ParseRole(text)
	if !ok {
		return "", NewInvalid(NewFieldError("role", "space.role.unknown"))
	}
	return role, nil
}

// CheckOwners returns nil when a user may have a role in a space from now on, or none when that is "", and otherwise
// ErrOwnerNeeded: a space keeps at least one of its owners, of whom these are all, who isn't Away, and a personal one the user it
// belongs to.
func CheckOwners(space ID, owners []Member, user ID, role Role) error {
	if role == RoleOwner || !slices.ContainsFunc(owners, func(m Member) bool { return m.User == user }) {
		return nil
	}
	stays := func(m Member) bool { return m.User != user && !m.Away }
	if user == space || !slices.ContainsFunc(owners, stays) {
		return ErrOwnerNeeded
	}
	return nil
}

// Membership says that a user is a member of a space, and gives access to it. Only stores make one, so whoever has one has
// been looked up.
type Membership struct {
	access ReadAccess
	role   Role
	Beside Beside
}

// Beside is what the look-up of a membership tells besides, so that what every page shows needs no other one.
type Beside struct {
	// Searches is the SearchesVersion of the space's saved searches. Whoever has a list of that version needn't read it again.
	Searches string
	// Drafts is how many drafts the user has in the space.
	Drafts int
	// Expired tells whether drafts of the user have expired without them being told.
	Expired bool
	// Spaces are those that the user shares with others, whichever this one is, as SpaceLine writes each.
	Spaces string
}

// SpaceLine is how Beside names a space: by a line of its id and its name.
func SpaceLine(s Space) string { return string(s.ID) + " " + s.Name + "\n" }

// SharedSpaces returns the spaces that the user shares with others, without when they were made.
func (b Beside) SharedSpaces() (list []Space) {
	for line := range strings.Lines(b.Spaces) {
		id, name, _ := strings.Cut(strings.TrimSuffix(line, "\n"), " ")
		list = append(list, Space{ID: ID(id), Name: name})
	}
	return list
}

// NewMembership returns a membership that a store knows of.
func NewMembership(space, user ID, role Role) Membership {
	return Membership{access: ReadAccess{space: space, user: user}, role: role}
}

// Role returns what the member may do.
func (m Membership) Role() Role { return m.role }

// Administer returns the right to say who is in the space, for as long as the session lasts by which the member came. It is
// Forbidden for those who don't own it. Nobody shares their own space: there that is NotFound.
func (m Membership) Administer(session TokenHash) (SpaceAccess, error) {
	switch {
	case m.access.space == m.access.user:
		return SpaceAccess{}, ErrSpaceNotFound
	case m.role != RoleOwner:
		return SpaceAccess{}, errNotSpacesOwner
	}
	return SpaceAccess{m.access, session}, nil
}

// Audit returns the right to see what has happened that concerns the space. It is Forbidden for those who don't own it.
func (m Membership) Audit() (AuditAccess, error) {
	if m.role != RoleOwner {
		return AuditAccess{}, errNotSpacesOwner
	}
	return AuditAccess{m.access.space}, nil
}

// SpaceAccess is the right of an owner of a shared space to say who is in it, and what it is called. The zero value is
// nobody's.
type SpaceAccess struct {
	access  ReadAccess
	session TokenHash
}

// Space returns which space it is about.
func (a SpaceAccess) Space() ID { return a.access.space }

// User returns whose right it is.
func (a SpaceAccess) User() ID { return a.access.user }

// Session returns by which session they came, or "".
func (a SpaceAccess) Session() TokenHash { return a.session }

// Read returns the right to read what is in the space.
func (m Membership) Read() ReadAccess { return m.access }

// Write returns the right to change what is in the space. It is Forbidden for a reader.
func (m Membership) Write() (WriteAccess, error) {
	switch m.role {
	case RoleOwner, RoleEditor, RoleContributor:
		return WriteAccess{role: m.role, read: m.access}, nil
	}
	return WriteAccess{}, errReader
}

// ReadAccess is the right of a user to read what is in a space. The zero value opens nothing.
type ReadAccess struct {
	space, user ID
	tag         string // the key of a tag: only notes that have it, or one below it, may be seen; "" for all
}

// Space returns which space may be read.
func (a ReadAccess) Space() ID { return a.space }

// User returns who may read it.
func (a ReadAccess) User() ID { return a.user }

// OfTag returns the key of the tag that the right is about, or "" where it is about all notes.
func (a ReadAccess) OfTag() string { return a.tag }

// Shows reports whether a note is among those that may be seen.
func (a ReadAccess) Shows(n Note) bool {
	return a.tag == "" || slices.ContainsFunc(n.AllTags(), func(t Tag) bool { return t.within(a.tag) })
}

// Narrow returns the filter for those of its notes that may be seen. ok is false when there are none.
func (a ReadAccess) Narrow(filter NoteFilter) (narrow NoteFilter, ok bool) {
	switch {
	case a.tag == "" || Tag(filter.Tag).within(a.tag):
		return filter, true
	case filter.Tag == "" || Tag(a.tag).within(filter.Tag):
		filter.Tag = a.tag
		return filter, true
	}
	return filter, false
}

// WriteAccess is the right of a user to change what is in a space, if only in part: MayChange and MayEdit tell how far it
// goes. The zero value opens nothing.
type WriteAccess struct {
	role  Role
	token bool       // by which somebody has come
	lacks Scope      // without which a token may only add, although its user may do more
	share *Share     // by whose link somebody has come, or nil
	read  ReadAccess // a Membership has other fields, so it can't be converted into this
}

// Read returns the right to read the same space.
func (a WriteAccess) Read() ReadAccess { return a.read }

// Space returns which space may be changed.
func (a WriteAccess) Space() ID { return a.read.space }

// User returns who may change it.
func (a WriteAccess) User() ID { return a.read.user }

// Sign returns a draft as one of whoever has the access.
func (a WriteAccess) Sign(draft NoteDraft) NoteDraft {
	draft.Author, draft.Share = a.User(), a.Link()
	return draft
}

// MayAdd returns nil when a note may be added, and what is Invalid about it otherwise: whoever sees the notes of a tag alone
// adds none that they wouldn't see.
func (a WriteAccess) MayAdd(n Note) error {
	if !a.read.Shows(n) {
		return errOutsideTag(a.read.tag)
	}
	return nil
}

func errOutsideTag(key string) error {
	return NewInvalid(NewFieldError("tags", "token.tag.needed", "tag", key))
}

// Link returns the share by whose link somebody has come, or "".
func (a WriteAccess) Link() ID {
	if a.share == nil {
		return ""
	}
	return a.share.ID
}

// MayEdit returns nil for somebody who may do more in the space than add to it, and Forbidden otherwise.
func (a WriteAccess) MayEdit() error {
	if a.role.Edits() {
		return nil
	}
	if a.share != nil {
		return errShareRight
	}
	if a.lacks != "" {
		return errScope(a.lacks)
	}
	return errContributor
}

// MayChange returns nil when a note may be changed from before to after, and Forbidden otherwise. A contributor may add text
// to its end and tick its boxes: nothing else may differ but what follows from that. Whoever has come by a link may do as much
// of that as their share lets them, and with what it is of alone.
func (a WriteAccess) MayChange(before, after Note) error {
	if a.share != nil {
		return a.share.mayChange(before, after)
	}
	if !a.read.Shows(after) {
		return errOutsideTag(a.read.tag)
	}
	if a.role == RoleContributor && after.addsTo(before) {
		return nil
	}
	return a.MayEdit()
}

// addsTo reports whether the note is another one with more text at its end, or with other boxes ticked, or both.
func (n Note) addsTo(before Note) bool {
	follows := n.Title == before.Title ||
		(before.Title == markup.TitleOf(before.Content) && n.Title == markup.TitleOf(n.Content))
	rest := n.NoteFields // which may not differ
	rest.Title, rest.Content = before.Title, before.Content
	return follows && n.ID == before.ID && n.State == before.State && n.Pinned == before.Pinned &&
		rest.Equal(before.NoteFields) && len(n.Content) >= len(before.Content) &&
		differOnlyInBoxes(before.Content, n.Content[:len(before.Content)])
}

// differOnlyInBoxes reports whether two texts of the same length are the same, whatever boxes are ticked.
func differOnlyInBoxes(before, after string) bool {
	if before == after {
		return true
	}
	rest := 0 // where what hasn't been compared begins
	for _, task := range markup.NewOutline(before).Tasks {
		if before[rest:task.Box] != after[rest:task.Box] || !strings.ContainsRune(" xX", rune(after[task.Box])) {
			return false
		}
		rest = task.Box + 1
	}
	return before[rest:] == after[rest:]
}

// Spaces keeps the spaces, and who is a member of which.
type Spaces interface {
	// Add stores a new space with its owner, the first member. It returns Conflict when the id is taken.
	Add(ctx context.Context, s Space, owner ID) error
	// Hold returns a space, or NotFound. Nobody else does the same until the transaction ends.
	Hold(ctx context.Context, space ID) (Space, error)
	// SetName stores the name of a space over the one that it has. It does nothing when there is no such space.
	SetName(ctx context.Context, s Space) error
	// SetGoes stores when a shared space goes. Until it is stored that it stays, nobody is a member of it, as it seems. It does
	// nothing when there is no such space.
	SetGoes(ctx context.Context, s Space) error
	// Closed returns the spaces that go and that a user owns, those that were made first before others.
	Closed(ctx context.Context, owner ID) ([]Space, error)
	// SharedBy returns the spaces in which a user is but for their own, those that were made first before others.
	SharedBy(ctx context.Context, user ID) ([]SharedSpace, error)
	// Members returns who is in a space, those who came first before others. It returns none when there is no such space.
	Members(ctx context.Context, space ID) ([]Member, error)
	// Membership returns what a user is in a space, by one look-up, or NotFound. A space that they aren't a member of looks
	// like one that doesn't exist.
	Membership(ctx context.Context, space, user ID) (Membership, error)
	// SetMember gives a user a role in a space, in place of the one they have, if any. Without one that Edits their shares there end
	// for good. since is when they become a member, unless they are one already. It returns NotFound when there is no such space
	// or user, or the space goes, and what CheckOwners says, which nobody
	// else changes meanwhile.
	SetMember(ctx context.Context, space, user ID, role Role, since time.Time) error
	// RemoveMember ends a user's membership of a space, and their shares there for good, unless CheckOwners says otherwise. It does nothing when they aren't a
	// member.
	RemoveMember(ctx context.Context, space, user ID) error
}

// What keeps somebody out of a space, in it, or from changing something there.
var (
	ErrSpaceNotFound = NewError(NotFound, "space.not_found")
	ErrOwnerNeeded   = NewError(Conflict, "space.owner_needed")
	ErrMemberAlready = NewInvalid(NewFieldError("name", "space.member_already"))

	errNotSpacesOwner = NewError(Forbidden, "space.not_owner")
	errTooManySpaces  = NewError(Conflict, "space.too_many", "limit", MaxSpaces)
	errTooManyMembers = NewError(Conflict, "space.too_many_members", "limit", MaxMembers)

	errReader      = NewError(Forbidden, "space.reader")
	errContributor = NewError(Forbidden, "space.contributor")
)
