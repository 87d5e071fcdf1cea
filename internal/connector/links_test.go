package connector_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"glue-connector/internal/connector"
)

func TestFindLinks(t *testing.T) {
	made := (&connector.Link{Name: "A (b)", ClassName: "x", URL: "https://709825985650.dkr.ecr.us-east-1.amazonaws.com/a/b:1"}).String()
	raw := `https://console.aws.amazon.com/gluestudio/home#/connector/add-connection?connectorName="A"&connectorClassName="x"`
	regional := `https://eu-west-1.console.aws.amazon.com/gluestudio/home?region=eu-west-1#/connector/add-connection?connectorName=A`
	for text, want := range map[string][]string{
		connector.UsageInstructions(made):                        {made},
		"Open " + raw + ".":                                      {raw},
		`<a href="` + made + `">here</a>`:                        {made},
		"<" + regional + "> or\n" + made:                         {regional, made},
		"See https://example.com/#a and https://aws.amazon.com/": nil,
		"":                      nil,
		"**" + regional + "**,": {regional},
	} {
		if diff := cmp.Diff(want, connector.FindLinks(text)); diff != "" {
			t.Errorf("%q: %s", text, diff)
		}
		got, any := connector.ReplaceLinks(text, "LINK")
		wanted := text
		for _, l := range want {
			wanted = strings.Replace(wanted, l, "LINK", 1)
		}
		if got != wanted || any != (len(want) > 0) {
			t.Errorf("%q: %q, %v", text, got, any)
		}
	}
}
