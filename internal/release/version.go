package release

import (
	"fmt"

	"golang.org/x/mod/semver"
)

// Version is a release's, as its tag is called: vMAJOR.MINOR.PATCH, and for one
// that is only to be tried out -rc.1 or the like after it.
type Version string

// ParseVersion takes a version with or without the v. It refuses what sorts like
// another version: short forms and build metadata.
func ParseVersion(s string) (Version, error) {
	v := s
	if len(v) > 0 && v[0] != 'v' {
		v = "v" + v
	}
	if !semver.IsValid(v) || semver.Canonical(v) != v {
		return "", fmt.Errorf("reading version %q: want MAJOR.MINOR.PATCH, or that and -rc.1", s)
	}
	return Version(v), nil
}

// Major is the tag that moves along: v1 of v1.2.3.
func (v Version) Major() string { return semver.Major(string(v)) }

// Trial tells that the version is one to be tried out, which no moving tag names.
func (v Version) Trial() bool { return semver.Prerelease(string(v)) != "" }

// Leads tells whether the moving tag belongs to v among the tags there are: a
// fix of an older line does not take it back.
func (v Version) Leads(tags []string) bool {
	if v.Trial() {
		return false
	}
	for _, t := range tags {
		other, err := ParseVersion(t)
		if err == nil && t == string(other) && !other.Trial() && other.Major() == v.Major() && semver.Compare(t, string(v)) > 0 {
			return false
		}
	}
	return true
}
