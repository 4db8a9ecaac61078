package protocol

// ProgressParams carries a value to whoever made the token.
type ProgressParams struct {
	Token Token `json:"token"`
	Value any   `json:"value"`
}

// WorkDoneProgressCreateParams announces a token.
type WorkDoneProgressCreateParams struct {
	Token Token `json:"token"`
}

// WorkDoneProgress is the begin, a report or the end of work; Percentage is from 0 to 100.
type WorkDoneProgress struct {
	Kind        string `json:"kind"` // begin, report, end
	Title       string `json:"title,omitempty"`
	Message     string `json:"message,omitempty"`
	Percentage  *uint  `json:"percentage,omitempty"`
	Cancellable bool   `json:"cancellable,omitempty"`
}

// RegistrationParams asks the client to send something that it would not otherwise.
type RegistrationParams struct {
	Registrations List[Registration] `json:"registrations"`
}

// Registration is one request of a server.
type Registration struct {
	ID              string `json:"id"`
	Method          string `json:"method"`
	RegisterOptions any    `json:"registerOptions,omitempty"`
}

// DidChangeWatchedFilesRegistrationOptions says which files to watch.
type DidChangeWatchedFilesRegistrationOptions struct {
	Watchers List[FileSystemWatcher] `json:"watchers"`
}

// FileSystemWatcher is a glob; Kind is a sum of kinds of events, and 0 all of them.
type FileSystemWatcher struct {
	GlobPattern string    `json:"globPattern"`
	Kind        WatchKind `json:"kind,omitempty"`
}

// WatchKind are kinds of events.
type WatchKind int

// The kinds.
const (
	WatchCreate WatchKind = 1
	WatchChange WatchKind = 2
	WatchDelete WatchKind = 4
)
