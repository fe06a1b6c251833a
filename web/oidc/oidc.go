// Package oidc asks a provider of OpenID Connect who somebody is.
package oidc

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"octavo/domain"
)

var _ domain.Provider = (*Provider)(nil)

// Settings say which provider there is, and what this app is to it.
type Settings struct {
	Issuer, ClientID, ClientSecret string
	Name                           string   // that people call it
	Scopes                         []string // besides openid
	GroupsClaim                    string   // that has the groups of somebody
	Callback                       string   // the URL that it sends browsers back to
}

// Provider is a domain.Provider. Make it with New.
type Provider struct {
	settings Settings
	client   *http.Client

	mu    sync.Mutex
	found *oidc.Provider // once it has been
}

// The bounds of what a provider may take, and send.
const (
	answerTime  = 10 * time.Second
	answerBytes = 1 << 20
)

// New returns the provider with some settings, which is found when it is first needed: it may be down meanwhile.
func New(settings Settings) *Provider {
	return &Provider{settings: settings, client: &http.Client{Timeout: answerTime, Transport: bounded{http.DefaultTransport}}}
}

// bounded reads no more of an answer than it may have.
type bounded struct{ http.RoundTripper }

func (b bounded) RoundTrip(r *http.Request) (*http.Response, error) {
	response, err := b.RoundTripper.RoundTrip(r)
	if err == nil {
		response.Body = struct {
			io.Reader
			io.Closer
		}{io.LimitReader(response.Body, answerBytes), response.Body}
	}
	return response, err
}

// Name implements domain.Provider.
func (p *Provider) Name() string { return p.settings.Name }

// provider returns the provider as it describes itself.
func (p *Provider) provider(ctx context.Context) (*oidc.Provider, error) {
	p.mu.Lock()
	found := p.found
	p.mu.Unlock()
	if found != nil {
		return found, nil
	}
	found, err := oidc.NewProvider(oidc.ClientContext(ctx, p.client), p.settings.Issuer)
	if mismatch := (*oidc.IssuerMismatchError)(nil); errors.As(err, &mismatch) {
		return nil, refused(err)
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %w", domain.ErrProviderSilent, err)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.found = found
	return found, nil
}

// refused says why what a provider says isn't believed.
func refused(why error) error { return fmt.Errorf("%w: %w", domain.ErrProviderRefused, why) }

func (p *Provider) config(found *oidc.Provider) *oauth2.Config {
	return &oauth2.Config{
		ClientID: p.settings.ClientID, ClientSecret: p.settings.ClientSecret, Endpoint: found.Endpoint(),
		RedirectURL: p.settings.Callback, Scopes: append([]string{oidc.ScopeOpenID}, p.settings.Scopes...),
	}
}

// Send implements domain.Provider.
func (p *Provider) Send(ctx context.Context, j domain.Journey) (string, error) {
	found, err := p.provider(ctx)
	if err != nil {
		return "", err
	}
	return p.config(found).AuthCodeURL(j.State(), oidc.Nonce(j.Nonce()), oauth2.S256ChallengeOption(j.Verifier())), nil
}

// Ask implements domain.Provider.
func (p *Provider) Ask(ctx context.Context, j domain.Journey, code string) (domain.Vouched, error) {
	found, err := p.provider(ctx)
	if err != nil {
		return domain.Vouched{}, err
	}
	ctx = oidc.ClientContext(ctx, p.client)
	token, err := p.config(found).Exchange(ctx, code, oauth2.VerifierOption(j.Verifier()))
	if answered := (*oauth2.RetrieveError)(nil); errors.As(err, &answered) && answered.Response.StatusCode < http.StatusInternalServerError {
		return domain.Vouched{}, refused(fmt.Errorf("the code isn't taken: %d %.100q", answered.Response.StatusCode, answered.ErrorCode))
	}
	if err != nil {
		return domain.Vouched{}, fmt.Errorf("%w: %w", domain.ErrProviderSilent, err)
	}
	raw, ok := token.Extra("id_token").(string)
	if !ok {
		return domain.Vouched{}, refused(errors.New("no ID token"))
	}
	id, err := found.VerifierContext(ctx, &oidc.Config{ClientID: p.settings.ClientID}).Verify(ctx, raw)
	if err != nil {
		return domain.Vouched{}, refused(err)
	}
	if id.Nonce != j.Nonce() {
		return domain.Vouched{}, refused(errors.New("another nonce"))
	}
	var claims map[string]json.RawMessage
	if err := id.Claims(&claims); err != nil {
		return domain.Vouched{}, refused(err)
	}
	who := domain.Vouched{Issuer: id.Issuer, Subject: id.Subject}
	for _, claim := range []string{"preferred_username", "name"} {
		if who.Name == "" && json.Unmarshal(claims[claim], &who.Name) != nil {
			who.Name = ""
		}
	}
	var one string
	if json.Unmarshal(claims[p.settings.GroupsClaim], &who.Groups) != nil && json.Unmarshal(claims[p.settings.GroupsClaim], &one) == nil {
		who.Groups = []string{one}
	}
	if id.Subject == "" {
		return domain.Vouched{}, refused(errors.New("no subject"))
	}
	return who, nil
}
