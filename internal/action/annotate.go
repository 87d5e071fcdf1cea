package action

import (
	"bytes"
	"fmt"
	"io"
	"strconv"

	"github.com/sethvargo/go-githubactions"

	"glue-connector/internal/check"
	"glue-connector/internal/report"
)

// The runner shows ten annotations of a type in a step, and cuts a message at
// 4,096 characters.
const (
	maxAnnotations = 9
	maxAnnotation  = 4000
)

// annotate shows findings and failures where they are: on the lines of the
// diff, and in the list of the run.
func annotate(w io.Writer, rep *report.Report) {
	// The library panics if it cannot write: it writes to memory, and a closed
	// output keeps no one from the other faces of the report.
	var lines bytes.Buffer
	defer func() { _, _ = lines.WriteTo(w) }()
	a := githubactions.New(githubactions.WithWriter(&lines))
	shown := map[check.Severity]int{}
	for _, s := range rep.Failures() {
		shown[check.Error]++
		if shown[check.Error] <= maxAnnotations {
			emit(a, check.Error, map[string]string{"title": "glue-connector: " + s.Name}, s.Detail, s.Hint)
		}
	}
	for _, f := range rep.Findings {
		shown[f.Severity]++
		if shown[f.Severity] > maxAnnotations {
			continue
		}
		fields := map[string]string{"title": "glue-connector: " + f.Rule}
		if f.Path != "" {
			fields["file"] = report.Line(f.Path)
		}
		if f.At.Line > 0 {
			fields["line"], fields["col"] = strconv.Itoa(f.At.Line), strconv.Itoa(f.At.Column)
		}
		emit(a, f.Severity, fields, f.Message, f.Advice)
	}
	for _, s := range []check.Severity{check.Error, check.Warning} {
		if more := shown[s] - maxAnnotations; more > 0 {
			emit(a, s, map[string]string{"title": "glue-connector"}, fmt.Sprintf("%d more, see the job summary", more), "")
		}
	}
}

func emit(a *githubactions.Action, s check.Severity, fields map[string]string, message, advice string) {
	text := report.Line(message)
	if advice != "" {
		text += " → " + report.Line(advice)
	}
	text = report.Cut(text, maxAnnotation)
	if a = a.WithFieldsMap(fields); s == check.Error {
		a.Errorf("%s", text)
		return
	}
	a.Warningf("%s", text)
}
