package pullrequest

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"regexp"
	"strconv"
	"sync"
	"unicode/utf16"
)

// GitHub refuses a comment of more than 65,536 characters and does not say how
// it counts them. In UTF-16 code units, the most that anyone counts, the limit
// keeps every way of counting, also that in bytes of the database's column.
const (
	maxComment = 65536
	maxMarker  = 128
)

// MaxBody is how long the text of a comment may be, counted by [Length]: GitHub's
// limit less our marker.
const MaxBody = maxComment - maxMarker

// Length counts UTF-16 code units.
func Length(s string) int {
	n := 0
	for _, r := range s {
		n += max(utf16.RuneLen(r), 1)
	}
	return n
}

// Run is a run of a workflow: GITHUB_RUN_ID and GITHUB_RUN_ATTEMPT, both from 1.
// GitHub's ids grow with time.
type Run struct {
	ID, Attempt int64
}

// Compare is negative if r is older than o, and positive if it is newer.
func (r Run) Compare(o Run) int {
	return cmp.Or(cmp.Compare(r.ID, o.ID), cmp.Compare(r.Attempt, o.Attempt))
}

func (r Run) String() string { return fmt.Sprintf("%d.%d", r.ID, r.Attempt) }

// marker is the line that begins a comment of ours. The key is hashed: nothing
// in it can end the HTML comment, and the length is bounded.
func marker(key string, run Run) string {
	return fmt.Sprintf("<!-- glue-connector: key=%s run=%s -->\n", hashed(key), run)
}

func hashed(key string) string {
	sum := sha256.Sum256([]byte(key))
	return hex.EncodeToString(sum[:16])
}

// markerLine also takes fields that a later version may add.
var markerLine = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^<!-- glue-connector: key=([0-9a-f]{32}) run=([1-9][0-9]{0,18})\.([1-9][0-9]{0,18})(?: [a-z]+=[0-9A-Za-z._]+)* -->(?:\r?\n|$)`)
})

// parseMarker reads the marker that begins a comment, if there is one.
func parseMarker(body string) (hash string, run Run, ok bool) {
	// A long first line is no marker; the expression need not look at all of it.
	m := markerLine().FindStringSubmatch(body[:min(len(body), 1024)])
	if m == nil {
		return "", Run{}, false
	}
	id, err := strconv.ParseInt(m[2], 10, 64)
	if err != nil {
		return "", Run{}, false
	}
	attempt, err := strconv.ParseInt(m[3], 10, 64)
	if err != nil {
		return "", Run{}, false
	}
	return m[1], Run{id, attempt}, true
}
