package domain

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"net/netip"
	"strings"
	"time"
	"unicode/utf8"

	"octavo/domain/markup"
)

// Passkey is a key pair of which somebody's device or password manager keeps the secret half, and signs with it who they are.
type Passkey struct {
	ID         TokenHash // of Credential.ID
	User       ID
	Name       string // that they know it by
	Credential Credential
	Created    time.Time
	Used       time.Time // zero while it hasn't been
}

// Credential is what an authenticator has told of a key pair.
type Credential struct {
	ID             []byte // that the authenticator finds it by
	Key            []byte // the public half, as COSE writes it
	Count          uint32 // of its signatures, or 0 where nobody counts
	BackupEligible bool   // whether it may be on several devices, which never changes
	BackedUp       bool   // whether it is
}

// The bounds of passkeys.
const (
	MaxPasskeys     = 20 // of a user
	MaxPasskeyName  = 64 // code points
	MaxCredentialID = 1023
	maxKey          = 2048
)

// HashCredential returns what the passkey with a credential is found by.
func HashCredential(id []byte) TokenHash { return HashToken(string(id)) }

// NewPasskey returns the passkey that a user has made. It is Invalid when its name is empty or too long, and Unauthenticated
// when it is none that could be kept.
func NewPasskey(user ID, name string, c Credential, now time.Time) (Passkey, error) {
	if len(c.ID) == 0 || len(c.ID) > MaxCredentialID || len(c.Key) == 0 || len(c.Key) > maxKey {
		return Passkey{}, ErrPasskeyRefused
	}
	p := Passkey{ID: HashCredential(c.ID), User: user, Credential: c, Created: now}
	return p, p.Rename(name)
}

// Rename gives the passkey another name. It is Invalid when that is empty or too long.
func (p *Passkey) Rename(name string) error {
	name = markup.OneLine(strings.ToValidUTF8(name, ""))
	switch {
	case name == "":
		return NewInvalid(NewFieldError("passkey", "passkey.name.empty"))
	case utf8.RuneCountInString(name) > MaxPasskeyName:
		return NewInvalid(NewFieldError("passkey", "passkey.name.too_long", "limit", MaxPasskeyName))
	}
	p.Name = name
	return nil
}

// CheckNewPasskey returns nil when a user who has some passkeys may have another one.
func CheckNewPasskey(had []Passkey) error {
	if len(had) >= MaxPasskeys {
		return errTooManyPasskeys
	}
	return nil
}

// Signature is what an authenticator has told when it signed.
type Signature struct {
	Count    uint32
	BackedUp bool
}

// Signed returns the passkey after a signature of it. It is ErrPasskeyCloned when that was counted as one that there has been
// before: then somebody else has the secret half, too, and nobody can tell who of them has come.
func (p Passkey) Signed(s Signature, now time.Time) (Passkey, error) {
	if (s.Count != 0 || p.Credential.Count != 0) && s.Count <= p.Credential.Count {
		return Passkey{}, ErrPasskeyCloned
	}
	p.Credential.Count, p.Credential.BackedUp, p.Used = s.Count, s.BackedUp, now
	return p, nil
}

// MayRemove returns nil when a user may remove one of the passkeys and identities that they have. Their last way in is a Conflict.
func (u User) MayRemove(had int) error {
	if u.Password == "" && had <= 1 {
		return errLastWayIn
	}
	return nil
}

// A challenge, which an authenticator signs, is the time that it was made at (microseconds since 1970, 8 bytes, the most
// significant first), 16 random bytes, and the HMAC-SHA-256 of both and of what it is for. Nothing is stored until it has
// been used, so any instance makes it and any takes it.
const (
	challengeTime = 8
	challengeBody = challengeTime + 16
)

// Purpose is what a challenge is for. What is signed for one is nothing for another.
type Purpose string

// ToSignIn is the purpose of signing in with a passkey alone.
const ToSignIn Purpose = "sign in"

// ToGoOn is the purpose of signing in with a passkey after the password, which halfway tells.
func ToGoOn(halfway string) Purpose { return Purpose("go on\x00" + halfway) }

// ToAddPasskey and ToConfirm are what somebody does who is in by a session.
func ToAddPasskey(session TokenHash) Purpose { return Purpose("add\x00" + session) }
func ToConfirm(session TokenHash) Purpose    { return Purpose("confirm\x00" + session) }

// NewChallenge returns a challenge that whoever knows secret takes for ChallengeLife.
func NewChallenge(secret []byte, of Purpose, now time.Time) []byte {
	body := make([]byte, challengeBody)
	binary.BigEndian.PutUint64(body, uint64(now.UnixMicro())) //nolint:gosec // a time before 1970 comes back the same
	_, _ = rand.Read(body[challengeTime:])                    // never fails: crypto/rand ends the program instead
	return sign(secret, challengeLabel+string(of)+"\x00", body)
}

// CheckChallenge returns nil when a challenge was made with secret, for a purpose, and hasn't ended at now. That it hasn't been
// used is for Sessions.UseTicket to tell.
func CheckChallenge(secret, challenge []byte, of Purpose, now time.Time) error {
	if len(challenge) != challengeBody+sha256.Size ||
		!hmac.Equal(challenge, sign(secret, challengeLabel+string(of)+"\x00", challenge[:challengeBody:challengeBody])) {
		return ErrPasskeyRefused
	}
	made := time.UnixMicro(int64(binary.BigEndian.Uint64(challenge))) //nolint:gosec // as NewChallenge has put it
	if age := now.Sub(made); age < -clockSkew || age >= ChallengeLife {
		return ErrPasskeyTooLate
	}
	return nil
}

// PasskeyAllowance returns what tries to sign in with a passkey alone are counted under: none can be guessed, but to check one
// takes its time.
func PasskeyAllowance(address netip.Addr) Allowance {
	return Allowance{HashToken("passkey address\x00" + network(address)), TriesOfAddress}
}

// Authenticators is the port to what browsers ask authenticators, and what those answer. Both are JSON, as browsers have it.
type Authenticators interface {
	// Host returns the name of the host at which passkeys are used, or "" where they can't be.
	Host() string
	// Offer returns what a browser is asked to make a passkey with, for a user who has others.
	Offer(challenge []byte, u User, had []Passkey) ([]byte, error)
	// Made returns what a browser has made, and by which challenge. It is Unauthenticated unless that was made here, by somebody
	// whom the authenticator has verified.
	Made(answer []byte, u User) (c Credential, challenge []byte, err error)
	// Ask returns what a browser is asked for a signature with: by one of some passkeys or, if there are none, by whichever it
	// has. Verified says whether the authenticator is to verify who uses it.
	Ask(challenge []byte, of []Passkey, verified bool) ([]byte, error)
	// Read returns which passkey an answer says that it is by, and of which user if it says so. Nothing of that is proved.
	Read(answer []byte) (passkey TokenHash, user ID, err error)
	// Signed returns what a passkey has signed, and by which challenge. It is Unauthenticated unless it was asked for here, and
	// it was that passkey.
	Signed(answer []byte, p Passkey, verified bool) (s Signature, challenge []byte, err error)
}

// Passkeys keeps those of all users.
type Passkeys interface {
	// Add stores a new passkey. It returns Conflict when its id is taken, and NotFound when there is no such user.
	Add(ctx context.Context, p Passkey) error
	// Get returns a passkey, or ErrPasskeyNotFound.
	Get(ctx context.Context, id TokenHash) (Passkey, error)
	// Put stores the name of a passkey, what its authenticator says, and when it was used, over those that it has. It returns
	// ErrPasskeyNotFound when it isn't there.
	Put(ctx context.Context, p Passkey) error
	// List returns those of a user, those that were made first before others.
	List(ctx context.Context, user ID) ([]Passkey, error)
	// Remove removes one of a user's, or returns ErrPasskeyNotFound.
	Remove(ctx context.Context, user ID, id TokenHash) error
}

// What is wrong with a passkey.
var (
	ErrPasskeyNotFound = NewError(NotFound, "passkey.not_found")
	ErrPasskeyRefused  = NewError(Unauthenticated, "passkey.refused")
	ErrPasskeyTooLate  = NewError(Unauthenticated, "passkey.too_late")
	ErrPasskeyCloned   = NewError(Unauthenticated, "passkey.cloned")
	errTooManyPasskeys = NewError(Conflict, "passkey.too_many", "limit", MaxPasskeys)
	errLastWayIn       = NewError(Conflict, "passkey.last_way_in")
)
