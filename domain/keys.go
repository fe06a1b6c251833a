package domain

// Keys are the secrets of an installation. They lie outside of the database: whoever reads that gets in nowhere.
type Keys interface {
	// API returns the hash of the key with which programs act for the owner. It may change from one call to the next.
	API() (TokenHash, error)
	// SignIn returns the secret that tickets are signed with.
	SignIn() ([]byte, error)
}
