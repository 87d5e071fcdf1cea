//go:build e2e

package check

import (
	"path/filepath"
	"strings"
	"testing"
)

// federationSDK is compiled for Java 11 and has all that it needs in it, the
// AWS SDK for Java v1 included, which Glue 6.0 has no more.
const federationSDK = "com.amazonaws:aws-athena-federation-sdk:2022.47.1:jar:withdep"

// TestOracleAthena asks a JVM whether the two classes that a prefix stands for
// are handlers of the federation SDK. How Glue makes the names is not
// published: the cases have those of AWS's documentation and its connectors.
func TestOracleAthena(t *testing.T) {
	t.Parallel() // the downloads take longest
	fetch(t, []string{federationSDK})
	sdk := jarPath(t, federationSDK)
	b := newBuilder(t, sdk, filepath.Join(oracles, "athena", "*.java"), "11")
	l := newLibrary(t)
	good := []string{b.jar("example/athena/cloud"), sdk}
	for _, name := range []string{"example.athena.Cloud", "example.athena.cloud.Cloud", "example.athena.cloud"} {
		testPublished(t, l, published{
			jars: good, kind: "Athena", names: []string{name}, class: "example.athena.cloud.CloudMetadataHandler", loads: "--+++",
		})
	}

	const pair = "example.athena.cloud.Cloud"
	questions := []struct {
		name, prefix string // what the name stands for
		jars         []string
		may          leeway
	}{
		{"example.athena.Cloud", pair, good, same},
		{"example.athena.cloud.Cloud", pair, good, same},
		{"example.athena.cloud", pair, good, same},
		{"example.athena.clouds", "", good, same},
		{"example.Cloud", "", good, same},
		{"Example.athena.Cloud", "", good, same},
		{"example.athena.CloudMetadataHandler", "", good, same},
		{"example.athena.Cloud", pair, []string{b.jar("example/athena/cloud", "-example/athena/cloud/CloudRecordHandler.class"), sdk}, same},
		{"example.athena.Cloud", pair, []string{b.jar("example/athena/cloud", "-example/athena/cloud/CloudMetadataHandler.class"), sdk}, same},
		{"example.athena.Fog", "example.athena.fog.Fog", []string{b.jar("example/athena"), sdk}, same},
		{"com.amazonaws.athena.connector.lambda.handlers", "com.amazonaws.athena.connector.lambda.handlers.", good, same},
		{"example.athena.Cloud", pair, []string{b.jar("example/athena/cloud")}, lacking},
	}
	var cases []classCase
	for _, q := range questions {
		const handlers = "com.amazonaws.athena.connector.lambda.handlers."
		for _, half := range []string{"MetadataHandler", "RecordHandler"} {
			cases = append(cases, classCase{what: q.name, class: q.prefix + half, jars: q.jars, kind: handlers + half})
		}
	}
	count := map[Answer]int{}
	answers := askJVM(t, cases)
	for i, q := range questions {
		both := answers[2*i] == "yes" && answers[2*i+1] == "yes"
		o := opine(l.subject("Athena", q.name, q.jars, "5.1"))
		count[o.loads]++
		if both != (o.loads == Yes) && q.may == same {
			t.Errorf("%s in %s: the JVM says %s, check %s %q", q.name, filepath.Base(q.jars[0]), strings.Join(answers[2*i:2*i+2], "; "), o.loads, o.why)
		}
	}
	t.Logf("%d questions: %v", len(questions), count)
	if count[Yes] < 3 || count[Unknown] < 6 {
		t.Errorf("too few answers of one kind: %v", count)
	}
}
