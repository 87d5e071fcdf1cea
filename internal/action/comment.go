package action

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/sethvargo/go-githubactions"

	"glue-connector/internal/pullrequest"
	"glue-connector/internal/report"
)

// When to comment on a pull request.
const (
	commentAuto      = "auto"       // on each, where the token may
	commentOnFailure = "on-failure" // to say that something is wrong, and then that it no longer is
	commentAlways    = "always"     // on each, and the run fails if it cannot
	commentNever     = "never"
)

// comment keeps the report on the pull request up to date. Only where it was
// asked for is it a failure that it could not: a fork's run may not comment, and
// its report is in the summary and the annotations.
func (r *run) comment(ctx context.Context) error {
	if r.in.Mode == Publish && r.in.DryRun {
		return nil // nothing is written anywhere
	}
	if r.in.Mode == Comment || !onPullRequest(r.env) || r.in.Comment == commentNever || ctx.Err() != nil {
		return nil
	}
	if r.in.GitHubToken == "" && r.in.Comment != commentAlways {
		return nil
	}
	err := r.upsert(ctx, r.origin)
	if err == nil || r.in.Comment == commentAlways {
		return err
	}
	text := "the pull request has no comment: " + report.Line(err.Error())
	if hinted, ok := errors.AsType[interface {
		error
		Hint() string
	}](err); ok && hinted.Hint() != "" {
		text += " → " + report.Line(hinted.Hint())
	}
	fmt.Fprintf(r.env.Stdout, "- comment  %s\n", text)
	githubactions.New(githubactions.WithWriter(r.env.Stdout)).WithFieldsMap(map[string]string{"title": "glue-connector"}).
		Noticef("%s", report.Cut(text, maxAnnotation))
	return nil
}

// upsert posts the report of one origin.
func (r *run) upsert(ctx context.Context, o report.Origin) error {
	owner, name, ok := strings.Cut(o.Repository, "/")
	if !ok || o.PullRequest <= 0 {
		return errors.New("commenting: the event names no pull request")
	}
	client, err := r.gitHub()
	if err != nil {
		return err
	}
	c := pullrequest.Comment{
		Key:        r.commentKey(),
		Run:        pullrequest.Run{ID: o.RunID, Attempt: int64(o.RunAttempt)},
		Body:       r.report.Comment(o, min(report.MaxComment, pullrequest.MaxBody)),
		UpdateOnly: r.in.Comment == commentOnFailure && r.report.Result != report.Failed,
	}
	result, err := client.Upsert(ctx, owner, name, o.PullRequest, c)
	if err != nil {
		return err
	}
	r.commentURL = result.URL
	detail := string(result.Action)
	switch result.Action {
	case pullrequest.Older:
		detail = "left as it is: run " + result.Run.String() + " is newer"
	case pullrequest.None:
		detail = "none, since nothing is wrong"
	}
	r.say(report.Step{Name: "comment", Status: report.Done, Detail: strings.TrimSpace(detail + " " + result.URL)})
	return nil
}

// gitHub is GitHub with the token of the run.
func (r *run) gitHub() (*pullrequest.Client, error) {
	if r.in.GitHubToken == "" {
		return nil, errors.New("commenting: there is no github-token")
	}
	return pullrequest.New(pullrequest.Config{API: r.env.Getenv("GITHUB_API_URL"), Token: r.in.GitHubToken, UserAgent: "glue-connector/" + Version()})
}

// commentKey tells the connectors of a pull request apart: by their configs,
// unless an input says otherwise.
func (r *run) commentKey() string {
	if r.in.CommentKey != "" {
		return "key " + r.in.CommentKey
	}
	return "config " + r.report.Connector.ConfigPath
}

// relay is mode comment: it posts the report of another run, which could not. The
// report is hostile: a fork's run wrote it. The pull request, the commit and the
// run are taken from the event.
func (r *run) relay(ctx context.Context) {
	if r.stopped() != "" {
		return
	}
	own := r.report
	err := r.readReport(ctx)
	if err == nil {
		err = r.upsert(ctx, r.origin)
	}
	r.report = own
	if err != nil {
		r.fail("comment", err)
		return
	}
	r.report.Result = report.Commented
}

func (r *run) readReport(ctx context.Context) error {
	raw, err := r.ws.Read(r.in.FromReport, report.MaxJSON)
	if err != nil {
		return fmt.Errorf("reading %s: %w", r.in.FromReport, err)
	}
	other, err := report.Parse(raw)
	if err != nil {
		return err
	}
	r.report = other
	if r.origin.PullRequest > 0 {
		return nil
	}
	r.origin.PullRequest, err = r.findPullRequest(ctx)
	return err
}

// findPullRequest finds the one that the run before was about: GitHub names it
// in the event unless it is a fork's.
func (r *run) findPullRequest(ctx context.Context) (int, error) {
	e, err := readEvent(r.env.Getenv("GITHUB_EVENT_PATH"))
	if err != nil {
		return 0, errors.New("commenting: the event's payload cannot be read")
	}
	w := e.WorkflowRun
	if len(w.PullRequests) == 1 && w.HeadRepository.FullName == e.Repository.FullName {
		return w.PullRequests[0].Number, nil
	}
	client, err := r.gitHub()
	if err != nil {
		return 0, err
	}
	owner, name, _ := strings.Cut(r.origin.Repository, "/")
	number, found, err := client.FindByHead(ctx, owner, name, w.HeadRepository.Owner.Login, w.HeadBranch, w.HeadSHA)
	if err == nil && !found {
		err = fmt.Errorf("commenting: no open pull request has the head %+q", w.HeadSHA)
	}
	return number, err
}
