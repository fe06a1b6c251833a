package domain

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"octavo/domain/onetime"
)

// SecondStep is what a user signs in with besides their password: what an app shows, or one of a few codes for when that is
// lost. The zero value asks for nothing.
type SecondStep struct {
	User     ID
	Secret   onetime.Secret
	Used     int64       // of which period the last code was, since none is taken twice
	Recovery []TokenHash // of the codes that are left, each of which is taken once
	Since    time.Time
}

// RecoveryCodes is how many codes there are at first for when the app is lost.
const RecoveryCodes = 10

// recoveryCode is how many characters of base32 such a code has, and recoveryGroup after how many of them it has a hyphen.
const (
	recoveryCode  = 16
	recoveryGroup = 4
)

// NewSecondStep returns the second step of a user whose app has been given the secret, and the codes for when that is lost,
// which are not kept. It is Invalid unless the app has shown the code.
func NewSecondStep(user ID, secret, code string, now time.Time) (s SecondStep, codes []string, err error) {
	s = SecondStep{User: user, Since: now}
	var ok bool
	if s.Secret, ok = onetime.ParseSecret(secret); ok {
		s.Used, ok = s.Secret.Step(plainCode(code), now)
	}
	if !ok {
		return SecondStep{}, nil, NewInvalid(NewFieldError("code", "second_step.wrong_code"))
	}
	codes = s.Renew()
	return s, codes, nil
}

// On reports whether there is anything to ask for.
func (s SecondStep) On() bool { return s.Secret != "" }

// Renew replaces the codes for when the app is lost, and returns the new ones, which are not kept.
func (s *SecondStep) Renew() (codes []string) {
	s.Recovery = nil
	for range RecoveryCodes {
		text := rand.Text()[:recoveryCode] // never fails: crypto/rand ends the program instead
		s.Recovery = append(s.Recovery, HashToken(text))
		groups := slices.Collect(slices.Chunk([]byte(text), recoveryGroup))
		parts := make([]string, len(groups))
		for i, group := range groups {
			parts[i] = string(group)
		}
		codes = append(codes, strings.Join(parts, "-"))
	}
	return codes
}

// Take returns the second step after a code has been used, which is one that the app shows and that hasn't been used, or one
// of those for when it is lost. Otherwise it is ErrWrongCode.
func (s SecondStep) Take(code string, now time.Time) (SecondStep, error) {
	code = plainCode(code)
	if step, ok := s.Secret.Step(code, now); ok && step > s.Used {
		s.Used = step
		return s, nil
	}
	i := slices.Index(s.Recovery, HashToken(strings.ToUpper(code)))
	if i < 0 {
		return SecondStep{}, ErrWrongCode
	}
	s.Recovery = slices.Delete(slices.Clone(s.Recovery), i, i+1)
	return s, nil
}

// plainCode returns a code without what people put between its characters.
func plainCode(code string) string {
	return strings.Map(func(r rune) rune {
		if r == ' ' || r == '-' {
			return -1
		}
		return r
	}, strings.TrimSpace(code))
}

// CodeAllowance returns what tries at a user's codes are counted under. A device that the user has signed in with has an
// allowance of its own, as SignInAllowances has it.
func CodeAllowance(user ID, device string) Allowance {
	if device != "" {
		return Allowance{HashToken("code device\x00" + device), TriesOfAccount}
	}
	return Allowance{HashToken("code\x00" + string(user)), TriesOfAccount}
}

// OwnCodeAllowance returns what tries at a user's codes are counted under that are made within their session.
func OwnCodeAllowance(user ID) Allowance {
	return Allowance{HashToken("own code\x00" + string(user)), TriesOfAccount}
}

// Halfway is what a browser has that has told a user's password, until it tells their code: the time that it was made at (seconds since
// 1970, 8 bytes, the most significant first), the user's id, and their HMAC-SHA-256, as a ticket is written. It ends with the
// password.
const (
	halfwayTime = 8
	halfwayBody = halfwayTime + 16
)

// NewHalfway returns what a browser has that has told the password of a user, by a secret of the server.
func NewHalfway(secret []byte, u User, now time.Time) string {
	body := make([]byte, halfwayBody)
	binary.BigEndian.PutUint64(body, uint64(now.Unix())) //nolint:gosec // a time before 1970 comes back the same
	id := uuid.MustParse(string(u.ID))
	copy(body[halfwayTime:], id[:])
	return base64.RawURLEncoding.EncodeToString(sign(secret, halfwayLabel+string(u.Password), body))
}

// UserOfHalfway returns whose password a browser says that it has told. That it has is for IsHalfway to tell.
func UserOfHalfway(halfway string) (user ID, ok bool) {
	signed, err := base64.RawURLEncoding.DecodeString(halfway)
	if err != nil || len(signed) != halfwayBody+sha256.Size {
		return "", false
	}
	return ID(uuid.UUID(signed[halfwayTime:halfwayBody]).String()), true
}

// IsHalfway reports whether a browser has told the password that a user has, within HalfwayLife before now.
func IsHalfway(secret []byte, halfway string, u User, now time.Time) bool {
	if id, ok := UserOfHalfway(halfway); !ok || id != u.ID {
		return false
	}
	signed, _ := base64.RawURLEncoding.DecodeString(halfway)     // as UserOfHalfway has found out
	made := time.Unix(int64(binary.BigEndian.Uint64(signed)), 0) //nolint:gosec // as NewHalfway has put it
	age := now.Sub(made)
	return age > -clockSkew && age < HalfwayLife &&
		hmac.Equal(signed, sign(secret, halfwayLabel+string(u.Password), signed[:halfwayBody:halfwayBody]))
}

// SecondSteps keeps what users sign in with besides their passwords.
type SecondSteps interface {
	// Get returns the second step of a user, or the zero one for somebody who has none.
	Get(ctx context.Context, user ID) (SecondStep, error)
	// Put stores a second step over the one that the user has, if any. It returns NotFound when there is no such user.
	Put(ctx context.Context, s SecondStep) error
	// Remove has a user sign in by their password alone. It does nothing for somebody who does so already.
	Remove(ctx context.Context, user ID) error
}

// What is wrong with a code, or with asking for one.
var (
	ErrWrongCode     = NewError(Unauthenticated, "second_step.wrong")
	ErrCodeNeeded    = NewError(Unauthenticated, "second_step.needed")
	ErrHalfwayEnded  = NewError(Unauthenticated, "second_step.ended")
	ErrSecondStepOn  = NewError(Conflict, "second_step.already_on")
	ErrNoSecondStep  = NewError(Conflict, "second_step.not_on")
	ErrPasswordFirst = NewError(Conflict, "second_step.password_first")
)
