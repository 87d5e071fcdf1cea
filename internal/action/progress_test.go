package action

import (
	"bytes"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"glue-connector/internal/connector"
	"glue-connector/internal/registry"
)

func TestTally(t *testing.T) {
	const mb = 1_000_000
	var tl tally
	for _, tt := range []struct {
		event registry.Progress
		want  string
	}{
		{registry.Progress{Layer: "a", Size: 900 * mb}, "0 B of 900.0 MB"},
		{registry.Progress{Layer: "b", Size: 100 * mb}, "0 B of 1.0 GB"},
		{registry.Progress{Layer: "b", Size: 100 * mb, Sent: 40 * mb}, "40.0 MB of 1.0 GB"},
		{registry.Progress{Layer: "a", Size: 900 * mb, Skipped: true}, "40.0 MB of 1.0 GB, 900.0 MB there already"},
		{registry.Progress{Layer: "b", Size: 100 * mb}, "0 B of 1.0 GB, 900.0 MB there already"}, // begun anew
		{registry.Progress{Layer: "b", Size: 100 * mb, Sent: 100 * mb}, "100.0 MB of 1.0 GB, 900.0 MB there already"},
	} {
		if tl.add(tt.event); tl.String() != tt.want {
			t.Errorf("after %+v: %s, want %s", tt.event, &tl, tt.want)
		}
	}
}

// upload plays a push of 1 GB, of which 600 MB are there, in an environment, and
// returns what it prints. It takes 100 s, and then 300 s without a byte.
func upload(env Env, quiet bool) string {
	var out bytes.Buffer
	env.Stdout = &out
	p := &place{ref: connector.Reference{Account: "123456789012", Region: "us-east-1", Repository: "a/b", Tag: "1"}, repo: &registry.Repository{}}
	r := &run{env: env, in: Settings{Quiet: quiet}, places: []*place{p}}
	stop := r.showProgress(p)
	const mb = 1_000_000
	tell := p.repo.Observe
	tell(registry.Progress{Layer: "a", Size: 600 * mb})
	tell(registry.Progress{Layer: "b", Size: 400 * mb})
	tell(registry.Progress{Layer: "a", Size: 600 * mb, Skipped: true})
	for i := range int64(1000) {
		time.Sleep(100 * time.Millisecond)
		tell(registry.Progress{Layer: "b", Size: 400 * mb, Sent: i * 400_000})
	}
	time.Sleep(5 * time.Minute)
	tell(registry.Progress{Layer: "b", Size: 400 * mb, Sent: 399_999_999})
	stop()
	return out.String()
}

func TestProgressInAWorkflow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, terminal := range []bool{false, true} {
			got := upload(Env{Environ: []string{"GITHUB_ACTIONS=true"}, Terminal: terminal}, false)
			want := []string{ // every ten seconds 4 % are done, which is little to tell
				"… push     39.6 MB of 1.0 GB, 600.0 MB there already",
				"… push     139.6 MB of 1.0 GB, 600.0 MB there already",
				"… push     239.6 MB of 1.0 GB, 600.0 MB there already",
				"… push     339.6 MB of 1.0 GB, 600.0 MB there already",
				"… push     400.0 MB of 1.0 GB, 600.0 MB there already",
			}
			if diff := cmp.Diff(want, strings.Split(strings.TrimSuffix(got, "\n"), "\n")); diff != "" {
				t.Errorf("terminal %v (-want +got):\n%s", terminal, diff)
			}
		}
	})
}

func TestProgressOnATerminal(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		got := upload(Env{Environ: []string{"TERM=xterm"}, Terminal: true}, false)
		for _, part := range []string{"\rpush, 600.0 MB there already", "80%", "MB/s"} {
			if !strings.Contains(got, part) {
				t.Errorf("no %q in what is printed, of which the first is %.300q", part, got)
			}
		}
		lines := strings.Split(got, "\r")
		if last := strings.TrimSpace(lines[len(lines)-1]); last != "" || strings.Contains(got, "\n") {
			t.Errorf("it leaves %q behind", last)
		}
	})
}

func TestProgressNowhere(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for name, got := range map[string]string{
			"a pipe":              upload(Env{}, false),
			"a dumb terminal":     upload(Env{Environ: []string{"TERM=dumb"}, Terminal: true}, false),
			"a quiet terminal":    upload(Env{Terminal: true}, true),
			"quiet in a workflow": upload(Env{Environ: []string{"GITHUB_ACTIONS=true"}}, true),
		} {
			if got != "" {
				t.Errorf("%s: %.200q", name, got)
			}
		}
	})
}
