package action

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// reader reads inputs and collects what is wrong with them.
type reader struct {
	get      func(name string) string
	problems []Problem
}

func (r *reader) problem(input, message, advice string) {
	r.problems = append(r.problems, Problem{input, message, advice})
}

// text is an input's value without white space around it, or its default.
func (r *reader) text(name string) string {
	if v := strings.TrimSpace(r.get(name)); v != "" {
		return v
	}
	return find(name).Default
}

func find(name string) Input {
	i := slices.IndexFunc(Inputs, func(i Input) bool { return i.Name == name })
	return Inputs[i]
}

func (r *reader) choice(name string) string {
	v, choices := r.text(name), find(name).Choices
	if !slices.Contains(choices, v) {
		r.problem(name, fmt.Sprintf("%+q is not one of %s", v, strings.Join(choices, ", ")), "Choose one of them.")
		return find(name).Default
	}
	return v
}

// bool takes what YAML takes for a truth value in GitHub's workflows.
func (r *reader) bool(name string) bool {
	switch v := r.text(name); v {
	case "true", "True", "TRUE":
		return true
	case "false", "False", "FALSE":
		return false
	default:
		r.problem(name, fmt.Sprintf("%+q is neither true nor false", v), "Write true or false.")
		return false
	}
}

var minutesPattern = regexp.MustCompile(`^[0-9]{1,5}(\.[0-9]{1,3})?$`)

func (r *reader) minutes(name string) time.Duration {
	v := r.text(name)
	if !minutesPattern.MatchString(v) {
		r.problem(name, fmt.Sprintf("%+q is no number of minutes", v), "Write for example 30, or 0 for no limit.")
		v = find(name).Default
	}
	n, _ := strconv.ParseFloat(v, 64) // the pattern has seen to it
	return time.Duration(n * float64(time.Minute))
}

func (r *reader) list(name string) []string {
	return split(r.get(name), func(c rune) bool { return c == '\n' || c == ',' })
}

func (r *reader) lines(name string) []string {
	return split(r.get(name), func(c rune) bool { return c == '\n' })
}

func split(s string, at func(rune) bool) []string {
	var out []string
	for _, item := range strings.FieldsFunc(s, at) {
		if item = strings.TrimSpace(item); item != "" {
			out = append(out, item)
		}
	}
	return out
}

func (r *reader) epoch(getenv func(string) string) time.Time {
	name, v := "source-date-epoch", r.text("source-date-epoch")
	if v == "" {
		name, v = "SOURCE_DATE_EPOCH", strings.TrimSpace(getenv("SOURCE_DATE_EPOCH"))
	}
	if v == "" {
		return time.Time{}
	}
	n, err := strconv.ParseInt(v, 10, 64)
	if err != nil || n < 0 || n > 253402300799 { // the year 9999
		r.problem(name, fmt.Sprintf("%+q is no number of seconds since 1970", v), "Give a whole number, for example the output of git log -1 --format=%ct.")
		return time.Time{}
	}
	return time.Unix(n, 0).UTC()
}
