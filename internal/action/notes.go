package action

import (
	"context"
	"strings"
)

// releaseNotes are those of the GitHub release that the run is about: in the event,
// or of the tag that it runs on.
func (r *run) releaseNotes(ctx context.Context) string {
	none := Problem{"release-notes", "there are none, and AWS Marketplace wants some", "Give release-notes, as a text or as @ and the path of a file; or write them into the GitHub release of the tag."}
	if !r.env.inActions() {
		r.problems = append(r.problems, none)
		return ""
	}
	text := ""
	if r.env.Getenv("GITHUB_EVENT_NAME") == "release" {
		if e, err := readEvent(r.env.Getenv("GITHUB_EVENT_PATH")); err == nil {
			text = e.Release.Body
		}
	}
	if tag := r.env.Getenv("GITHUB_REF_NAME"); text == "" && r.env.Getenv("GITHUB_REF_TYPE") == "tag" && r.in.GitHubToken != "" {
		client, err := r.gitHub()
		if err == nil {
			owner, name, _ := strings.Cut(r.env.Getenv("GITHUB_REPOSITORY"), "/")
			text, err = client.ReleaseNotes(ctx, owner, name, tag)
		}
		if err != nil {
			r.fail("notes", err)
			return ""
		}
	}
	if text = strings.TrimSpace(strings.ReplaceAll(text, "\r\n", "\n")); text == "" {
		r.problems = append(r.problems, none)
		return ""
	}
	r.done("notes", "from the GitHub release")
	return text
}
