package trial

import (
	_ "embed"
	"strconv"
	"strings"
	"sync"
	"text/template"
)

//go:embed script.py.tmpl
var scriptText string

var scriptTemplate = sync.OnceValue(func() *template.Template {
	return template.Must(template.New("script").Funcs(template.FuncMap{"py": py, "dict": dict}).Parse(scriptText))
})

// Script is the PySpark of a trial: what Glue runs, and what a person could run
// in Glue's console. It holds no secret. It takes three job parameters, all of
// which may be missing: --nonce is printed before the result, --result is where
// the result is written besides, as s3:// or a file, --scratch is a folder for
// the data that it writes.
func (t Trial) Script() string {
	var b strings.Builder
	// The template and its data are ours: an error would be one of every script.
	if err := scriptTemplate().Execute(&b, t); err != nil {
		panic(err)
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
