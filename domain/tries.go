package domain

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"net/netip"
	"strings"
	"time"
)

// How often somebody may try to sign in within TriesWindow, until TooMany is the answer.
const (
	TriesWindow    = 15 * time.Minute
	TriesOfAccount = 10 // with one name, whoever tries, or with one device that the account knows
	TriesOfAddress = 30 // from one address, whatever the names
)

// Tries are how often something has been tried within a window, which begins with the first of them.
type Tries struct {
	Began time.Time
	Count int
}

// Again returns the tries after one more, of which a window has at most limit, or how long to wait until it may be tried
// again; then the tries stay as they are. Clocks of several instances may differ by SessionAhead; a window that began
// further ahead was begun by a clock that was wrong, and has ended.
func (t Tries) Again(limit int, now time.Time) (after Tries, wait time.Duration) {
	if passed := now.Sub(t.Began); passed >= TriesWindow || passed < -SessionAhead {
		t = Tries{Began: now}
	}
	if t.Count >= limit {
		return t, min(t.Began.Add(TriesWindow).Sub(now), TriesWindow)
	}
	t.Count++
	return t, 0
}

// Attempts counts what must not be tried often, for all instances together.
type Attempts interface {
	// Try counts one more try at what has a key, as Tries.Again says, and returns how long to wait if it may not be tried.
	Try(ctx context.Context, key TokenHash, limit int, now time.Time) (wait time.Duration, err error)
	// TakeBack has one try fewer counted, if there is one: it wasn't wrong.
	TakeBack(ctx context.Context, key TokenHash) error
}

// NewTooMany returns the error for what may be tried again after a wait, which it says in whole minutes.
func NewTooMany(wait time.Duration) error {
	minutes := int((wait + time.Minute - 1) / time.Minute)
	return &Error{Kind: TooMany, Message: NewMessage("sign_in.too_many", "count", minutes), Wait: wait}
}

// Allowance is what tries are counted under.
type Allowance struct {
	Key   TokenHash
	Limit int // in a TriesWindow
}

// SignInAllowances returns what a try to sign in is counted under, one after the other: the address that it comes from, and
// the name. A device that has been signed in with has an allowance of its own instead, so that whoever tries a name from
// elsewhere keeps nobody from their notes.
func SignInAllowances(login string, address netip.Addr, device string) []Allowance {
	if device != "" {
		return []Allowance{{HashToken("device\x00" + device), TriesOfAccount}}
	}
	return []Allowance{
		{HashToken("address\x00" + network(address)), TriesOfAddress},
		{HashToken("name\x00" + login), TriesOfAccount},
	}
}

// PasswordAllowance returns what tries to say a user's password once more are counted under, within their session.
func PasswordAllowance(user ID) Allowance {
	return Allowance{HashToken("password\x00" + string(user)), TriesOfAccount}
}

// InvitationAllowance returns what tries to take the invitation with a secret are counted under.
func InvitationAllowance(secret TokenHash) Allowance {
	return Allowance{HashToken("invitation\x00" + string(secret)), TriesOfAccount}
}

// NamingAllowance returns what an owner's tries to add somebody to a space by a name are counted under: whoever guesses names
// so learns of few who has an account.
func NamingAllowance(user ID) Allowance {
	return Allowance{HashToken("naming\x00" + string(user)), TriesOfAccount}
}

// network returns what somebody has of an address at least: of IPv6 the first 64 bits, as each line gets so many.
func network(address netip.Addr) string {
	address = address.Unmap().WithZone("")
	if !address.Is6() {
		return address.String()
	}
	prefix, _ := address.Prefix(64) // fails for no address of IPv6
	return prefix.String()
}

// NewDevice returns a secret for a browser that a user has signed in with, by which IsDeviceOf knows it again until the
// user's password is another one.
func NewDevice(secret []byte, u User) string {
	random := rand.Text() // never fails: crypto/rand ends the program instead
	return base64.RawURLEncoding.EncodeToString(sign(secret, deviceLabel+string(u.Password), []byte(string(u.ID)+" "+random)))
}

// IsDeviceOf reports whether a browser's secret was made for a user, with the password that they have.
func IsDeviceOf(secret []byte, device string, u User) bool {
	signed, err := base64.RawURLEncoding.DecodeString(device)
	if err != nil || len(signed) < sha256.Size || base64.RawURLEncoding.EncodeToString(signed) != device {
		return false
	}
	body := signed[: len(signed)-sha256.Size : len(signed)-sha256.Size]
	return hmac.Equal(signed, sign(secret, deviceLabel+string(u.Password), body)) && strings.HasPrefix(string(body), string(u.ID)+" ")
}
