package domain

import "time"

// How long things are kept: what housekeeping, the databases and the pages go by.
const (
	// TrashLife is how long a note stays in the trash.
	TrashLife = 30 * day
	// All revisions are kept for KeepAll, then the last of each day up to KeepDaily, then the last of each month: see Thin.
	KeepAll   = 30 * day
	KeepDaily = 365 * day
	// UnusedFileLife is how long a file stays that nothing mentions: whoever uploads it needs time to save the note.
	UnusedFileLife = day

	// DraftLife is how long a draft stays that isn't changed.
	DraftLife = 30 * day
	// UndoLife is how long an action that changed several notes can be undone, and how long a draft that has ended is kept.
	UndoLife = day
	// ImportLife is how long an import can be taken back, and ImportPause after how long one that doesn't go on has come to an end.
	ImportLife  = 30 * day
	ImportPause = 2 * time.Minute
	// CreationLife is how long a creation is remembered.
	CreationLife = 2 * day

	// A session ends after SessionIdle without a request, and after SessionLife in all.
	SessionIdle = 14 * day
	SessionLife = 90 * day
	// ConfirmedLife is how long a password that was given goes for what can't be undone.
	ConfirmedLife = 10 * time.Minute
	// HalfwayLife is how long somebody may take to type a code after their password.
	HalfwayLife = 5 * time.Minute
	// ChallengeLife is how long an authenticator may take to answer.
	ChallengeLife = 5 * time.Minute
	// SignInLife is how long a ticket signs somebody in.
	SignInLife = 10 * time.Minute
	// InvitationLife is how long somebody new may take to come, and RecoveryLife how long a user to choose another password.
	InvitationLife = 7 * day
	RecoveryLife   = day
	// FarewellLife is how long an account or a space can still be kept once somebody has said that it goes.
	FarewellLife = 14 * day
	// AuditLife is how long audit events are kept.
	AuditLife = 365 * day
	// UsedTicketLife is how long it is remembered that a ticket has been used: long after it has ended.
	UsedTicketLife = day

	day = 24 * time.Hour
)

// Days returns how many days a lifetime has.
func Days(life time.Duration) int { return int(life / day) }
