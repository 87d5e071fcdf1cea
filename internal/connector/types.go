package connector

import (
	"regexp"
	"strings"
	"time"
)

// The connector types, as the activation link spells them.
const (
	TypeJDBC   = "Jdbc"
	TypeSpark  = "Spark"
	TypeAthena = "Athena"
)

// LinkType gives the spelling that the activation link accepts for a
// connector type in any case; published configs have JDBC, SPARK and Spark.
func LinkType(s string) (string, bool) {
	for _, t := range []string{TypeJDBC, TypeSpark, TypeAthena} {
		// As long in bytes, so that no letter folds that only looks alike: the long s of \u017fpark.
		if len(s) == len(t) && strings.EqualFold(s, t) {
			return t, true
		}
	}
	return s, false
}

// TimestampLayout is the form of releasetimestamp in every sample: no time
// zone is given, and UTC is taken.
const TimestampLayout = "2006-01-02 15:04:05"

// Released is the config's release timestamp in UTC.
func (c *Config) Released() (time.Time, bool) {
	t, err := time.Parse(TimestampLayout, c.Text(KeyReleaseTimestamp))
	return t, err == nil
}

var leadingNumbers = regexp.MustCompile(`^[0-9]+(\.[0-9]+)*`)

// LinkVersion is the part of a version that the guide allows in a link: the
// digits and dots it begins with, or all of it if it begins otherwise.
func LinkVersion(version string) string {
	if v := leadingNumbers.FindString(version); v != "" {
		return v
	}
	return version
}
