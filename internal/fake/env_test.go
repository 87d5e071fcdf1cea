package fake_test

import (
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"testing"
)

// TestMain lets this binary play the process that lives on Env alone: it asks
// for the URL in FAKE_TEST_GET with Go's default client.
func TestMain(m *testing.M) {
	if url := os.Getenv("FAKE_TEST_GET"); url != "" {
		resp, err := http.Get(url)
		if err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		fmt.Print(resp.StatusCode)
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func TestEnv(t *testing.T) {
	w := newWorld(t)
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		url, want string
		ok        bool
	}{
		{"https://" + host + "/v2/", "401", true},
		{w.AWSURL(), "501", true},
		{"https://example.com/", `Get "https://example.com/": Bad Gateway` + "\n", false},
	} {
		t.Run(tc.url, func(t *testing.T) {
			cmd := exec.Command(self)
			cmd.Env = append(w.Env(), "FAKE_TEST_GET="+tc.url)
			out, err := cmd.Output()
			if string(out) != tc.want || (err == nil) != tc.ok {
				t.Errorf("got %q, %v, want %q", out, err, tc.want)
			}
		})
	}
}
