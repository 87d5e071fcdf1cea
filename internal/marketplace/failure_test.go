package marketplace

import (
	"regexp"
	"strings"
	"testing"

	"glue-connector/internal/fake"
)

// Each reason that the fake knows, as AWS documents it, leads to advice, and to the
// right answer to whether the same may be sent again.
func TestReasons(t *testing.T) {
	for code, again := range map[string]bool{
		"INCOMPATIBLE_PRODUCT_STATUS": true, "DUPLICATE_VERSION_TITLE": true, "SCAN_ERROR": true, "IMAGE_NOT_FOUND": true, "IMAGE_INACCESSIBLE": true,
		"INVALID_CONTAINER_IMAGE_URI": true, "INVALID_CONTAINER_IMAGE_REPOSITORY": true, "SOMETHING_NEW": true,
		"INVALID_VERSION_TITLE": false, "INVALID_RELEASE_NOTES": false, "INVALID_USAGE_INSTRUCTIONS": false, "INVALID_CONTAINER_IMAGE_TAG": false,
		"INCOMPATIBLE_SERVICES": false, "DUPLICATE_DELIVERY_OPTION_TITLES": false, "INVALID_RESOURCE_URL": false, "INVALID_INPUT": false,
	} {
		t.Run(code, func(t *testing.T) {
			w, c := newWorld(t)
			end := fake.ChangeSetEnd{Status: "FAILED", FailureCode: "CLIENT_ERROR", Errors: []fake.CatalogError{{Code: code, Message: "Because."}, {Code: code, Message: "Again."}}}
			w.EndChangeSet(end)
			r, err := publish(t, c, "1.0.0")
			f, ok := err.(*Failure)
			if !ok || r.Status != "FAILED" || f.Error() != "change set 0000000000001 failed: "+code+": Because.; "+code+": Again." {
				t.Fatalf("%+v, %v", r, err)
			}
			if f.Hint() == "" || strings.Count(f.Hint(), cures[code].advice) != 1 && cures[code].advice != "" {
				t.Errorf("hint %q", f.Hint())
			}
			_, err = publish(t, c, "1.0.0")
			if (err == nil) != again {
				t.Errorf("again: %v", err)
			}
			if n := len(w.ChangeSets()); (n == 2) != again {
				t.Errorf("%d change sets", n)
			}
		})
	}
}

// codes are written as AWS writes them, and their advice is for people.
func TestCures(t *testing.T) {
	for code, c := range cures {
		if !regexp.MustCompile(`^[A-Z]+(_[A-Z]+)+$`).MatchString(code) || !strings.HasSuffix(c.advice, ".") {
			t.Errorf("%s: %q", code, c.advice)
		}
	}
}

// The name finds a change set again, and keeps to AWS's grammar whatever the title.
func TestNames(t *testing.T) {
	seen := map[string]string{}
	for _, title := range []string{"1.0.0", "1.0.0 (beta)/2", strings.Repeat("x", 64), "é", "", " a  b ", "##[error]"} {
		l := listing()
		l.Title = title
		for _, digest := range []string{"sha256:1", "sha256:2"} {
			s := AddVersion(l, []string{digest})
			if name := s.Name(); !regexp.MustCompile(`^[\w\s+=.:@-]{1,100}$`).MatchString(name) || !strings.HasSuffix(name, s.Key()) {
				t.Errorf("%q: %q", title, name)
			}
			if token := s.Token(12345); !regexp.MustCompile(`^[!-~]{1,64}$`).MatchString(token) {
				t.Errorf("%q: %q", title, token)
			}
			if other, ok := seen[s.Key()]; ok {
				t.Errorf("%q and %q have one key", title, other)
			}
			seen[s.Key()] = title
		}
	}
	// It may not change: a new version of this program has to find the sets of the old.
	if key := AddVersion(listing(), []string{"sha256:1"}).Key(); key != "c90a802d9d9fde762e7a7e7e30ae281b" {
		t.Errorf("the key is %s", key)
	}
}
