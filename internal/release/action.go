package release

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/google/go-containerregistry/pkg/name"
)

// built is how action.yml names the image between releases: it is built from the
// Dockerfile by each job, so that a branch and a fork work with nothing published.
const built = "\n  image: Dockerfile\n"

// PinAction is action.yml with an image by digest in the place of the Dockerfile.
func PinAction(action, image string) (string, error) {
	if _, err := name.NewDigest(image); err != nil {
		return "", fmt.Errorf("pinning action.yml: %w", err)
	}
	if strings.Count(action, built) != 1 {
		return "", fmt.Errorf("pinning action.yml: it does not say %q once", strings.TrimSpace(built))
	}
	return strings.Replace(action, built, "\n  image: docker://"+image+"\n", 1), nil
}

// Notes are what the changelog says of a version, which it must.
func Notes(changelog string, v Version) (string, error) {
	heading := regexp.MustCompile(`(?m)^## ` + regexp.QuoteMeta(strings.TrimPrefix(string(v), "v")) + `(?: .*)?$`)
	at := heading.FindStringIndex(changelog)
	if at == nil {
		return "", fmt.Errorf("reading the changelog: it has no section %s", v)
	}
	text := changelog[at[1]:]
	if next := strings.Index(text, "\n## "); next >= 0 {
		text = text[:next]
	}
	if text = strings.TrimSpace(text); text == "" {
		return "", fmt.Errorf("reading the changelog: it says nothing of %s", v)
	}
	return text + "\n", nil
}
