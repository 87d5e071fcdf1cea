package action

import (
	"encoding/json"
	"fmt"
	"os"
	"strconv"

	"glue-connector/internal/pullrequest"
	"glue-connector/internal/report"
	"glue-connector/internal/trial"
)

// maxEvent bounds the payload that is read, in bytes: GitHub's own limit of a
// webhook's payload is 25 MB.
const maxEvent = 32 << 20

// eventRepository is how an event's payload names a repository.
type eventRepository struct {
	FullName string `json:"full_name"`
	Owner    struct {
		Login string `json:"login"`
	} `json:"owner"`
}

// event is what matters here of the payload that the runner writes.
type event struct {
	PullRequest struct {
		Number int `json:"number"`
		Head   struct {
			SHA  string          `json:"sha"`
			Repo eventRepository `json:"repo"`
		} `json:"head"`
	} `json:"pull_request"`
	WorkflowRun struct {
		ID             int64           `json:"id"`
		Attempt        int64           `json:"run_attempt"`
		HeadSHA        string          `json:"head_sha"`
		HeadBranch     string          `json:"head_branch"`
		HeadRepository eventRepository `json:"head_repository"`
		PullRequests   []struct {
			Number int `json:"number"`
		} `json:"pull_requests"`
	} `json:"workflow_run"`
	Release struct {
		Body string `json:"body"`
	} `json:"release"`
	Repository eventRepository `json:"repository"`
}

// refuseEvent keeps what writes, and a test, from running with the content of a
// stranger: a pull request of a fork, or an event that runs with the repository's
// secrets on the head of one. No input overrides it. A test on this machine is fine for
// a pull request, which has no secrets.
func refuseEvent(env Env, in Settings) []Problem {
	if !in.Mode.writes() && in.Mode != Test || !env.inActions() {
		return nil
	}
	what, advice := string(in.Mode), "Do it on a tag or on the default branch; on pull requests use mode: check."
	if in.Mode == Test {
		what, advice = "test with runner: "+string(in.Runner), "Test on Glue on a tag or on the default branch; on pull requests of forks use runner: local."
	}
	refuse := func(why string) []Problem {
		return []Problem{{"mode", fmt.Sprintf("%s is refused: %s", what, why), advice}}
	}
	name := env.Getenv("GITHUB_EVENT_NAME")
	switch name {
	case "pull_request_target", "issue_comment":
		return refuse(name + " runs with this repository's rights on what others wrote")
	case "pull_request", "pull_request_review", "pull_request_review_comment":
		if in.Mode == Test && in.Runner == trial.Local {
			return nil
		}
	case "workflow_run":
	default:
		return nil
	}
	e, err := readEvent(env.Getenv("GITHUB_EVENT_PATH"))
	if err != nil {
		return refuse("the event's payload cannot be read, so the content may be a fork's")
	}
	head := e.PullRequest.Head.Repo.FullName
	if name == "workflow_run" {
		head = e.WorkflowRun.HeadRepository.FullName
	}
	if head == "" || head != e.Repository.FullName {
		return refuse("the content is a fork's")
	}
	return nil
}

func readEvent(path string) (e event, err error) {
	info, err := os.Stat(path)
	if err != nil {
		return e, err
	}
	if !info.Mode().IsRegular() || info.Size() > maxEvent {
		return e, fmt.Errorf("%d bytes, or no file", info.Size())
	}
	b, err := os.ReadFile(path)
	if err == nil {
		err = json.Unmarshal(b, &e)
	}
	return e, err
}

// onPullRequest tells that a run is about the pull request in its event.
func onPullRequest(env Env) bool {
	switch env.Getenv("GITHUB_EVENT_NAME") {
	case "pull_request", "pull_request_target", "pull_request_review", "pull_request_review_comment":
		return env.inActions()
	}
	return false
}

// origin is what the runner says of where a report comes from. On a pull request
// the commit is its head: GITHUB_SHA is a merge that nobody sees. One that waits
// for another run speaks of that run.
func origin(env Env) report.Origin {
	run := runOf(env)
	o := report.Origin{
		Server: env.Getenv("GITHUB_SERVER_URL"), Repository: env.Getenv("GITHUB_REPOSITORY"), Commit: env.Getenv("GITHUB_SHA"),
		RunID: run.ID, RunAttempt: int(run.Attempt),
	}
	e, err := readEvent(env.Getenv("GITHUB_EVENT_PATH"))
	if err != nil {
		return o
	}
	switch {
	case onPullRequest(env):
		o.Commit, o.PullRequest = e.PullRequest.Head.SHA, e.PullRequest.Number
	case env.Getenv("GITHUB_EVENT_NAME") == "workflow_run" && e.WorkflowRun.ID > 0:
		o.Commit = e.WorkflowRun.HeadSHA
		o.RunID, o.RunAttempt = e.WorkflowRun.ID, int(e.WorkflowRun.Attempt)
	}
	return o
}

func runOf(env Env) pullrequest.Run {
	number := func(name string) int64 {
		n, _ := strconv.ParseInt(env.Getenv(name), 10, 64)
		return n
	}
	return pullrequest.Run{ID: number("GITHUB_RUN_ID"), Attempt: number("GITHUB_RUN_ATTEMPT")}
}
