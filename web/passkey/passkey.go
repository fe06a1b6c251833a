// Package passkey asks browsers for passkeys, and reads what they answer, as WebAuthn has it.
package passkey

import (
	"encoding/base64"
	"encoding/json"
	"net/netip"
	"net/url"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"
	"github.com/google/uuid"

	"octavo/domain"
)

var _ domain.Authenticators = (*Authenticators)(nil)

// Authenticators is a domain.Authenticators for one site. Make it with New.
type Authenticators struct {
	site *webauthn.WebAuthn // nil where browsers use no passkeys
	host string
}

// New returns the authenticators for the app that people find at base. Browsers use passkeys at names, not at addresses, and
// by https alone but on their own machine, whose name stands for its address.
func New(base *url.URL) *Authenticators {
	host, origin := base.Hostname(), base.Scheme+"://"+base.Host
	ip, err := netip.ParseAddr(host)
	switch {
	case err == nil && ip.IsLoopback():
		host = "localhost"
		if origin = base.Scheme + "://" + host; base.Port() != "" {
			origin += ":" + base.Port()
		}
	case err == nil, base.Scheme != "https" && host != "localhost":
		return &Authenticators{}
	}
	required := true
	site, err := webauthn.New(&webauthn.Config{
		RPID: host, RPDisplayName: "Octavo", RPOrigins: []string{origin},
		AttestationPreference: protocol.PreferNoAttestation,
		AuthenticatorSelection: protocol.AuthenticatorSelection{
			RequireResidentKey: &required, ResidentKey: protocol.ResidentKeyRequirementRequired,
			UserVerification: protocol.VerificationRequired,
		},
	})
	if err != nil {
		return &Authenticators{} // at a name that no browser takes
	}
	return &Authenticators{site, host}
}

// Host implements domain.Authenticators.
func (a *Authenticators) Host() string { return a.host }

// Offer implements domain.Authenticators.
func (a *Authenticators) Offer(challenge []byte, u domain.User, had []domain.Passkey) ([]byte, error) {
	if a.site == nil {
		return nil, domain.ErrPasskeyRefused
	}
	options, _, err := a.site.BeginRegistration(person{user: u}, webauthn.WithExclusions(descriptors(had)),
		func(o *protocol.PublicKeyCredentialCreationOptions) error {
			o.Challenge = challenge
			return nil
		})
	if err != nil {
		return nil, err
	}
	return json.Marshal(options.Response)
}

// Made implements domain.Authenticators.
func (a *Authenticators) Made(answer []byte, u domain.User) (domain.Credential, []byte, error) {
	parsed, err := protocol.ParseCredentialCreationResponseBytes(answer)
	if err != nil || a.site == nil {
		return domain.Credential{}, nil, domain.ErrPasskeyRefused
	}
	made, err := a.site.CreateCredential(person{user: u}, webauthn.SessionData{
		Challenge: parsed.Response.CollectedClientData.Challenge, RelyingPartyID: a.host, UserID: handle(u.ID),
		UserVerification: protocol.VerificationRequired, CredParams: webauthn.CredentialParametersDefault(),
	}, parsed)
	if err != nil {
		return domain.Credential{}, nil, domain.ErrPasskeyRefused
	}
	challenge, err := challengeOf(parsed.Response.CollectedClientData)
	return domain.Credential{
		ID: made.ID, Key: made.PublicKey, Count: made.Authenticator.SignCount,
		BackupEligible: made.Flags.BackupEligible, BackedUp: made.Flags.BackupState,
	}, challenge, err
}

// Ask implements domain.Authenticators.
func (a *Authenticators) Ask(challenge []byte, of []domain.Passkey, verified bool) ([]byte, error) {
	if a.site == nil {
		return nil, domain.ErrPasskeyRefused
	}
	options, _, err := a.site.BeginDiscoverableLogin(webauthn.WithChallenge(challenge), webauthn.WithAllowedCredentials(descriptors(of)),
		webauthn.WithUserVerification(verification(verified)))
	if err != nil {
		return nil, err
	}
	return json.Marshal(options.Response)
}

func verification(verified bool) protocol.UserVerificationRequirement {
	if verified {
		return protocol.VerificationRequired
	}
	return protocol.VerificationPreferred
}

// Read implements domain.Authenticators.
func (*Authenticators) Read(answer []byte) (passkey domain.TokenHash, user domain.ID, err error) {
	parsed, err := protocol.ParseCredentialRequestResponseBytes(answer)
	if err != nil {
		return "", "", domain.ErrPasskeyRefused
	}
	if len(parsed.Response.UserHandle) > 0 {
		id, err := uuid.FromBytes(parsed.Response.UserHandle)
		if err != nil {
			return "", "", domain.ErrPasskeyRefused
		}
		user = domain.ID(id.String())
	}
	return domain.HashCredential(parsed.RawID), user, nil
}

// Signed implements domain.Authenticators.
func (a *Authenticators) Signed(answer []byte, p domain.Passkey, verified bool) (domain.Signature, []byte, error) {
	parsed, err := protocol.ParseCredentialRequestResponseBytes(answer)
	if err != nil || a.site == nil {
		return domain.Signature{}, nil, domain.ErrPasskeyRefused
	}
	signed, err := a.site.ValidateLogin(person{domain.User{ID: p.User}, []domain.Passkey{p}}, webauthn.SessionData{
		Challenge: parsed.Response.CollectedClientData.Challenge, RelyingPartyID: a.host, UserID: handle(p.User),
		AllowedCredentialIDs: [][]byte{p.Credential.ID}, UserVerification: verification(verified),
	}, parsed)
	if err != nil {
		return domain.Signature{}, nil, domain.ErrPasskeyRefused
	}
	challenge, err := challengeOf(parsed.Response.CollectedClientData)
	return domain.Signature{
		Count: parsed.Response.AuthenticatorData.Counter, BackedUp: signed.Flags.BackupState,
	}, challenge, err
}

// challengeOf returns which challenge an answer is to. It has been taken for what it says: whether it is one is for the domain
// to tell.
func challengeOf(data protocol.CollectedClientData) ([]byte, error) {
	challenge, err := base64.RawURLEncoding.DecodeString(data.Challenge)
	if err != nil {
		return nil, domain.ErrPasskeyRefused
	}
	return challenge, nil
}

func descriptors(of []domain.Passkey) []protocol.CredentialDescriptor {
	list := make([]protocol.CredentialDescriptor, len(of))
	for i, p := range of {
		list[i] = protocol.CredentialDescriptor{Type: protocol.PublicKeyCredentialType, CredentialID: p.Credential.ID}
	}
	return list
}

// handle returns what authenticators know a user by.
func handle(user domain.ID) []byte {
	id := uuid.MustParse(string(user))
	return id[:]
}

// person is a user as WebAuthn has them.
type person struct {
	user domain.User
	has  []domain.Passkey
}

func (p person) WebAuthnID() []byte          { return handle(p.user.ID) }
func (p person) WebAuthnName() string        { return p.user.Name }
func (p person) WebAuthnDisplayName() string { return p.user.Name }

func (p person) WebAuthnCredentials() []webauthn.Credential {
	list := make([]webauthn.Credential, len(p.has))
	for i, has := range p.has {
		c := has.Credential
		list[i] = webauthn.Credential{
			ID: c.ID, PublicKey: c.Key, Authenticator: webauthn.Authenticator{SignCount: c.Count},
			Flags: webauthn.CredentialFlags{BackupEligible: c.BackupEligible, BackupState: c.BackedUp},
		}
	}
	return list
}
