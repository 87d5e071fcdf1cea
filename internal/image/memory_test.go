package image

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"glue-connector/internal/connector"
)

// stamped are jars whose stamps are in a map, by name.
func stamped(stamps map[string]string, jars ...*connector.Jar) *connector.Connector {
	for _, j := range jars {
		j.Stamp = func() string { return stamps[j.Name] }
	}
	return sample(jars...)
}

func digestWith(t *testing.T, c *connector.Connector, m *Memory) (string, []byte) {
	t.Helper()
	h := Hash(c, m)
	img, err := Build(c, Options{Hashed: h})
	if err != nil {
		t.Fatal(err)
	}
	d, err := img.Digest()
	if err != nil {
		t.Fatal(err)
	}
	return d.String(), h.Memory()
}

// What is remembered gives the same image, and is not read again.
func TestMemory(t *testing.T) {
	stamps := map[string]string{"a.jar": "1", "b.jar": "2"}
	jars := func() []*connector.Jar {
		return []*connector.Jar{jar("a.jar", noise(1, 3000)), jar("b.jar", noise(2, 5000))}
	}
	want, _ := digestWith(t, sample(jars()...), nil)
	got, kept := digestWith(t, stamped(stamps, jars()...), ReadMemory(nil))
	if got != want || kept == nil {
		t.Fatalf("%s, want %s; kept %s", got, want, kept)
	}

	unread := jars()
	for _, j := range unread {
		j.Content = nil // a read would panic
	}
	got, again := digestWith(t, stamped(stamps, unread...), ReadMemory(kept))
	if got != want || again != nil {
		t.Errorf("%s, want %s; kept %s", got, want, again)
	}

	changed := jars()
	changed[1] = jar("b.jar", noise(3, 5000))
	other, _ := digestWith(t, sample(jar("a.jar", noise(1, 3000)), changed[1]), nil)
	stamps["b.jar"] = "3"
	got, again = digestWith(t, stamped(stamps, changed...), ReadMemory(kept))
	if got != other || got == want {
		t.Errorf("%s, want %s", got, other)
	}
	if n := len(ReadMemory(again).lines); n != 3 { // with both states of b.jar
		t.Errorf("%d layers: %s", n, again)
	}
}

// A jar that changes while it is hashed, and one without a stamp, are hashed anew.
func TestMemoryOfWhatChanges(t *testing.T) {
	for name, stamp := range map[string]func() func() string{
		"none":    func() func() string { return func() string { return "" } },
		"changes": func() func() string { n := 0; return func() string { n++; return fmt.Sprint(n) } },
	} {
		t.Run(name, func(t *testing.T) {
			j := jar("a.jar", noise(1, 3000))
			j.Stamp = stamp()
			if _, kept := digestWith(t, sample(j), ReadMemory(nil)); kept != nil {
				t.Errorf("kept %s", kept)
			}
		})
	}
}

// Neither what is no memory nor a forged sum of another form does harm.
func TestReadMemory(t *testing.T) {
	stamps := map[string]string{"a.jar": "1"}
	a := func() *connector.Connector { return stamped(stamps, jar("a.jar", noise(1, 3000))) }
	want, kept := digestWith(t, a(), ReadMemory(nil))
	for name, text := range map[string]string{
		"empty":   "",
		"other":   "x",
		"older":   strings.Replace(string(kept), "layers 1", "layers 0", 1),
		"no hash": strings.ReplaceAll(string(kept), "sha256:", "md5:"),
		"no sum":  regexp.MustCompile(`[0-9a-f]{8}\n`).ReplaceAllString(string(kept), "x\n"),
		"cut":     string(kept[:len(kept)-3]),
		"long":    memoryHeader + "\n" + strings.Repeat("x", MaxMemory),
	} {
		t.Run(name, func(t *testing.T) {
			got, again := digestWith(t, a(), ReadMemory([]byte(text)))
			if got != want {
				t.Errorf("%s, want %s", got, want)
			}
			if string(again) != string(kept) { // also mended, so that it harms once only
				t.Errorf("kept %q, want %q", again, kept)
			}
		})
	}
}

// It does not grow for ever.
func TestMemoryIsBounded(t *testing.T) {
	var kept []byte
	stamps := map[string]string{}
	for i := range maxRemembered/maxJars + 3 {
		var jars []*connector.Jar
		for n := range maxJars {
			name := fmt.Sprintf("%02d.jar", n)
			stamps[name] = fmt.Sprint(i, n)
			jars = append(jars, jar(name, []byte(name)))
		}
		_, kept = digestWith(t, stamped(stamps, jars...), ReadMemory(kept))
	}
	m := ReadMemory(kept)
	keys := map[string]bool{}
	for _, line := range m.lines {
		keys[line[:64]] = true
	}
	if diff := cmp.Diff([]int{maxRemembered, maxRemembered}, []int{len(m.lines), len(keys)}); diff != "" || len(kept) > MaxMemory {
		t.Errorf("%d bytes; layers and keys (-want +got):\n%s", len(kept), diff)
	}
}

const maxJars = 50
