package views

// ProviderLink leads to the provider that somebody may sign in by.
type ProviderLink struct {
	Name string // or "" where there is none
	URL  string
}

// Connect leads somebody to the provider who wants to be known by it.
type Connect struct {
	Base     Base
	Provider string
	URL      string
}

// Identities are who somebody is to the provider, if there is one.
type Identities struct {
	Provider string // or "" where there is none
	All      []ProviderIdentity
}

// ProviderIdentity is who somebody is to the provider.
type ProviderIdentity struct{ Key, Name string }
