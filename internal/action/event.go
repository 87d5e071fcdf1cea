package action

import (
	"encoding/json"
	"fmt"
	"os"
)

// repositoryName is how an event's payload names a repository.
type repositoryName struct {
	FullName string `json:"full_name"`
}

// event is what matters here of the payload that the runner writes.
type event struct {
	PullRequest struct {
		Head struct {
			Repo repositoryName `json:"repo"`
		} `json:"head"`
	} `json:"pull_request"`
	WorkflowRun struct {
		HeadRepository repositoryName `json:"head_repository"`
	} `json:"workflow_run"`
	Repository repositoryName `json:"repository"`
}

// refuseEvent keeps a push from running with the content of a stranger: a
// pull request of a fork, or an event that runs with the repository's secrets
// on the head of one. No input overrides it.
func refuseEvent(env Env, in Settings) []Problem {
	if in.Mode != Push || !env.inActions() {
		return nil
	}
	refuse := func(why string) []Problem {
		return []Problem{{"mode", fmt.Sprintf("%s is refused: %s", in.Mode, why),
			"Push on a tag or on the default branch; on pull requests use mode: check."}}
	}
	name := env.Getenv("GITHUB_EVENT_NAME")
	switch name {
	case "pull_request_target", "issue_comment":
		return refuse(name + " runs with this repository's rights on what others wrote")
	case "pull_request", "pull_request_review", "pull_request_review_comment", "workflow_run":
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
	b, err := os.ReadFile(path)
	if err == nil {
		err = json.Unmarshal(b, &e)
	}
	return e, err
}
