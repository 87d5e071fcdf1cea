package action

import (
	"strings"
	"testing"

	"glue-connector/internal/report"
)

// Colour is for terminals, and for those who want it: https://no-color.org
func TestPalette(t *testing.T) {
	for _, c := range []struct {
		env  Env
		want report.Palette
	}{
		{Env{Terminal: true}, report.Colours},
		{Env{}, report.Palette{}},
		{Env{Terminal: true, Environ: []string{"NO_COLOR=1"}}, report.Palette{}},
		{Env{Terminal: true, Environ: []string{"NO_COLOR="}}, report.Colours},
	} {
		if got := palette(c.env); got != c.want {
			t.Errorf("%+v: %v", c.env, got)
		}
	}
}

// Each input is in the help of each of its modes, once, and no line is too long
// but those that name what a flag takes.
func TestHelp(t *testing.T) {
	for _, m := range modes {
		var b strings.Builder
		flagHelp(&b, m.Mode)
		for _, i := range Inputs {
			want := 0
			if i.Name != "mode" && i.In(m.Mode) {
				want = 1
			}
			if n := strings.Count(b.String(), "\n  --"+i.Name+" ") + strings.Count(b.String(), "\n  --"+i.Name+"\n"); n != want {
				t.Errorf("%s: --%s is there %d times", m.Mode, i.Name, n)
			}
		}
		for line := range strings.Lines(b.String()) {
			if len(line) > helpWidth+1 && strings.HasPrefix(line, "      ") {
				t.Errorf("%s: too long: %s", m.Mode, line)
			}
		}
	}
	for first := range headings {
		find(first) // panics if there is none
	}
}
