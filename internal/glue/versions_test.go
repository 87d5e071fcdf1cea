package glue

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestVersions(t *testing.T) {
	for _, v := range Versions {
		if v.Spark == "" || !strings.HasPrefix(v.ScalaVersion+".", v.Scala+".") || int(v.ClassMajor) != v.Java+44 || !strings.HasPrefix(v.Source, guide) {
			t.Errorf("version %+v", v)
		}
		if !v.InService {
			continue
		}
		for field, text := range map[string]string{
			"Python": v.Python, "Hadoop": v.Hadoop, "Hive": v.Hive, "Jackson": v.Jackson, "Arrow": v.Arrow, "Json4s": v.Json4s, "AWSSDK": v.AWSSDK, "Catalog": v.Catalog,
		} {
			if text == "" {
				t.Errorf("Glue %s: no %s", v.Name, field)
			}
		}
	}
	if !slices.IsSortedFunc(Versions, func(a, b Version) int { return compare(a.Name, b.Name) }) {
		t.Error("the versions are not sorted")
	}
	if got := Names(InService()); got != "3.0, 4.0, 5.0, 5.1, 6.0" {
		t.Errorf("in service: %s", got)
	}
	if v, ok := Find("6.0"); !ok || v.AWSSDKForV1 || v.Scala != "2.13" {
		t.Errorf("6.0: %+v", v)
	}
	if _, ok := Find("5"); ok {
		t.Error("Find is not exact")
	}
}

func TestParse(t *testing.T) {
	for _, test := range []struct {
		list, want, unknown []string
	}{
		{nil, nil, nil},
		{[]string{"6.0", "5.1", "5.1", " 3 "}, []string{"3.0", "5.1", "6.0"}, nil},
		{[]string{"5"}, []string{"5.0"}, nil},
		{[]string{"Glue 5.1", "glue-4.0", "v3.0", "GLUE6.0", ""}, []string{"3.0", "4.0", "5.1", "6.0"}, nil},
		{[]string{"2.0", "0.9"}, []string{"0.9", "2.0"}, nil},
		{[]string{"5.2", "5.1", "latest", "5.1.0", "glue"}, []string{"5.1"}, []string{"5.2", "latest", "5.1.0", "glue"}},
	} {
		versions, err := Parse(test.list)
		var names, bad []string
		for _, v := range versions {
			names = append(names, v.Name)
		}
		var unknown *UnknownError
		if errors.As(err, &unknown) {
			bad = unknown.Names
			if !strings.Contains(err.Error(), "5.0, 5.1, 6.0") {
				t.Errorf("%q: %v names no versions", test.list, err)
			}
		}
		if diff := cmp.Diff(test.want, names); diff != "" {
			t.Errorf("%q: %s", test.list, diff)
		}
		if diff := cmp.Diff(test.unknown, bad); diff != "" {
			t.Errorf("%q unknown: %s", test.list, diff)
		}
	}
}
