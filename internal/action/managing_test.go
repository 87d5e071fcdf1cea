package action

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func findManaged(t *testing.T, m Mode) managed {
	t.Helper()
	c := m.managed()
	if c == nil {
		t.Fatalf("no command %s", m)
	}
	return *c
}

// Each flag of a command is one that some table has, is in its help once, and no line
// of the help is too long.
func TestManagingHelp(t *testing.T) {
	used := map[string]bool{}
	for _, c := range managing() {
		var b strings.Builder
		flagHelp(&b, c.Mode)
		for _, name := range c.Inputs {
			used[name] = true
			if n := strings.Count(b.String(), "\n  --"+name+" ") + strings.Count(b.String(), "\n  --"+name+"\n"); n != 1 {
				t.Errorf("%s: --%s is there %d times", c.Mode, name, n)
			}
			if i := c.input(name); i.Name != name || i.Help == "" || i.Modes != nil && i.In(c.Mode) {
				t.Errorf("%s: --%s is %+v", c.Mode, name, i)
			}
		}
		for line := range strings.Lines(b.String()) {
			if len(line) > helpWidth+1 && strings.HasPrefix(line, "      ") {
				t.Errorf("%s: too long: %s", c.Mode, line)
			}
		}
		if slices.Contains(modeNames(), string(c.Mode)) || c.Mode.pushes() || c.Mode.writes() != (c.Mode != ListingShow) {
			t.Errorf("%s is a mode of the action, or does not say that it writes", c.Mode)
		}
	}
	for _, i := range ownInputs() {
		if !used[i.Name] {
			t.Errorf("no command takes --%s", i.Name)
		}
	}
}

func TestParseManaging(t *testing.T) {
	const id = "prod-abcdefghijklm"
	for name, tt := range map[string]struct {
		mode Mode
		in   inputs
		want managingSettings
		bad  []string
	}{
		"defaults": {ProductReleasing, inputs{"product-id": id}, managingSettings{To: "limited"}, nil},
		"all": {ListingUpdate, inputs{"product-id": id, "relink": "true", "delivery-option-title": " Glue 5 ", "delivery-description": "d"},
			managingSettings{To: "limited", Relink: true, Option: "Glue 5", Description: "d"}, nil},
		"confirmed":  {ListingRestrict, inputs{"product-id": id, "confirm": "1.0.0\n"}, managingSettings{To: "limited", Confirm: "1.0.0"}, nil},
		"no product": {ListingShow, inputs{"digests": "True"}, managingSettings{To: "limited", Digests: true}, []string{"product-id"}},
		"bad": {ProductReleasing, inputs{"product-id": "x", "to": "all", "relink": "maybe", "timeout-minutes": "soon"}, managingSettings{To: "all"},
			[]string{"product-id", "relink", "timeout-minutes", "to"}},
		"fields": {ProductCreate, inputs{"title": " T ", "highlights": "a, b\nc", "repositories": "r1\nr2", "product-file": "p.yaml"},
			managingSettings{To: "limited", File: "p.yaml", Fields: map[string][]string{"title": {"T"}, "highlights": {"a, b", "c"}, "repositories": {"r1", "r2"}}}, nil},
	} {
		s, problems := parseManaging(findManaged(t, tt.mode), func(name string) string { return tt.in[name] }, func(string) string { return "" })
		if tt.want.Fields == nil {
			tt.want.Fields = map[string][]string{}
		}
		if diff := cmp.Diff(tt.want, s.Managing); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
		if got := wrong(problems); !slices.Equal(slices.Sorted(slices.Values(got)), tt.bad) || s.Repository.Region != "us-east-1" || s.Mode != tt.mode {
			t.Errorf("%s: problems %v in %s", name, got, s.Mode)
		}
	}
}

// A title is one word for a shell, whatever is in it.
func TestShellQuote(t *testing.T) {
	for title, want := range map[string]string{"Demo": "'Demo'", "a b": "'a b'", "it's": `'it'\''s'`, "$(x)": "'$(x)'"} {
		if got := shellQuote(title); got != want {
			t.Errorf("%s: %s", title, got)
		}
	}
}
