package report

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"glue-connector/internal/check"
	"sync"
)

// The limits of code scanning are 25,000 results in a run, of which GitHub shows
// 5,000, and 10 MB for the packed file. All rules together find less than this.
const (
	maxResults = 25_000
	maxSARIF   = 5_000_000 // bytes, before it is packed
)

// The part of SARIF 2.1.0 that code scanning reads. The libraries for it bring
// a validator and a schema along into the program, for a dozen fields; tests
// hold this to the standard's schema.
type (
	sarifLog struct {
		Schema  string     `json:"$schema"`
		Version string     `json:"version"`
		Runs    []sarifRun `json:"runs"`
	}
	sarifRun struct {
		Tool        sarifTool         `json:"tool"`
		Automation  sarifID           `json:"automationDetails"`
		ColumnKind  string            `json:"columnKind"`
		Invocations []sarifInvocation `json:"invocations"`
		Results     []json.RawMessage `json:"results"`
	}
	sarifTool struct {
		Driver sarifDriver `json:"driver"`
	}
	sarifDriver struct {
		Name    string      `json:"name"`
		Version string      `json:"version,omitempty"`
		Rules   []sarifRule `json:"rules"`
	}
	sarifID struct {
		ID string `json:"id"`
	}
	sarifInvocation struct {
		Successful bool `json:"executionSuccessful"`
	}
	sarifText struct {
		Text     string `json:"text"`
		Markdown string `json:"markdown,omitempty"`
	}
	sarifRule struct {
		ID            string             `json:"id"`
		Short         sarifText          `json:"shortDescription"`
		Full          sarifText          `json:"fullDescription"`
		Help          sarifText          `json:"help"`
		Configuration sarifConfiguration `json:"defaultConfiguration"`
		Properties    sarifProperties    `json:"properties"`
	}
	sarifConfiguration struct {
		Level string `json:"level"`
	}
	sarifProperties struct {
		Tags     []string `json:"tags"`
		Severity string   `json:"problem.severity"`
	}
	sarifResult struct {
		RuleID       string            `json:"ruleId"`
		RuleIndex    *int              `json:"ruleIndex,omitempty"`
		Level        string            `json:"level"`
		Message      sarifText         `json:"message"`
		Locations    []sarifLocation   `json:"locations"`
		Fingerprints map[string]string `json:"partialFingerprints"`
	}
	sarifLocation struct {
		Physical sarifPhysical `json:"physicalLocation"`
	}
	sarifPhysical struct {
		Artifact sarifArtifact `json:"artifactLocation"`
		Region   sarifRegion   `json:"region"`
	}
	sarifArtifact struct {
		URI    string `json:"uri"`
		BaseID string `json:"uriBaseId"`
	}
	sarifRegion struct {
		Line   int `json:"startLine"`
		Column int `json:"startColumn"`
	}
)

// SARIF is the findings for code scanning, as one run of SARIF 2.1.0, within
// GitHub's limits; what has no room is not in it.
func (r *Report) SARIF() ([]byte, error) {
	results, err := r.sarifResults()
	if err != nil {
		return nil, err
	}
	b, err := marshal(sarifLog{
		Schema:  "https://json.schemastore.org/sarif-2.1.0.json",
		Version: "2.1.0",
		Runs: []sarifRun{{
			Tool:        sarifTool{sarifDriver{Name: "glue-connector", Version: Line(Cut(r.Version, 100)), Rules: sarifRules()}},
			Automation:  sarifID{"glue-connector/"}, // a category for each is for whoever uploads
			ColumnKind:  "unicodeCodePoints",
			Invocations: []sarifInvocation{{Successful: len(r.Failures()) == 0}},
			Results:     results,
		}},
	})
	return append(b, '\n'), err
}

// marshal is JSON on one line, without an invisible character.
func marshal(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return visible(bytes.TrimSuffix(b.Bytes(), []byte("\n"))), err
}

func sarifRules() []sarifRule {
	rules := make([]sarifRule, 0, len(check.Rules))
	for _, r := range check.Rules {
		rules = append(rules, sarifRule{
			ID: r.ID, Short: sarifText{Text: r.Summary}, Full: sarifText{Text: r.Summary + ". " + r.Why},
			Help: sarifText{
				Text:     fmt.Sprintf("%s.\n\nWhy: %s\n\nSource: %s", r.Summary, r.Why, r.Source),
				Markdown: fmt.Sprintf("%s.\n\n**Why:** %s\n\n**Source:** %s\n", Prose(r.Summary), Prose(r.Why), Prose(r.Source)),
			},
			Configuration: sarifConfiguration{string(r.Severity)},
			Properties:    sarifProperties{Tags: []string{"aws-glue", family(r.ID)}, Severity: string(r.Severity)},
		})
	}
	return rules
}

// family is the first word of a rule's name.
func family(id string) string {
	first, _, _ := strings.Cut(id, "-")
	return first
}

func (r *Report) sarifResults() ([]json.RawMessage, error) {
	index := map[string]int{}
	for i, rule := range check.Rules {
		index[rule.ID] = i
	}
	out := []json.RawMessage{}
	room := maxSARIF - 200_000 // for all else
	seen := map[string]int{}   // for fingerprint
	for _, f := range r.Findings[:min(len(r.Findings), maxResults)] {
		text := cmp.Or(sarifMessage(f.Message), "no message")
		if f.Advice != "" {
			text += "\n" + sarifMessage(f.Advice)
		}
		result := sarifResult{
			RuleID: Line(Cut(cmp.Or(f.Rule, "unknown"), 100)), Level: "warning", Message: sarifText{Text: text},
			Locations:    []sarifLocation{{r.sarifPlace(f)}},
			Fingerprints: map[string]string{"glueConnectorFinding/v1": fingerprint(f, seen)},
		}
		if f.Severity == check.Error {
			result.Level = "error"
		}
		if i, ok := index[f.Rule]; ok {
			result.RuleIndex = &i
		}
		b, err := marshal(result)
		if room -= len(b) + 1; err != nil || room < 0 {
			return out, err
		}
		out = append(out, b)
	}
	return out, nil
}

// sarifMessage is a message in which nothing is a link: [text](target) is one
// in SARIF's plain text.
func sarifMessage(s string) string {
	return strings.ReplaceAll(Line(Cut(s, 1000)), "](", "] (")
}

// sarifPlace is where a finding is; code scanning wants a file for all of them,
// and what is about none is about the config.
func (r *Report) sarifPlace(f check.Finding) sarifPhysical {
	p := sarifPhysical{Region: sarifRegion{max(f.At.Line, 1), max(f.At.Column, 1)}}
	paths := []string{f.Path, r.Connector.ConfigPath, "config.json"}
	i := slices.IndexFunc(paths, inRepository)
	if i > 0 {
		p.Region = sarifRegion{1, 1}
	}
	p.Artifact = sarifArtifact{escapePath(paths[i]), "%SRCROOT%"}
	return p
}

// lineNumber is what a message says of other lines.
var lineNumber = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\bline [0-9]+`) })

// fingerprint tells whether a finding is the same as in another run: lines do
// not count, since they move. Findings that say the same are numbered.
func fingerprint(f check.Finding, seen map[string]int) string {
	message := lineNumber().ReplaceAllString(Cut(f.Message, 1000), "line")
	sum := sha256.Sum256([]byte(f.Rule + "\x00" + Cut(f.Path, 1000) + "\x00" + message))
	key := hex.EncodeToString(sum[:])
	seen[key]++
	sum = sha256.Sum256(fmt.Appendf(nil, "%s %d", key, seen[key]))
	return hex.EncodeToString(sum[:16])
}
