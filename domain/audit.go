package domain

import (
	"cmp"
	"context"
	"time"

	"octavo/domain/markup"
)

// What happens that is kept. The log has these codes without what they begin with.
const (
	AuditSignedIn            Code = "audit.signed_in"
	AuditSignedOut           Code = "audit.signed_out"
	AuditSessionEnded        Code = "audit.session_ended"
	AuditPasswordSet         Code = "audit.password_set"
	AuditSecondStepOn        Code = "audit.second_step_on"
	AuditSecondStepOff       Code = "audit.second_step_off"
	AuditRecoveryCodesMade   Code = "audit.recovery_codes"
	AuditPasskeyAdded        Code = "audit.passkey_added"
	AuditPasskeyRenamed      Code = "audit.passkey_renamed"
	AuditPasskeyRemoved      Code = "audit.passkey_removed"
	AuditIdentityAdded       Code = "audit.identity_added"
	AuditIdentityRemoved     Code = "audit.identity_removed"
	AuditIdentityJoined      Code = "audit.identity_joined"
	AuditInvitationMade      Code = "audit.invited"
	AuditPasswordLinkMade    Code = "audit.recovery"
	AuditInvitationWithdrawn Code = "audit.withdrawn"
	AuditInvitationTaken     Code = "audit.joined"
	AuditMadeAdmin           Code = "audit.admin_made"
	AuditMadeMember          Code = "audit.admin_unmade"
	AuditDisabled            Code = "audit.disabled"
	AuditEnabled             Code = "audit.enabled"
	AuditAccountLeft         Code = "audit.account_left"
	AuditAccountKept         Code = "audit.account_kept"
	AuditAccountRemoved      Code = "audit.account_removed"
	AuditAccountGone         Code = "audit.account_gone"
	AuditTokenMade           Code = "audit.token_made"
	AuditTokenRevoked        Code = "audit.token_revoked"
	AuditSpaceMade           Code = "audit.space_made"
	AuditSpaceClosed         Code = "audit.space_closed"
	AuditSpaceOpened         Code = "audit.space_opened"
	AuditSpaceRenamed        Code = "audit.space_renamed"
	AuditMemberAdded         Code = "audit.member_added"
	AuditMemberChanged       Code = "audit.member_changed"
	AuditMemberRemoved       Code = "audit.member_removed"
	AuditSpaceLeft           Code = "audit.space_left"
	AuditNotesDeleted        Code = "audit.notes_deleted" // for good
	AuditNotesMoved          Code = "audit.notes_moved"   // out of the space that it concerns, or into it
	AuditNoteRestored        Code = "audit.note_restored"
	AuditShareMade           Code = "audit.share_made"
	AuditShareRenewed        Code = "audit.share_renewed"
	AuditShareRevoked        Code = "audit.share_revoked"

	AuditLinkRefused      Code = "audit.wrong_link"
	AuditPasswordRefused  Code = "audit.wrong_password"
	AuditCodeRefused      Code = "audit.wrong_code"
	AuditPasskeyRefused   Code = "audit.wrong_passkey"
	AuditPasskeyCloned    Code = "audit.passkey_cloned"
	AuditIdentityRefused  Code = "audit.wrong_identity"
	AuditKeyRefused       Code = "audit.wrong_key"
	AuditTokenRefused     Code = "audit.wrong_token"
	AuditShareRefused     Code = "audit.wrong_share"
	AuditShareLocked      Code = "audit.wrong_share_password"
	AuditCrossSiteRefused Code = "audit.cross_site"
)

// AuditEvent is something that happened to somebody's access. It holds neither a secret nor anything of a note.
type AuditEvent struct {
	ID      ID // those of one instance are in the order in which they happened
	At      time.Time
	Action  Code
	User    ID     // who did it, or "" where nobody knows
	To      ID     // whom it was done to, if that is somebody else, or ""
	Space   ID     // whose owners it concerns, or "" where nobody knows
	Detail  string // what else there is to know, as key=value
	Address string // that the request came from, or "" for the shell of the machine
}

// AddressFor returns the address that the event came from, for a user whom it concerns: "" where somebody else did it, whose
// address is nobody's business.
func (e AuditEvent) AddressFor(user ID) string {
	if e.User == "" || e.User == user {
		return e.Address
	}
	return ""
}

// The bounds of an event's texts, in characters.
const (
	MaxAuditDetail  = 255
	MaxAuditAddress = 64
)

// NewAuditEvent returns an event that has just happened, with its texts cut to their bounds. What is about no space concerns
// whom it was done to, or else who did it.
func NewAuditEvent(e AuditEvent, now time.Time) AuditEvent {
	e.ID, e.At = NewID(), now
	e.Space = cmp.Or(e.Space, e.To, e.User)
	e.Detail = markup.Truncate(markup.OneLine(e.Detail), MaxAuditDetail)
	e.Address = markup.Truncate(e.Address, MaxAuditAddress)
	return e
}

// Audit keeps events for AuditLife. Nothing changes one, or removes it before.
type Audit interface {
	// Add stores a new event. It returns Conflict when its id is taken.
	Add(ctx context.Context, e AuditEvent) error
	// List returns at most limit events, the newest first, beginning after the one with an id or, when that is "", at the
	// newest.
	List(ctx context.Context, after ID, limit int) ([]AuditEvent, error)
	// ListIn is List of the events that concern one space.
	ListIn(ctx context.Context, space, after ID, limit int) ([]AuditEvent, error)
}

// AuditAccess is the right of an owner to see what has happened that concerns a space. The zero value is nobody's.
type AuditAccess struct{ space ID }

// Space returns which space it is about.
func (a AuditAccess) Space() ID { return a.space }
