package action

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"

	"glue-connector/internal/connector"
	"glue-connector/internal/product"
	"glue-connector/internal/report"
)

// What people do with a listing besides a release. These are commands and no modes of
// the action: none of them belongs into what runs at each release.
const (
	ListingShow      Mode = "listing show"
	ListingUpdate    Mode = "listing update"
	ListingRestrict  Mode = "listing restrict"
	ProductCreate    Mode = "product create"
	ProductAddition  Mode = "product create-repository"
	ProductReleasing Mode = "product release"
)

// managed is a command about a listing.
type managed struct {
	Mode Mode
	Help string
	// Inputs are the names of its flags; own ones come before those of the action.
	Inputs []string
	steps  func(*run, context.Context)
}

var (
	asRole    = []string{"role-to-assume", "role-session-name", "role-duration-seconds", "role-external-id", "role-chaining", "audience", "allowed-account-ids"}
	ofChanges = append([]string{"dry-run", "wait", "timeout-minutes", "quiet"}, asRole...)
	ofLinks   = []string{"config-path", "working-directory", "connector-name", "connector-description", "connector-type", "connector-class-name", "connector-version", "connector-url", "jdbc-url-formats", "jdbc-url-delimiter"}
)

// managing lists them, those of one family together.
func managing() []managed {
	return []managed{
		{ListingShow, "Show a product's versions, delivery options and activation links, and what is wrong with the links",
			append([]string{"product-id", "digests", "timeout-minutes"}, asRole...), (*run).showListing},
		{ListingUpdate, "Change usage instructions, description or release notes of a version that is there, such as a wrong link",
			slices.Concat([]string{"product-id", "version-title", "delivery-option-title", "relink", "usage-instructions", "delivery-description", "release-notes"}, ofLinks, ofChanges), (*run).updateListing},
		{ListingRestrict, "Take a version from those who have not subscribed yet, for good",
			slices.Concat([]string{"product-id", "version-title", "delivery-option-title", "confirm"}, ofChanges), (*run).restrictListing},
		{ProductCreate, "Create a product with its texts and repositories, as a draft",
			slices.Concat([]string{"product-file", "working-directory"}, productKeys(), ofChanges), (*run).createProduct},
		{ProductAddition, "Add repositories for images to a product",
			slices.Concat([]string{"product-id", "repositories"}, ofChanges), (*run).addRepositories},
		{ProductReleasing, "Make a draft Limited, or ask AWS to make a product Public",
			slices.Concat([]string{"product-id", "to", "confirm"}, ofChanges), (*run).releaseProduct},
	}
}

func productKeys() (keys []string) {
	for _, f := range product.Fields {
		keys = append(keys, f.Key)
	}
	return keys
}

// Where a product can go.
const (
	toLimited = "limited"
	toPublic  = "public"
)

// ownInputs are flags that the action does not have, or that are about something
// else there.
var ownInputs = sync.OnceValue(func() []Input {
	all := []Input{
		{Name: "product-id", Help: "The product's id in AWS Marketplace, such as prod-abcdefghijklm."},
		{Name: "digests", Default: "false", Kind: Bool, Help: "Also ask Amazon ECR which image each tag names now."},
		{Name: "version-title", Help: "The title of the version; for an update the default is the version in config.json."},
		{Name: "delivery-option-title", Help: "The title of one delivery option; the default is all of the version."},
		{Name: "relink", Default: "false", Kind: Bool, Help: "Put the link of this connector in the place of the one in the usage instructions; the text around it stays."},
		{Name: "usage-instructions", Help: "New usage instructions: a text, or @ and the path of a file, in which {link}, {image} and {version} are filled in."},
		{Name: "delivery-description", Help: "A new description of the delivery option."},
		{Name: "release-notes", Help: "New release notes: a text, or @ and the path of a file."},
		{Name: "connector-url", Help: "The image's URL in the activation link; the default is the image of the delivery option."},
		{Name: "confirm", Help: "To restrict, the title of the version once more; to release, the title of the product. Nothing is changed without it."},
		{Name: "to", Default: toLimited, Kind: Choice, Choices: []string{toLimited, toPublic}, Help: "limited makes a draft complete, for you and the accounts you name; public asks AWS to show it to everybody, which people there look at first."},
		{Name: "product-file", Default: "product.yaml", Help: "A YAML file with the product's texts and repositories; flags take the place of what it says."},
		{Name: "wait", Default: "true", Kind: Bool, Help: "Wait until AWS is done with it, which takes minutes to hours; without it, it is enough that AWS has begun."},
		{Name: "dry-run", Default: "false", Kind: Bool, Help: "Read what is there, print what would be sent to AWS Marketplace, and write nothing."},
	}
	for _, f := range product.Fields {
		i := Input{Name: f.Key, Help: f.Help}
		if f.Kind != product.Text {
			i.Kind = Lines
		}
		if f.Kind == product.Links {
			i.Help = strings.TrimSuffix(f.Help, ".") + ": text=URL."
		}
		all = append(all, i)
	}
	return all
})

// managed finds the command that a mode is, nil if it is a mode of the action.
func (m Mode) managed() *managed {
	for _, c := range managing() {
		if c.Mode == m {
			return &c
		}
	}
	return nil
}

// inputs are those of a mode, in the order of its help.
func (m Mode) inputs() (all []Input) {
	c := m.managed()
	if c == nil {
		for _, i := range Inputs {
			if i.Name != "mode" && i.In(m) {
				all = append(all, i)
			}
		}
		return all
	}
	for _, name := range c.Inputs {
		all = append(all, c.input(name))
	}
	return all
}

func (c *managed) input(name string) Input {
	for _, i := range ownInputs() {
		if i.Name == name {
			return i
		}
	}
	return find(name)
}

// takes tells whether an input counts in a mode.
func (m Mode) takes(name string) bool {
	return slices.ContainsFunc(m.inputs(), func(i Input) bool { return i.Name == name })
}

// writes tells that a mode changes something outside of this machine.
func (m Mode) writes() bool { return m.pushes() || m.managed() != nil && m != ListingShow }

// managingSettings are the flags that the commands about listings alone have.
type managingSettings struct {
	Digests bool
	Relink  bool
	Confirm string
	To      string
	// Option is the title of one delivery option, "" for all.
	Option      string
	Description string
	File        string
	// Fields are those of a product that are flags.
	Fields map[string][]string
}

func parseManaging(c managed, get, getenv func(string) string) (Settings, []Problem) {
	r := &reader{get: get}
	s := r.settings(c.Mode, getenv)
	s.Repository = connector.Reference{Region: "us-east-1"} // the Catalog API has no other
	given := func(name string) string { return strings.TrimSpace(get(name)) }
	m := &s.Managing
	m.Digests, m.Relink = r.flag("digests"), r.flag("relink")
	m.Confirm, m.To = given("confirm"), given("to")
	m.Option, m.Description, m.File = given("delivery-option-title"), given("delivery-description"), given("product-file")
	m.Fields = map[string][]string{}
	for _, f := range product.Fields {
		if values := r.lines(f.Key); f.Kind != product.Text && len(values) > 0 {
			m.Fields[f.Key] = values
		} else if text := given(f.Key); f.Kind == product.Text && text != "" {
			m.Fields[f.Key] = []string{text}
		}
	}
	if m.To == "" {
		m.To = toLimited
	}
	if m.To != toLimited && m.To != toPublic {
		r.problem("to", fmt.Sprintf("%+q is not one of limited, public", m.To), "Choose one of them.")
	}
	if s.Listing.Product == "" && c.Mode.takes("product-id") {
		r.problem("product-id", "no product is named", "Copy the id from the product's page in the AWS Marketplace Management Portal.")
	}
	return s, r.problems
}

// flag is a Bool that is not in the table of inputs.
func (r *reader) flag(name string) bool {
	switch v := strings.TrimSpace(r.get(name)); v {
	case "true", "True", "TRUE":
		return true
	case "", "false", "False", "FALSE":
		return false
	default:
		r.problem(name, fmt.Sprintf("%+q is neither true nor false", v), "Write true or false.")
		return false
	}
}

// manage does one of the commands, and returns the exit code.
func manage(ctx context.Context, env Env, c managed, get func(string) string) int {
	in, problems := parseManaging(c, get, env.Getenv)
	r := newRun(env, in, problems)
	return r.complete(ctx, func(r *run, ctx context.Context) {
		defer func() {
			if p := recover(); p != nil {
				r.fail("internal", fmt.Errorf("a bug: %v", p))
			}
		}()
		r.connector = &connector.Connector{}
		c.steps(r, ctx)
	}, (*run).finishManaging)
}

// finishManaging says how it ended. The outputs of a workflow's step are those of
// the action alone.
func (r *run) finishManaging(context.Context) int {
	r.tellProblems()
	code := r.code()
	switch {
	case code != exitFine:
		r.report.Result = report.Failed
	case r.in.DryRun && r.in.Mode != ListingShow:
		r.report.Result = report.DryRun
	}
	fmt.Fprint(r.env.Stdout, "\n"+r.report.Verdict(r.palette))
	if r.env.JSON != nil && r.shown != nil {
		if err := r.shown.write(r.env.JSON, r.report); err != nil {
			return exitFailed // there is no one left to tell
		}
	}
	return code
}
