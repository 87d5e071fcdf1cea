package action

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"glue-connector/internal/connector"
	"glue-connector/internal/credentials"
	"glue-connector/internal/glue"
	"glue-connector/internal/registry"
	"glue-connector/internal/trial"
)

// Settings are all inputs, read and checked.
type Settings struct {
	Mode             Mode
	ConfigPath       string
	Jars             []string
	WorkingDirectory string

	// Repository is the target as far as the inputs name it: the account and
	// the region may be missing, and so may the tag.
	Repository     connector.Reference
	AdditionalTags []string
	// Role is to be assumed unless its ARN is empty. Allowed are the accounts that
	// may be worked as, nil for any.
	Role    credentials.Role
	Allowed []string
	// Places are repositories besides Repository, without tags.
	Places        []connector.Reference
	BaseImage     string // "" for none
	Create        bool
	OnExistingTag registry.Existing
	// Epoch is the image's time, zero if it is the config's.
	Epoch  time.Time
	Output string

	Link       connector.Link // what the inputs say; defaults come later
	LinkWanted bool

	Glue []glue.Version // that must load the connector, none for any

	TestPlan    string
	PlanGiven   bool // the plan must be there for a check, too
	RunTests    bool
	Runner      trial.Runner
	Runtime     string // of the runner local
	GlueImage   string
	Published   bool
	TestTimeout time.Duration // of one test, 0 for none
	GlueJobs    GlueJobs      // of the runner glue
	TestReport  string

	Listing   listingInputs
	Wait      bool   // for a change set
	OnTimeout string // fail or succeed
	Managing  managingSettings

	FailOn     string
	Strict     bool
	DryRun     bool
	Timeout    time.Duration // of all that uses the network, 0 for none
	Quiet      bool
	ReportFile string
	SARIFFile  string
	SBOMFile   string
	AttachSBOM bool

	Comment     string
	CommentKey  string
	GitHubToken string
	FromReport  string
}

// Problem is something wrong with an input.
type Problem struct{ Input, Message, Advice string }

func (p Problem) String() string { return p.Input + ": " + p.Message }

// parse reads all inputs. It finds all problems at once.
func parse(get, getenv func(string) string) (Settings, []Problem) {
	r := &reader{get: get}
	s := r.settings(Mode(r.choice("mode")), getenv)
	r.checkMode(s)
	return s, r.problems
}

// settings reads what is there, whatever the mode needs.
func (r *reader) settings(mode Mode, getenv func(string) string) Settings {
	s := Settings{
		Mode:             mode,
		ConfigPath:       r.text("config-path"),
		Jars:             r.list("jars"),
		WorkingDirectory: r.text("working-directory"),
		AdditionalTags:   r.list("additional-tags"),
		BaseImage:        r.text("base-image"),
		Create:           r.bool("create-repository"),
		OnExistingTag:    registry.Existing(r.choice("on-existing-tag")),
		Output:           r.text("output"),
		TestPlan:         r.text("test-plan"),
		PlanGiven:        r.text("test-plan") != trial.DefaultPath, // which the runner gives itself
		RunTests:         r.bool("run-tests"),
		Runner:           trial.Runner(r.choice("runner")),
		Runtime:          r.choice("local-runtime"),
		GlueImage:        r.text("glue-image"),
		Published:        r.bool("published"),
		TestTimeout:      r.minutes("test-timeout-minutes"),
		TestReport:       r.text("test-report"),
		FailOn:           r.choice("fail-on"),
		Strict:           r.bool("strict"),
		DryRun:           r.bool("dry-run"),
		Timeout:          r.minutes("timeout-minutes"),
		Quiet:            r.bool("quiet"),
		ReportFile:       r.text("report-file"),
		SARIFFile:        r.text("sarif-file"),
		SBOMFile:         r.text("sbom-file"),
		AttachSBOM:       r.bool("attach-sbom"),
		Comment:          r.choice("comment"),
		CommentKey:       r.text("comment-key"),
		GitHubToken:      r.text("github-token"),
		FromReport:       r.text("from-report"),
	}
	if s.BaseImage == "scratch" {
		s.BaseImage = ""
	}
	s.Glue = r.glueVersions()
	s.Epoch = r.epoch(getenv)
	s.Listing, s.Wait, s.OnTimeout = r.listing(), r.bool("wait"), r.choice("on-timeout")
	s.Repository = r.repository(getenv)
	s.Places = r.places(s.Repository)
	s.Link, s.LinkWanted = r.link()
	s.Role, s.Allowed = r.role(getenv), r.allowed(s)
	s.GlueJobs = r.glueJobs(s)
	return s
}

func (r *reader) glueVersions() []glue.Version {
	all, err := glue.Parse(r.list("glue-versions"))
	if unknown, ok := errors.AsType[*glue.UnknownError](err); ok {
		for _, name := range unknown.Names {
			r.problem("glue-versions", fmt.Sprintf("%+q is no version of AWS Glue", name), "The versions are "+glue.Names(glue.Versions)+".")
		}
	}
	return all
}

// link reads the inputs of the activation link. It is wanted if any is given.
func (r *reader) link() (l connector.Link, wanted bool) {
	l = connector.Link{
		Name:        r.text("connector-name"),
		Description: r.text("connector-description"),
		Type:        r.text("connector-type"),
		ClassName:   r.text("connector-class-name"),
		Version:     r.text("connector-version"),
		URL:         r.text("connector-url"),
		Delimiter:   r.text("jdbc-url-delimiter"),
	}
	if t, known := connector.LinkType(l.Type); known {
		l.Type = t
	}
	for _, line := range r.lines("jdbc-url-formats") {
		title, template, _ := strings.Cut(line, "=")
		l.JDBCURLs = append(l.JDBCURLs, connector.JDBCURL{Title: strings.TrimSpace(title), Template: strings.TrimSpace(template)})
	}
	wanted = l.Name+l.Description+l.Type+l.ClassName+l.Version+l.URL+l.Delimiter != "" || len(l.JDBCURLs) > 0
	return l, wanted
}

// checkPublish says what a publication cannot do without, and what it does not
// do: what customers have got must not change under them, and a release that is
// run again must come to the same image.
func (r *reader) checkPublish(s Settings) {
	if s.Listing.Product == "" {
		r.problem("product-id", "no product is named", "Copy the id from the product's page in the AWS Marketplace Management Portal.")
	}
	if s.BaseImage != "" && !strings.Contains(s.BaseImage, "@sha256:") {
		r.problem("base-image", fmt.Sprintf("%+q is named by tag, which may be another image at the next run", s.BaseImage), "Pin it by digest, name@sha256:...; a push says which one it is.")
	}
	if s.OnExistingTag == registry.Overwrite {
		r.problem("on-existing-tag", "a publication overwrites no tag: customers may have its image", "Release under a new version; or push with overwrite first, if the image was never published.")
	}
}

// checkMode says what a mode cannot do without.
func (r *reader) checkMode(s Settings) {
	if find("jars").In(s.Mode) && len(s.Jars) == 0 {
		r.problem("jars", "no jars are named", "Give files, folders or globs, for example: target/*.jar")
	}
	if s.Mode == Publish {
		r.checkPublish(s)
	}
	if (s.Mode.pushes() || s.Mode == Verify) && r.text("repository") == "" {
		r.problem("repository", "no repository is named", "Give the URI that AWS Marketplace shows for the product, for example 709825985650.dkr.ecr.us-east-1.amazonaws.com/my-company/my-connector")
	}
	if s.Mode == Comment && s.FromReport == "" {
		r.problem("from-report", "no report is named", "Download the artifact of the run that wrote it, and give the file's path.")
	}
	if s.Published && s.Runtime == "glue-image" {
		r.problem("local-runtime", "a published connector is downloaded by Glue with AWS credentials, and its image gets none", "Use runner: glue; or local-runtime: spark, with the jars in place of the published ones.")
	}
	if s.GlueImage != "" && len(s.Glue) != 1 {
		r.problem("glue-image", "it is not said which Glue version the image is of", "Give the one version in glue-versions.")
	}
	for _, tag := range s.AdditionalTags {
		if !connector.ValidTag(tag) {
			r.problem("additional-tags", fmt.Sprintf("%+q is no image tag", tag), "Use letters, digits, dots, dashes and underscores, at most 128 characters.")
		}
	}
}
