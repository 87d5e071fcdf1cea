package report

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"

	"glue-connector/internal/check"
	"glue-connector/internal/connector"
	"glue-connector/internal/glue"
	"glue-connector/internal/trial"
)

const (
	digest    = "sha256:3644d006de3ca485f837399dbdf5b0bae2b72b977bf7754a0864ac49775f8bdd"
	home      = "709825985650.dkr.ecr.us-east-1.amazonaws.com/my-company/demo"
	className = "com.example.glue.demo.DemoDriver"
)

// origin is where the pull request's comment links to.
var origin = Origin{
	Server: "https://github.com", Repository: "example/demo-connector", Commit: "0123456789abcdef0123456789abcdef01234567",
	RunID: 1234567890, RunAttempt: 2, PullRequest: 7,
}

// verdicts judge a connector for Java 8 and Scala 2.12.
func verdicts(on60 check.Answer, reasons ...string) []check.Verdict {
	all := []check.Verdict{}
	for _, v := range glue.InService() {
		all = append(all, check.Verdict{Glue: v.Name, Runs: fmt.Sprintf("Spark %s, Scala %s, Java %d", v.Spark, v.Scala, v.Java), Loads: check.Yes})
	}
	all[len(all)-1].Loads, all[len(all)-1].Reasons = on60, reasons
	return all
}

// good is a check of a pull request that may be merged.
func good() *Report {
	r := pushed()
	r.Mode, r.Result, r.Image, r.Previous, r.Changes, r.Link, r.SBOM = "check", Checked, nil, nil, nil, nil, nil
	r.Glue, r.Steps = verdicts(check.Yes), []Step{
		{Name: "load", Status: Done, Detail: "config.json, 2 jars, 1.2 MB"},
		{Name: "glue", Status: Done, Detail: "can load on Glue 3.0, 4.0, 5.0, 5.1, 6.0"},
		{Name: "link", Status: Skipped, Detail: "its image is not known: give repository, with aws-account-id or as a full URI"},
	}
	return r
}

// warned is a check that found what breaks nothing today.
func warned() *Report {
	r := good()
	r.Glue = verdicts(check.Unknown, "the entry class could not be told from the jars")
	r.Findings = []check.Finding{
		{Rule: "config-connector-type", Severity: check.Warning, Path: "config.json", At: connector.Position{Line: 6, Column: 20}, Message: `connectortype is "Presto"`, Advice: `Write "JDBC", "Spark" or "Athena".`},
		{Rule: "glue-bundled", Severity: check.Warning, Path: "target/demo-jdbc-1.0.0.jar", Message: `"demo-jdbc-1.0.0.jar" holds org.slf4j, which Glue ships itself`, Advice: "Leave it out of the jar, or shade it."},
		{Rule: "glue-bundled", Severity: check.Warning, Path: "target/lib-2.0.jar", Message: `"lib-2.0.jar" holds com.fasterxml.jackson, which Glue ships itself`, Advice: "Leave it out of the jar, or shade it."},
	}
	return r
}

func hash(i int) string { return fmt.Sprintf("%064x", 0x43750458+i) }

// pushed is a release: nothing is wrong.
func pushed() *Report {
	jars := []Jar{{Name: "demo-jdbc-1.0.0.jar", Path: "target/demo-jdbc-1.0.0.jar", Size: 9873, SHA256: hash(1)}, {Name: "lib-2.0.jar", Path: "target/lib-2.0.jar", Size: 1234567, SHA256: hash(2)}}
	before := []Jar{{Name: "demo-jdbc-0.9.0.jar", Size: 8873, SHA256: hash(3)}, {Name: "lib-2.0.jar", Size: 1234567, SHA256: hash(2)}, {Name: "old.jar", Size: 100_000, SHA256: hash(4)}}
	return &Report{
		Schema: Schema, Version: "v1.2.3", Mode: "push", Result: Pushed,
		Commit: "0123456789abcdef0123456789abcdef01234567", Started: time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC),
		Connector: Connector{
			ConfigPath: "config.json", Type: "Jdbc", ClassName: className, Version: "1.0.0", Publisher: "Example",
			Jars: jars,
		},
		Findings: []check.Finding{},
		Glue:     verdicts(check.No, `"lib-2.0.jar" is built for Scala 2.12`),
		Steps: []Step{
			{Name: "load", Status: Done, Detail: "config.json, 2 jars, 1.2 MB"},
			{Name: "image", Status: Done, Detail: digest + ", 3 layers, 1.3 MB"},
			{Name: "push", Status: Done, Detail: home + ":1.0.0, 15.5 kB uploaded of 1.3 MB"},
			{Name: "verify", Status: Done, Detail: "Glue's unpacker can read the tag: 3 layers, all of them there"},
			{Name: "link", Status: Done, Detail: demoLink().URL},
		},
		Image: &Image{Reference: home + ":1.0.0", ByDigest: home + "@" + digest, Digest: digest, Size: 1254321, Layers: 3, Uploaded: 15480,
			Base: &Base{Name: "public.ecr.aws/docker/library/debian:12", Pinned: "public.ecr.aws/docker/library/debian@sha256:" + hash(9), Size: 321, Layers: 1}},
		Previous: &Image{Reference: home + ":0.9.0", ByDigest: home + "@sha256:" + hash(5), Digest: "sha256:" + hash(5), Size: 1353321, Layers: 4},
		Changes:  Compare(before, jars),
		SBOM:     &SBOM{Path: "sbom.cdx.json", Components: 5, Digest: "sha256:" + hash(10)},
		Link:     demoLink(),
	}
}

// published is a release that has come to AWS Marketplace.
func published() *Report {
	r := pushed()
	r.Mode, r.Result, r.Changes, r.Previous, r.SBOM = "publish", Published, nil, nil, nil
	r.Listing = &Listing{Product: "prod-abcdefghijklm", VersionTitle: "1.0.0", Options: 1, ChangeSet: "7yhd6m1ocd9evpdi8jwu8q4ec", Status: "SUCCEEDED"}
	r.Steps = append(r.Steps, Step{Name: "changes", Status: Done, Detail: "started change set " + r.Listing.ChangeSet},
		Step{Name: "market", Status: Done, Detail: "version 1.0.0 of prod-abcdefghijklm is published"})
	return r
}

func demoLink() *Link {
	return NewLink(&connector.Link{
		Name: "Demo JDBC Driver", Type: "Jdbc", Description: "Demo JDBC Driver", Version: "1.0.0", ClassName: className,
		URL:       "https://" + home + ":1.0.0",
		JDBCURLs:  []connector.JDBCURL{{Title: "username_password", Template: "jdbc:demo://${host}?user=${Username}&password=${Password}"}},
		Delimiter: "&",
	})
}

// failed is a check of a pull request that has work to do.
func failed() *Report {
	at := func(line, column int) connector.Position { return connector.Position{Line: line, Column: column} }
	return &Report{
		Schema: Schema, Version: "v1.2.3", Mode: "check", Result: Failed,
		Connector: Connector{
			ConfigPath: "config.json", Type: "Jdbc", ClassName: "com.example..Driver", Version: "1.0.0",
			Jars: []Jar{{Name: "demo,1.jar", Path: "target/demo,1.jar", Size: 9873}},
		},
		Findings: []check.Finding{
			{Rule: "config-class-name", Severity: check.Error, Path: "config.json", At: at(4, 16), Message: `classname "com.example..Driver" has an empty part`,
				Advice: "Write the full name as in Java, for example com.example.jdbc.ExampleDriver."},
			{Rule: "config-key-missing", Severity: check.Error, Path: "config.json", At: at(1, 1), Message: `key "description" is missing`,
				Advice: `Add "description" with a string value; keys are written in lower case.`},
			{Rule: "jar-name", Severity: check.Error, Path: "target/demo,1.jar", Message: `"demo,1.jar" holds a comma, at which Glue divides the list of jars`, Advice: "Rename the jar."},
			{Rule: "link-jdbc-url", Severity: check.Error, Message: "a JDBC connector needs at least one JDBC URL template",
				Advice: "Give jdbc-url-formats, for example: username_password=jdbc:example://${host}/${database}?user=${Username}&password=${Password}"},
			{Rule: "config-key-unknown", Severity: check.Warning, Path: "config.json", At: at(10, 3), Message: `key "homepage" is not one of the guide's eight`, Advice: "Remove it, or check its spelling."},
		},
		Glue: []check.Verdict{
			{Glue: "4.0", Runs: "Spark 3.3.0, Scala 2.12, Java 8", Loads: check.No, Reasons: []string{`"com.example..Driver" is in none of the jars`, `"demo,1.jar" is compiled for Java 17 (class-file version 61)`}},
			{Glue: "5.0", Runs: "Spark 3.5.4, Scala 2.12, Java 17", Loads: check.No, Reasons: []string{`"com.example..Driver" is in none of the jars`}},
			{Glue: "5.1", Runs: "Spark 3.5.6, Scala 2.12, Java 17", Loads: check.No, Reasons: []string{`"com.example..Driver" is in none of the jars`}},
		},
		Steps: []Step{
			{Name: "load", Status: Done, Detail: "config.json, 1 jar, 9.9 kB"},
			{Name: "link", Status: Skipped, Detail: "4 errors found"},
		},
	}
}

// conflict is a push that AWS refused.
func conflict() *Report {
	r := pushed()
	r.SBOM = nil
	r.Result, r.Link, r.Steps = Failed, nil, append(r.Steps[:2],
		Step{Name: "push", Status: Broken, Kind: "auth", Detail: "getting a token of the registry: AccessDeniedException: User: arn:aws:sts::123456789012:assumed-role/ci/run is not authorized to perform: ecr:GetAuthorizationToken on resource: *",
			Hint: "Allow the role ecr:GetAuthorizationToken on *, and on the repository ecr:BatchGetImage and ecr:PutImage."},
		Step{Name: "link", Status: Skipped, Detail: "a step before it failed"},
		Step{Name: "input", Status: Broken, Kind: "inputs", Detail: `image-tag: "-x" is no image tag`, Hint: "Use letters, digits, dots, dashes and underscores, at most 128 characters."})
	return r
}

// verified is a look at what is in the registry.
func verified() *Report {
	r := pushed()
	r.Mode, r.Result, r.Link, r.SBOM, r.Connector = "verify", Verified, nil, nil, Connector{Jars: []Jar{}}
	r.Image.Base = nil
	r.Unpacked = &Unpacked{}
	r.Steps = nil
	for i, name := range []string{"jars/demo-jdbc-1.0.0.jar", "jars/lib-2.0.jar"} {
		r.Unpacked.Jars = append(r.Unpacked.Jars, Jar{Name: name, Size: 9873, SHA256: hash(i)})
		r.Steps = append(r.Steps, Step{Name: "jar", Status: Done, Detail: name + ", 9.9 kB, sha256 " + hash(i)})
	}
	r.Steps = append(r.Steps, Step{Name: "verify", Status: Done, Detail: "a Glue job gets 2 jars, 19.7 kB, from " + r.Image.ByDigest})
	return r
}

// runID is that of a job run of Glue.
func runID(i int) string {
	sum := sha256.Sum256([]byte{byte(i)})
	return "jr_" + hex.EncodeToString(sum[:])
}

// attempted is the outcome of a test on Glue that passed.
func attempted(i int, test string, expected, actual trial.Expect) trial.Outcome {
	return trial.Outcome{Test: test + "Test", Verdict: trial.Passed, Expected: expected, Actual: actual, State: trial.Succeeded, RunID: runID(i),
		URL:     "https://us-east-1.console.aws.amazon.com/gluestudio/home?region=us-east-1#/job/gcv-1234567890-1-abcdef-5-1/run/" + runID(i),
		LogURL:  "https://us-east-1.console.aws.amazon.com/cloudwatch/home?region=us-east-1#logsV2:log-groups/log-group/$252Faws-glue$252Fjobs$252Ferror/log-events/" + runID(i),
		Seconds: 62, DPUSeconds: 124}
}

// tried is a run of the guide's tests on Glue, one of which failed, and on this machine.
func tried() *Report {
	r := good()
	r.Mode, r.Result = "test", Failed
	n, none := trial.Ref(int64(1000)), trial.Ref(int64(0))
	schema := []trial.Column{{Name: "id", Type: "bigint"}, {Name: "name", Type: "string"}, {Name: "price", Type: "decimal(10,2)"}}
	read, count := trial.Expect{Schema: schema, Count: n, Partitions: trial.Ref(1)}, trial.Expect{Count: n}
	glue := trial.Table{Runner: trial.Glue, On: "Glue 5.1", Glue: "5.1", Kind: trial.JDBC}
	for i, name := range []string{"DataSource", "ReadWrite", "DataSchema", "SecretsManager", "DataSink", "ColumnPartitioning", "FilterPredicate", "JDBCUrl", "DbtableQuery"} {
		glue.Outcomes = append(glue.Outcomes, attempted(i, name, count, read))
	}
	failed := &glue.Outcomes[2]
	failed.Verdict, failed.Why = trial.NotPassed, `column price is decimal(10,2) and not decimal(12,2)`
	failed.Advice = "If what came is right, mend expect in the plan; else the connector reads or writes other data than it should."
	failed.Expected.Schema = []trial.Column{schema[0], schema[1], {Name: "price", Type: "decimal(12,2)"}}
	glue.Outcomes[4] = trial.Outcome{Test: "DataSinkTest", Verdict: trial.NotTested, Why: "the plan names no sink"}
	glue.Outcomes[5].Expected.Partitions, glue.Outcomes[5].Actual.Partitions = trial.Ref(4), trial.Ref(4)
	glue.Outcomes[6].Expected, glue.Outcomes[6].Actual.Count = trial.Expect{Count: none}, none
	local := trial.Table{Runner: trial.Local, On: "plain Spark 3.5.6", Kind: trial.JDBC, Outcomes: []trial.Outcome{
		{Test: "DataSourceTest", Verdict: trial.Passed, Seconds: 9.25, Expected: count, Actual: read},
		{Test: "CatalogConnectionTest", Verdict: trial.NotTested, Why: "plain Spark has no Data Catalog"},
		{Test: "DataSchemaTest", Verdict: trial.Passed, Seconds: 9.25, Expected: trial.Expect{Schema: schema}, Actual: read},
		{Test: "Invoices", Verdict: trial.Passed, Seconds: 8.5, Actual: count},
	}}
	r.Tests = []trial.Table{glue, local}
	r.Findings = []check.Finding{{Rule: "test-failed", Severity: check.Error, Path: "glue-tests.yaml", Message: "DataSchemaTest on Glue 5.1: " + failed.Why, Advice: failed.Advice}}
	return r
}

// hostile holds what others may have written in every field that can hold it.
func hostile() *Report {
	all := strings.Join(untrusted, " ")
	r := failed()
	r.Connector = Connector{ConfigPath: all, Type: "Jdbc", ClassName: all, Version: "1\n| passed |\n## ✅ passed @octocat", Publisher: all}
	r.Findings, r.Steps = nil, nil
	for i, s := range untrusted {
		r.Connector.Jars = append(r.Connector.Jars, Jar{Name: s, Path: "lib/" + s, Size: int64(i)})
		r.Findings = append(r.Findings, check.Finding{Rule: s, Severity: check.Error, Path: s, At: connector.Position{Line: i, Column: 1}, Message: s, Advice: s})
		r.Steps = append(r.Steps, Step{Name: s, Status: Broken, Detail: s, Hint: s}, Step{Name: s, Status: Skipped, Detail: s})
	}
	r.Image = &Image{Reference: all, ByDigest: all, Digest: all}
	r.Previous, r.Changes = &Image{Reference: all, Digest: "x"}, Compare([]Jar{{Name: all}}, r.Connector.Jars)
	r.Glue = []check.Verdict{{Glue: all, Runs: all, Loads: check.Answer(all), Reasons: untrusted}}
	r.Tests = []trial.Table{table(all)}
	for _, s := range untrusted {
		for _, o := range table(s).Outcomes {
			o.Test, o.RunID, o.URL, o.LogURL = s, s, "https://x.console.aws.amazon.com/"+s, "javascript:"+s
			r.Tests[0].Outcomes = append(r.Tests[0].Outcomes, o)
		}
	}
	r.Version, r.Mode, r.Commit = all, all, all
	r.Listing = &Listing{Product: all, VersionTitle: all, Options: 2, ChangeSet: all, Status: all}
	r.Unpacked = &Unpacked{Jars: r.Connector.Jars}
	r.Link = NewLink(&connector.Link{Name: all, Type: all, Description: all, URL: all, Version: all, ClassName: all,
		JDBCURLs: []connector.JDBCURL{{Title: all, Template: all}}, Delimiter: "&"})
	return r
}

// whole has every field of a report, in form; texts are what others may write.
func whole(text string) *Report {
	r := pushed()
	jars := func() []Jar { return []Jar{{Name: text, Path: text, Size: 7, SHA256: hash(1)}} }
	r.Connector = Connector{ConfigPath: text, Type: text, ClassName: text, Version: text, Publisher: text, Jars: jars()}
	r.Findings = []check.Finding{
		{Rule: "jar-name", Severity: check.Error, Path: text, At: connector.Position{Line: 3, Column: 4}, Message: text, Advice: text},
		{Rule: "no-such-rule", Severity: check.Warning, Path: text, Message: text, Advice: text},
	}
	r.Steps = []Step{{Name: "push", Status: Broken, Detail: text, Hint: text, Kind: "auth"}, {Name: "load", Status: Done, Detail: text}, {Name: "link", Status: Skipped, Detail: text}}
	r.Glue = []check.Verdict{{Glue: "6.0", Runs: "Spark 4.1.1, Scala 2.13.17, Java 17", Loads: check.No, Reasons: []string{text}}}
	r.Image.Reference, r.Image.ByDigest = text, text
	r.Previous.Reference, r.Previous.ByDigest = text, text
	r.Unpacked = &Unpacked{Jars: slices.Concat(jars(), []Jar{{Name: text + "2", Size: 3}})}
	r.Changes = &Changes{Added: jars(), Removed: jars(), Replaced: []Replacement{{jars()[0], Jar{Name: "x" + text, Size: 1}}}, Same: 2, Size: -5}
	r.Link = NewLink(&connector.Link{Name: text, Type: text, Description: text, URL: text, Version: text, ClassName: text,
		JDBCURLs: []connector.JDBCURL{{Title: "t", Template: text}}, Delimiter: text})
	r.Listing = &Listing{Product: text, VersionTitle: text, Options: 2, ChangeSet: text, Status: text}
	r.Output, r.Omitted = text, &Omitted{Errors: 1, Warnings: 2, Steps: 3, Jars: 4, Glue: 5, Tests: 6, Link: true}
	r.Tests = []trial.Table{table(text)}
	return r
}

// table has one outcome of each kind.
func table(text string) trial.Table {
	columns := []trial.Column{{Name: text, Type: text}}
	return trial.Table{Runner: trial.Glue, On: text, Glue: "5.0", Kind: trial.JDBC, Published: true, Outcomes: []trial.Outcome{
		{
			Test: "DataSourceTest", Verdict: trial.NotPassed, Why: text, Line: text, Advice: text, Note: text,
			Expected: trial.Expect{Schema: columns, Count: trial.Ref(int64(3)), Partitions: trial.Ref(2)}, Actual: trial.Expect{Schema: columns, Count: trial.Ref(int64(0))},
			State: trial.Failed, RunID: "jr_" + hash(1), URL: "https://console.aws.amazon.com/gluestudio/home", LogURL: "https://console.aws.amazon.com/cloudwatch/home",
			Seconds: 61.5, DPUSeconds: 123,
		},
		{Test: "DataSchemaTest", Verdict: trial.Passed},
		{Test: "DataSinkTest", Verdict: trial.NotTested, Why: text},
	}}
}

// many has more findings than a comment can hold.
func many() *Report {
	r := failed()
	r.Steps, r.Connector.Jars = nil, nil
	for i := range 10_000 {
		name := fmt.Sprintf("lib-%d,1.jar", i)
		r.Findings = append(r.Findings, check.Finding{Rule: "jar-name", Severity: check.Error, Path: "target/" + name, Message: fmt.Sprintf("%q holds a comma, at which Glue divides the list of jars", name), Advice: "Rename the jar."})
		r.Steps = append(r.Steps, Step{Name: "jar-class", Status: Done, Detail: name})
		r.Connector.Jars = append(r.Connector.Jars, Jar{Name: name, Size: int64(i * 1000), SHA256: hash(i)})
	}
	return r
}

// huge has more of everything than a report can show, in the characters that
// take the most room.
func huge() *Report {
	r := verified()
	r.Result = Failed
	wide := strings.Repeat("\U0010ffff|", 5000)
	r.Connector.ClassName, r.Connector.Version = wide, wide
	for i := range 10_000 {
		r.Findings = append(r.Findings, check.Finding{Rule: "jar-name", Severity: check.Error, Path: wide, Message: wide, Advice: wide})
		r.Steps = append(r.Steps, Step{Name: "input", Status: Broken, Detail: wide, Hint: wide})
		if i%10 == 0 {
			r.Unpacked.Jars = append(r.Unpacked.Jars, Jar{Name: wide, Size: int64(i), SHA256: hash(i)})
			r.Steps = append(r.Steps, Step{Name: "jar", Status: Done, Detail: wide})
		}
	}
	r.Listing = &Listing{Product: wide, VersionTitle: wide, ChangeSet: wide, Status: wide}
	for range 30 {
		t := table(wide)
		for len(t.Outcomes) < 50 {
			t.Outcomes = append(t.Outcomes, t.Outcomes[0])
		}
		r.Tests = append(r.Tests, t)
	}
	r.Image.Reference, r.Link = wide, NewLink(&connector.Link{Name: wide, URL: wide})
	for range 1000 {
		r.Link.Form = append(r.Link.Form, FormLine{wide, wide})
	}
	return r
}
