package action

import (
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"

	"glue-connector/internal/report"
)

// Output is one output of the action.
type Output struct {
	Name string
	// Help is one sentence, shown in action.yml and the README.
	Help  string
	value func(*run) string
}

// Outputs is the one table of outputs. All are written on every path, also
// when the run failed; what does not exist is empty.
var Outputs = []Output{
	{"result", "checked, built, pushed, published, publishing (begun, and not waited for), already-published, verified, tested, dry-run, commented or failed.", func(r *run) string { return string(r.report.Result) }},
	{"image", "The image by tag: what AWS Marketplace calls the container image.", func(r *run) string { return r.imageFact(func(i *report.Image) string { return i.Reference }) }},
	{"repository", "The repository's name, without the registry.", func(r *run) string { return r.in.Repository.Repository }},
	{"tag", "The image's tag.", func(r *run) string { return r.in.Repository.Tag }},
	{"digest", "The image's digest.", func(r *run) string { return r.digest }},
	{"image-ref", "The image by digest.", func(r *run) string { return r.imageFact(func(i *report.Image) string { return i.ByDigest }) }},
	{"repositories", "All repositories of a push, the main one first: a JSON list of image, digest and result (pushed, already-published, dry-run, failed or skipped).", func(r *run) string { return r.placesJSON() }},
	{"size-bytes", "What a Glue job downloads, in bytes.", func(r *run) string {
		return r.imageFact(func(i *report.Image) string { return strconv.FormatInt(i.Size, 10) })
	}},
	{"version", "The version in config.json.", func(r *run) string { return r.report.Connector.Version }},
	{"connector-type", "Jdbc, Spark or Athena.", func(r *run) string { return r.report.Connector.Type }},
	{"class-name", "The entry class.", func(r *run) string { return r.report.Connector.ClassName }},
	{"deep-link", "The activation link for AWS Glue Studio.", func(r *run) string { return r.linkFact(func(l *report.Link) string { return l.URL }) }},
	{"usage-instructions", "The listing's usage instructions, with the link.", func(r *run) string {
		if r.listing != nil && r.report.Link != nil {
			return r.listing.Options[0].Instructions
		}
		return r.linkFact(func(l *report.Link) string { return l.UsageInstructions })
	}},
	{"version-title", "The title of the version in AWS Marketplace.", func(r *run) string {
		if r.listing == nil {
			return ""
		}
		return r.listing.Title
	}},
	{"change-set-id", "The change set that adds the version.", func(r *run) string { return r.listingFact(func(l *report.Listing) string { return l.ChangeSet }) }},
	{"change-set-status", "How far AWS is with it: PREPARING, APPLYING, SUCCEEDED, FAILED or CANCELLED.", func(r *run) string { return r.listingFact(func(l *report.Listing) string { return l.Status }) }},
	{"listing-url", "The product's page in the AWS Marketplace Management Portal.", func(r *run) string { return r.listingURL() }},
	{"errors", "How many errors were found.", func(r *run) string { return strconv.Itoa(r.report.Errors()) }},
	{"warnings", "How many warnings were found.", func(r *run) string { return strconv.Itoa(r.report.Warnings()) }},
	{"sbom", "The SBOM's path, relative to the workspace.", func(r *run) string { return r.sbomFact(func(s *report.SBOM) string { return s.Path }) }},
	{"sbom-digest", "The digest of the SBOM beside the image.", func(r *run) string { return r.sbomFact(func(s *report.SBOM) string { return s.Digest }) }},
	{"test-result", "passed, failed or skipped, if tests were asked for.", func(r *run) string { return r.testResult() }},
	{"glue-runs", "The Glue job runs of tests: a JSON list of test, glue (the version), run, state and verdict.", func(r *run) string { return r.glueRunsJSON() }},
	{"comment-url", "The comment on the pull request.", func(r *run) string { return r.commentURL }},
	{"report", "The JSON report's path, relative to the workspace.", func(r *run) string { return r.reportPath }},
}

func (r *run) imageFact(get func(*report.Image) string) string {
	if r.report.Image == nil {
		return ""
	}
	return get(r.report.Image)
}

func (r *run) linkFact(get func(*report.Link) string) string {
	if r.report.Link == nil {
		return ""
	}
	return get(r.report.Link)
}

func (r *run) listingFact(get func(*report.Listing) string) string {
	if r.report.Listing == nil {
		return ""
	}
	return get(r.report.Listing)
}

// maxOutput bounds one output, in bytes.
const maxOutput = 32 << 10

// outputs gives each output a value of one visible line.
func (r *run) outputs() [][2]string {
	var all [][2]string
	for _, o := range Outputs {
		value := report.Line(o.value(r))
		if len(value) > maxOutput {
			value = ""
		}
		all = append(all, [2]string{o.Name, value})
	}
	return all
}

// writeOutputs appends to the runner's file of outputs, in its heredoc form
// with a delimiter that no value can know. One write holds all of them: the
// runner refuses a file with half a record.
func writeOutputs(path string, outputs [][2]string) error {
	if path == "" {
		return nil // not in a workflow
	}
	delimiter := "EOF_" + rand.Text()
	var b strings.Builder
	for _, o := range outputs {
		if strings.Contains(o[1], delimiter) || strings.ContainsAny(o[1], "\r\n") {
			return fmt.Errorf("writing output %s: the value has more than one line", o[0])
		}
		fmt.Fprintf(&b, "%s<<%s\n%s\n%s\n", o[0], delimiter, o[1], delimiter)
	}
	if err := appendFile(path, b.String()); err != nil {
		return fmt.Errorf("writing outputs: %w", err)
	}
	return nil
}

// appendFile appends text to one of the runner's files: all of it or nothing.
func appendFile(path, text string) (err error) {
	if path == "" {
		return nil
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_APPEND|os.O_CREATE, 0o644)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	if n, err := f.WriteString(text); err != nil {
		if n > 0 {
			_ = f.Truncate(info.Size()) // nothing better is left to do
		}
		return err
	}
	return nil
}
