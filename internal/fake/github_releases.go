package fake

import "net/http"

// CreateRelease makes the release of a tag, with its notes.
func (w *World) CreateRelease(repository, tag, notes string) {
	w.gitHub.mu.Lock()
	defer w.gitHub.mu.Unlock()
	w.gitHub.releases[repository+" "+tag] = notes
}

func (c *gitHubCall) getRelease() http.Handler {
	notes, ok := c.releases[c.repository()+" "+c.args["tag"]]
	if !ok {
		return notFound()
	}
	return gitHubAnswer(http.StatusOK, map[string]any{"id": 1, "tag_name": c.args["tag"], "name": c.args["tag"], "body": notes, "draft": false})
}
