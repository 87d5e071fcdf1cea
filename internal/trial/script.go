package trial

import (
	_ "embed"
	"strconv"
	"strings"
)

// scriptText is the script with <places> that are filled in, and with lines that
// are in some scripts only: those that begin with "#sink:" are in scripts with a
// sink. It is not for text/template, with which the linker must keep all methods
// of all types: the clients of AWS would double the program.
//
//go:embed script.py.tmpl
var scriptText string

// Script is the PySpark of a trial: what Glue runs, and what a person could run
// in Glue's console. It holds no secret. It takes three job parameters, all of
// which may be missing: --nonce is printed before the result, --result is where
// the result is written besides, as s3:// or a file, --scratch is a folder for
// the data that it writes.
func (t Trial) Script() string {
	unused := ""
	if !t.Stored {
		unused = " (not by this one)"
	}
	fill := strings.NewReplacer("<name>", t.Name, "<summary>", t.Summary, "<unused>", unused, `<"name">`, py(t.Name),
		"<type>", py(t.Type), "<options>", dict(t, t.Options), "<sink>", dict(t, t.Sink))
	has := map[string]bool{"env": len(t.Env) > 0, "sink": len(t.Sink) > 0, "stored": t.Stored}
	var b strings.Builder
	for line := range strings.Lines(scriptText) {
		if condition, rest, ok := strings.Cut(strings.TrimPrefix(line, "#"), ":"); ok && line[0] == '#' {
			if holds, known := has[condition]; known {
				if line = rest; !holds {
					continue
				}
			}
		}
		fill.WriteString(&b, line)
	}
	return b.String()
}

// File is the script's file name.
func (t Trial) File() string { return t.Name + ".py" }

// py is a text as Python writes it, in ASCII: Go's escapes are Python's, too.
func py(s string) string { return strconv.QuoteToASCII(s) }

// dict is options as a dict of Python's, one a line. What is in environment
// variables stays there: ${key} in a text is filled in when the script runs.
func dict(t Trial, options []Option) string {
	var b strings.Builder
	b.WriteString("{\n")
	for _, o := range options {
		v := py(o.Value)
		for _, e := range t.Env {
			if key := "${" + e.Name + "}"; strings.Contains(o.Value, key) {
				v += ".replace(" + py(key) + ", os.environ[" + py(e.Value) + "])"
			}
		}
		if o.Map != nil {
			var pairs []string
			for _, m := range o.Map {
				pairs = append(pairs, py(m.Name)+": "+py(m.Value))
			}
			v = "{" + strings.Join(pairs, ", ") + "}"
		}
		b.WriteString("    " + py(o.Name) + ": " + v + ",\n")
	}
	for _, e := range t.Env {
		b.WriteString("    " + py(optionOf(e.Name, t.Type)) + ": os.environ[" + py(e.Value) + "],\n")
	}
	return b.String() + "}"
}
