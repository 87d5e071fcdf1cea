package trial

import "strings"

// Target is what trials are made for.
type Target struct {
	Runner Runner
	// Published tells that the connector is taken from AWS Marketplace, through
	// the plan's connection (marketplace.*); else its jars are on the class path
	// (custom.*, --extra-jars).
	Published bool
	// Environment tells that a script takes the credentials from environment
	// variables: where Secrets Manager cannot be reached.
	Environment bool
	// NoCatalog and NoAthena say why there are none, "" if there are.
	NoCatalog, NoAthena string
}

// Trial is one test with all that its script needs.
type Trial struct {
	// Name is the test's title in the guide, as DataSourceTest, or the name of a
	// test of the plan's own.
	Name    string
	Summary string
	// Type is the connection type: custom.jdbc.
	Type string
	// Options are those to read with, and Sink those to write with, nil for
	// trials that write nothing with the connector.
	Options, Sink []Option
	// Env are the keys of a secret that a script takes from environment
	// variables.
	Env []Option
	// Stored tells that what was read is written to storage and read back.
	Stored bool
	Expect Expect
	// Note says what a default was taken from, "" if the plan says it.
	Note string
}

// Skipped is a test that applies and is not run.
type Skipped struct {
	Name string
	Why  string
}

// Trials makes the trials of a plan for a target, in the order of the guide's
// table and then of the plan. Tests that do not apply to the connector or the
// runner are in neither list.
func (p *Plan) Trials(t Target) (trials []Trial, skipped []Skipped) {
	for _, test := range Tests {
		if !contains(test.In(t.Runner), p.Kind) {
			continue
		}
		c := p.Tests[test.Name]
		trial, why := Trial{Name: test.Title(), Summary: test.Summary, Type: t.connectionType(p.Kind)}, ""
		switch {
		case c.Off:
			why = "the plan leaves it out"
		case p.Kind == Athena && t.NoAthena != "":
			why = t.NoAthena
		default:
			why = p.fill(&trial, test.Name, c, t)
		}
		if why != "" {
			skipped = append(skipped, Skipped{test.Title(), why})
			continue
		}
		trials = append(trials, trial)
	}
	for _, c := range p.Own {
		if p.Kind == Athena && t.NoAthena != "" {
			skipped = append(skipped, Skipped{c.Name, t.NoAthena})
			continue
		}
		trial := Trial{Name: c.Name, Summary: "a test of the plan's own", Type: t.connectionType(p.Kind), Expect: c.Expect.clone()}
		p.access(&trial, merge(p.readable(c.Options), c.Options), t)
		trials = append(trials, trial)
	}
	return trials, skipped
}

func (t Target) connectionType(k Kind) string {
	if t.Published {
		return "marketplace." + string(k)
	}
	return "custom." + string(k)
}

// readable are the plan's options, without those that a test's own replace.
func (p *Plan) readable(own []Option) []Option {
	switch {
	case has(own, "query"):
		return without(p.Options, "dbTable")
	case has(own, "dbTable"):
		return without(p.Options, "query")
	}
	return p.Options
}

// access puts the class or the connection, and the credentials, before options.
func (p *Plan) access(t *Trial, options []Option, target Target) {
	t.Options, t.Env = p.through(options, target, target.Published)
}

func (p *Plan) through(options []Option, target Target, connection bool) (out, env []Option) {
	if connection {
		// The connection has the class, the URL and the secret.
		if p.Kind == JDBC {
			options = without(options, "url")
		}
		return append([]Option{{Name: "connectionName", Value: p.connection()}}, options...), nil
	}
	out = append([]Option{{Name: "className", Value: p.Class}}, options...)
	switch {
	case p.Secret.None():
	case target.Environment && len(p.Secret.Env) > 0:
		env = p.Secret.Env
	default:
		out = append(out, Option{Name: "secretId", Value: p.Secret.name()})
	}
	return out, env
}

// StandInConnection is the connection's name where there is no Data Catalog and
// the plan names none.
const StandInConnection = "glue-connector-test"

func (p *Plan) connection() string {
	if p.Connection == "" {
		return StandInConnection
	}
	return p.Connection
}

// optionOf is the option that a secret's key becomes.
func optionOf(key, connectionType string) string {
	if strings.HasSuffix(connectionType, string(JDBC)) {
		switch strings.ToLower(key) {
		case "username", "user":
			return "user"
		case "password":
			return "password"
		}
	}
	return key
}

// StandInSecret is the secret's name for a plan that names environment
// variables only.
const StandInSecret = "glue-connector-test"

func (s Secret) name() string {
	if s.ID == "" {
		return StandInSecret
	}
	return s.ID
}

// Name is the secret's name or ARN in a script, "" if there is none.
func (s Secret) Name() string {
	if s.None() {
		return ""
	}
	return s.name()
}

// fill completes the trial of a test of the guide, or says why it is not run.
func (p *Plan) fill(t *Trial, test string, c Case, target Target) string {
	options := merge(p.readable(c.Options), c.Options)
	t.Expect = Expect{Count: p.Expect.Count}
	connection, why := target.Published, ""
	switch test {
	case "ReadWrite":
		t.Stored = true
	case "CatalogConnection":
		connection, why = true, target.NoCatalog
	case "DataSchema":
		t.Expect.Schema = p.Expect.Schema
		if t.Expect.Schema == nil && c.Expect.Schema == nil {
			why = "the plan expects no schema"
		}
	case "SecretsManager":
		switch {
		case p.Secret.None() && !connection:
			why = "the plan names no secret"
		case target.Environment:
			why = "AWS Secrets Manager is not reached from here"
		}
	case "DataSink":
		why = p.sink(t, c, target)
	case "ColumnPartitioning":
		options, why = p.partitioning(t, options)
	case "FilterPredicate":
		options, why = p.predicate(t, options)
	case "DbtableQuery":
		options = p.query(t, options)
	case "DataTypeMapping":
		options, why = p.mapping(t, options, c)
	}
	if c.Expect.Count != nil {
		t.Expect.Count = c.Expect.Count
	}
	if c.Expect.Schema != nil {
		t.Expect.Schema = c.Expect.Schema
	}
	if c.Expect.Partitions != nil {
		t.Expect.Partitions = c.Expect.Partitions
	}
	t.Expect = t.Expect.clone()
	if connection && why == "" && p.Connection == "" && (target.Published || target.Runner == Glue) {
		why = "the plan names no connection"
	}
	t.Options, t.Env = p.through(options, target, connection)
	return why
}

// Unfit tells why the plan cannot be run for a target at all, in the way of its
// Problems.
func (p *Plan) Unfit(t Target) (all []Problem) {
	if t.Published && p.Connection == "" {
		all = append(all, Problem{Message: "the plan names no connection, through which a published connector is tested",
			Advice: "Activate the connector in Glue Studio, and write the connection's name under connection."})
	}
	if t.Runner == Glue && p.Secret.ID == "" && len(p.Secret.Env) > 0 && !t.Published {
		all = append(all, Problem{At: p.Secret.At, Message: "the secret is in environment variables only, which a Glue job does not have",
			Advice: "Put it into AWS Secrets Manager, and write its name as id under secret."})
	}
	if t.Runner == Glue && p.Kind == Athena {
		all = append(all, Problem{Message: "the guide has no tests of an Athena connector in Glue jobs", Advice: "Test it with the runner local."})
	}
	return all
}
