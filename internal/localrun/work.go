package localrun

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"

	"glue-connector/internal/trial"
)

// Jar is one of the connector's jars.
type Jar struct {
	Name    string
	Size    int64 // bytes
	Content io.ReaderAt
}

// Work is what to run.
type Work struct {
	Plan   *trial.Plan
	Trials []trial.Trial
	Jars   []Jar
	// Dir is the folder that paths in the plan's options are relative to.
	Dir string
	// Limit bounds one trial, and the start of Spark; 0 is none.
	Limit time.Duration
	// Getenv gives the variables that the plan's secret names.
	Getenv func(string) string
	// Began is told each trial that begins; nil for nobody.
	Began func(trial string)
}

// Error is a failure to run anything at all.
type Error struct {
	what string
	err  error
	hint string
}

func (e *Error) Error() string {
	if e.err == nil {
		return e.what
	}
	return e.what + ": " + e.err.Error()
}

func (e *Error) Unwrap() error { return e.err }

// Hint says what to do.
func (e *Error) Hint() string { return e.hint }

// FailureKind tells what is lacking on the machine from what failed on it.
func (e *Error) FailureKind() string { return "environment" }

// secret reads the values of the plan's secret from the environment.
func (w *Work) secret() (map[string]string, error) {
	values := map[string]string{}
	var missing []string
	for _, v := range w.Plan.Secret.Env {
		if values[v.Name] = w.Getenv(v.Value); values[v.Name] == "" {
			missing = append(missing, v.Value)
		}
	}
	if len(missing) > 0 {
		return nil, &Error{what: "the plan's secret is to be in " + strings.Join(missing, ", ") + ", which the environment does not have",
			hint: "Set them with env: in the step, from the repository's secrets."}
	}
	return values, nil
}

// open are keys of a secret that are no secret: they would make logs unreadable.
var open = []string{"username", "user", "host", "port", "engine", "dbname", "database", "dbinstanceidentifier", "dbclusteridentifier"}

// masker hides the values of a secret in a log, and in the JSON of a result. Of two
// values that begin alike it takes the longer one, which else would show its end.
func masker(secret map[string]string) *strings.Replacer {
	var hide []string
	for key, v := range secret {
		if slices.Contains(open, strings.ToLower(key)) || len(v) < 3 {
			continue
		}
		hide = append(hide, v, escaped(v))
	}
	slices.SortFunc(hide, func(a, b string) int { return len(b) - len(a) })
	var pairs []string
	for _, v := range hide {
		pairs = append(pairs, v, "***")
	}
	return strings.NewReplacer(pairs...)
}

// escaped is a text as Python's json.dumps writes it between the quotation marks:
// in ASCII, with < and & as they are.
func escaped(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteString(`\` + string(r))
		case r >= ' ' && r <= '~':
			b.WriteRune(r)
		case strings.ContainsRune("\n\r\t\b\f", r):
			b.WriteString(strings.Trim(strconv.Quote(string(r)), `"`))
		default:
			for _, u := range utf16.Encode([]rune{r}) {
				fmt.Fprintf(&b, `\u%04x`, u)
			}
		}
	}
	return b.String()
}

// copyJars writes the jars into a folder: what runs is what was checked.
func copyJars(dir string, jars []Jar) (paths []string, err error) {
	for _, j := range jars {
		path := filepath.Join(dir, j.Name)
		f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
		if err != nil {
			return nil, fmt.Errorf("copying %s: %w", j.Name, err)
		}
		_, err = io.Copy(f, io.NewSectionReader(j.Content, 0, j.Size))
		if err = errors.Join(err, f.Close()); err != nil {
			return nil, fmt.Errorf("copying %s: %w", j.Name, err)
		}
		paths = append(paths, path)
	}
	return paths, nil
}

// standIn is what the stand-in has in place of a Data Catalog and of AWS Secrets
// Manager.
func (w *Work) standIn(secret map[string]string) (string, error) {
	connection := map[string]string{"className": w.Plan.Class}
	if url := w.Plan.Option("url"); url != "" {
		connection["url"] = url
	}
	var known struct {
		Connections map[string]map[string]string `json:"connections"`
		Secrets     map[string]map[string]string `json:"secrets"`
	}
	if name := w.Plan.Secret.Name(); name != "" {
		connection["secretId"] = name
		known.Secrets = map[string]map[string]string{name: secret}
	}
	known.Connections = map[string]map[string]string{w.Plan.ConnectionName(): connection}
	b, err := json.Marshal(known)
	return string(b), err
}
