// Package report says what a run found and did: as Markdown for the job summary
// and a pull request's comment, as text for a terminal, as JSON for programs, as
// SARIF for code scanning. All faces are pure functions of one Report, sorted,
// bounded, and safe against what a config, a jar or a registry may have put into
// it: untrusted text passes through the escaper of its face, and nowhere else.
package report

import (
	"fmt"
	"time"

	"glue-connector/internal/check"
	"glue-connector/internal/connector"
	"glue-connector/internal/trial"
)

// Schema names the form of the JSON report. It changes when a reader of the
// old one would misunderstand the new one.
const Schema = "glue-connector/report/v1"

// Report is everything that one run has to say.
type Report struct {
	Schema  string    `json:"schema"`
	Version string    `json:"version"` // of the program
	Mode    string    `json:"mode"`
	Result  Result    `json:"result"`
	Commit  string    `json:"commit,omitempty"` // that was checked out, in full
	Started time.Time `json:"started,omitzero"`

	Connector Connector       `json:"connector"`
	Findings  []check.Finding `json:"findings"`
	Steps     []Step          `json:"steps"`
	// Glue says which Glue versions can load the connector.
	Glue  []check.Verdict `json:"glue,omitempty"`
	Image *Image          `json:"image,omitempty"`
	// Previous is the image that was published before this one, and Changes is
	// what became of its jars.
	Previous *Image    `json:"previous,omitempty"`
	Changes  *Changes  `json:"changes,omitempty"`
	Unpacked *Unpacked `json:"unpacked,omitempty"`
	Link     *Link     `json:"link,omitempty"`
	SBOM     *SBOM     `json:"sbom,omitempty"`
	Listing  *Listing  `json:"listing,omitempty"`
	// Tests are the guide's tables: one for each runner and Glue version.
	Tests []trial.Table `json:"tests,omitempty"`
	// Output is where the image was written on this machine.
	Output string `json:"output,omitempty"`
	// Omitted counts what was left out to keep the JSON within MaxJSON.
	Omitted *Omitted `json:"omitted,omitempty"`
}

// Omitted counts what a JSON report had no room for.
type Omitted struct {
	Errors   int  `json:"errors,omitempty"`
	Warnings int  `json:"warnings,omitempty"`
	Steps    int  `json:"steps,omitempty"`
	Jars     int  `json:"jars,omitempty"` // of all lists of jars
	Glue     int  `json:"glue,omitempty"`
	Tests    int  `json:"tests,omitempty"` // of all tables
	Link     bool `json:"link,omitempty"`
}

// Result is the outcome of a run in one word.
type Result string

// The results.
const (
	Checked          Result = "checked"
	Built            Result = "built"
	Pushed           Result = "pushed"
	AlreadyPublished Result = "already-published"
	Verified         Result = "verified"
	Published        Result = "published"
	Publishing       Result = "publishing" // started, and not waited for to the end
	Tested           Result = "tested"
	DryRun           Result = "dry-run"
	Commented        Result = "commented" // the report of another run
	Failed           Result = "failed"
)

// Connector is what the connector says of itself.
type Connector struct {
	ConfigPath string `json:"config"`
	Type       string `json:"type"`
	ClassName  string `json:"className"`
	Version    string `json:"version"`
	Publisher  string `json:"publisher"`
	Jars       []Jar  `json:"jars"`
}

// Jar is one jar of a connector or of an image.
type Jar struct {
	Name   string `json:"name"`
	Path   string `json:"path,omitempty"`
	Size   int64  `json:"size"` // bytes
	SHA256 string `json:"sha256,omitempty"`
	// Layer is the DiffID of the image's layer that the jar is alone in.
	Layer string `json:"layer,omitempty"`
}

// Image is the image that was made or verified.
type Image struct {
	Reference string `json:"reference,omitempty"` // host/repository:tag
	ByDigest  string `json:"byDigest,omitempty"`  // host/repository@digest
	Digest    string `json:"digest"`
	Size      int64  `json:"size"` // bytes that a Glue job downloads
	Layers    int    `json:"layers"`
	Uploaded  int64  `json:"uploaded"` // bytes sent in this run
	// Base is what the image was built on, nil for nothing.
	Base *Base `json:"base,omitempty"`
}

// Base is the image that another one was built on.
type Base struct {
	Name   string `json:"name"`   // as it was asked for, in full
	Pinned string `json:"pinned"` // name@digest
	Size   int64  `json:"size"`   // bytes that each Glue job downloads for it
	Layers int    `json:"layers"`
}

// Line says what a base costs.
func (b *Base) Line() string {
	return fmt.Sprintf("base image %s adds %s to every job start", b.Pinned, Bytes(b.Size))
}

// Unpacked is what a Glue job gets out of the image.
type Unpacked struct {
	Jars []Jar `json:"jars"`
}

// SBOM is the list of what the connector is made of.
type SBOM struct {
	Path       string `json:"path,omitempty"` // where it was written on this machine
	Components int    `json:"components,omitempty"`
	// Digest is that of the artifact beside the image in the registry.
	Digest string `json:"digest,omitempty"`
}

// Listing is the version in AWS Marketplace.
type Listing struct {
	Product      string `json:"product"` // its id
	VersionTitle string `json:"versionTitle"`
	Options      int    `json:"deliveryOptions"`
	// ChangeSet that added the version, or is to, and how far AWS is with it.
	ChangeSet string `json:"changeSet,omitempty"`
	Status    string `json:"status,omitempty"`
}

// Link is the activation link with what the subscriber's form will show.
type Link struct {
	URL               string     `json:"url"`
	UsageInstructions string     `json:"usageInstructions"`
	Form              []FormLine `json:"form"`
}

// FormLine is one field of Glue Studio's form.
type FormLine struct {
	Field string `json:"field"`
	Value string `json:"value"`
}

// NewLink makes the link's part of a report.
func NewLink(l *connector.Link) *Link {
	url := l.String()
	out := &Link{URL: url, UsageInstructions: connector.UsageInstructions(url)}
	add := func(field, value string) {
		if value != "" {
			out.Form = append(out.Form, FormLine{field, value})
		}
	}
	add("Name", l.Name)
	add("Connector type", l.Type)
	add("Description", l.Description)
	add("Image", l.URL)
	add("Version", l.Version)
	add("Class name", l.ClassName)
	for _, u := range l.JDBCURLs {
		add("JDBC URL: "+u.Title, u.Template)
	}
	add("Delimiter", l.Delimiter)
	return out
}

// Status is how a step ended.
type Status string

// The states of a step.
const (
	Done    Status = "done"
	Skipped Status = "skipped"
	Broken  Status = "failed"
)

// Step is one thing that a run did, skipped or failed at.
type Step struct {
	Name   string `json:"name"`
	Status Status `json:"status"`
	Detail string `json:"detail"`         // may hold untrusted text
	Hint   string `json:"hint,omitempty"` // what to do, if it failed
	Kind   string `json:"kind,omitempty"` // of the failure: inputs, auth, remote, conflict, base, environment, partial, timeout, cancelled, internal
	// Says is what a step that was done found, where that is not all good: no, or
	// unknown also if it is good in part. It is for the mark in the log alone.
	Says check.Answer `json:"-"`
}

// Errors counts the findings that are errors, with those left out.
func (r *Report) Errors() int { return check.Count(r.Findings, check.Error) + r.omitted().Errors }

// Warnings counts the findings that are warnings, with those left out.
func (r *Report) Warnings() int {
	return check.Count(r.Findings, check.Warning) + r.omitted().Warnings
}

func (r *Report) omitted() Omitted {
	if r.Omitted == nil {
		return Omitted{}
	}
	return *r.Omitted
}

// jars are those of the image, if it was looked into, or else of the connector.
func (r *Report) jars() []Jar {
	if r.Unpacked != nil {
		return r.Unpacked.Jars
	}
	return r.Connector.Jars
}

// Failures lists the steps that failed.
func (r *Report) Failures() []Step {
	var out []Step
	for _, s := range r.Steps {
		if s.Status == Broken {
			out = append(out, s)
		}
	}
	return out
}
