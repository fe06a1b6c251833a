package views

// API describes the JSON API.
type API struct {
	Text    string // an introduction, one paragraph
	Spec    string // URL of the OpenAPI document
	Groups  []APIGroup
	Schemas []APISchema
}

// APIGroup holds the operations on one kind of thing.
type APIGroup struct {
	Name, Text string
	Operations []Operation
}

// Operation is one method on one path.
type Operation struct {
	ID          string // unique on the page, fit for a fragment
	Method      string
	Path        string
	Summary     string
	Description string
	Curl        string // a command that does it
	Params      []APIField
	Body        *APIContent // of the request, or nil
	Answers     []APIAnswer
}

// APIAnswer is one answer of an operation.
type APIAnswer struct {
	Status  string
	Text    string // what it means
	Content *APIContent
}

// APIContent is what a body holds.
type APIContent struct {
	Schema  string // the name of its schema
	Many    bool   // it is an array of those
	Example string // as indented JSON, or ""
}

// APISchema is what an object has.
type APISchema struct {
	Name   string
	Fields []APIField
}

// APIField is a parameter of an operation or a property of a schema.
type APIField struct {
	Name     string
	Where    string // "path", "query" or "header" of a parameter
	Type     string
	Schema   string // the name of the schema of its values, or ""
	Required bool
	Text     string
	Example  string
}

func schemaID(name string) string { return "schema-" + name }
