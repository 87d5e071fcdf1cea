package pullrequest

import (
	"context"
	"errors"
	"net/http"

	"github.com/google/go-github/v60/github"
)

// ReleaseNotes reads the notes of the release of a tag; they are empty if there is
// no such release. The token needs contents: read.
func (c *Client) ReleaseNotes(ctx context.Context, owner, repo, tag string) (notes string, err error) {
	if err := checkRepository(owner, repo); err != nil {
		return "", err
	}
	err = c.repeat(ctx, "reading the release of "+tag, func(ctx context.Context) error {
		release, _, err := c.gh.Repositories.GetReleaseByTag(ctx, owner, repo, tag)
		if r, ok := errors.AsType[*github.ErrorResponse](err); ok && r.Response != nil && r.Response.StatusCode == http.StatusNotFound {
			return nil
		}
		notes = release.GetBody()
		return err
	})
	return notes, err
}
