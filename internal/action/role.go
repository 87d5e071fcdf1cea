package action

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"glue-connector/internal/connector"
	"glue-connector/internal/credentials"
	"glue-connector/internal/registry"
)

// role reads which role to work as. Without one it is the zero Role: a workflow
// may leave it empty to work with the credentials of a step before.
func (r *reader) role(getenv func(string) string) (role credentials.Role) {
	role = credentials.Role{
		ARN: r.text("role-to-assume"), SessionName: r.text("role-session-name"), ExternalID: r.text("role-external-id"),
		Audience: r.text("audience"), Chain: r.bool("role-chaining"),
		Runner: credentials.Runner{URL: getenv("ACTIONS_ID_TOKEN_REQUEST_URL"), Token: getenv("ACTIONS_ID_TOKEN_REQUEST_TOKEN")},
	}
	seconds, err := strconv.Atoi(r.text("role-duration-seconds"))
	if err != nil || seconds < 900 || seconds > 43200 {
		r.problem("role-duration-seconds", fmt.Sprintf("%+q is no number of seconds from 900 to 43200", r.text("role-duration-seconds")), "AWS allows 15 minutes to 12 hours; a role has a limit of its own, an hour unless it was changed.")
	}
	role.Duration = time.Duration(seconds) * time.Second
	if v := role.SessionName; v != "" && !credentials.ValidSessionName(v) {
		r.problem("role-session-name", fmt.Sprintf("%+q is no name of a session", v), "Use 2 to 64 letters, digits and _ + = , . @ -")
	}
	if v := role.ExternalID; v != "" && !credentials.ValidExternalID(v) {
		// It is half a secret: it is not quoted.
		r.problem("role-external-id", "it is no external id", "Use 2 to 1,224 letters, digits and _ + = , . @ : / -")
	}
	if v := role.Audience; v != "" && !credentials.ValidAudience(v) {
		r.problem("audience", fmt.Sprintf("%+q is no audience", v), "Leave it out, or give the one that the identity provider in IAM has.")
	}
	switch {
	case role.ARN == "":
		return credentials.Role{}
	case !credentials.ValidRole(role.ARN):
		r.problem("role-to-assume", fmt.Sprintf("%+q is no ARN of a role", role.ARN), "Write it as arn:aws:iam::123456789012:role/my-role.")
	case role.ExternalID != "" && role.Runner.Offers() && !role.Chain:
		r.problem("role-external-id", "AWS takes no external id with GitHub's ID token", "Leave it out, or set role-chaining: true to assume the role with the credentials in the environment.")
	}
	if role.SessionName == "" {
		role.SessionName = credentials.SessionName(getenv("GITHUB_RUN_ID"))
	}
	return role
}

// allowed reads the accounts that may be worked as, and holds the target to them
// as far as it is known.
func (r *reader) allowed(s Settings) []string {
	accounts := r.list("allowed-account-ids")
	for _, a := range accounts {
		if !connector.ValidAccount(a) {
			r.problem("allowed-account-ids", fmt.Sprintf("%+q is no AWS account id", a), "An account id has 12 digits; quote it in YAML, or a leading zero is lost.")
		}
	}
	if s.Mode.pushes() || s.Mode == Verify {
		if p := refuseTarget(accounts, s.Repository.Account); p != nil {
			r.problems = append(r.problems, *p)
		}
		for _, ref := range s.Places {
			if p := refuseTarget(accounts, ref.Account); p != nil {
				p.Advice = "Check additional-repositories."
				r.problems = append(r.problems, *p)
			}
		}
	}
	return accounts
}

// refuseTarget is what is wrong with the account of a registry, nil if nothing.
func refuseTarget(allowed []string, account string) *Problem {
	if len(allowed) == 0 || account == "" || account == connector.MarketplaceRegistry || slices.Contains(allowed, account) {
		return nil
	}
	return &Problem{"allowed-account-ids", fmt.Sprintf("the repository is in account %s, and %s", account, only(allowed)), "Check repository and aws-account-id."}
}

func only(allowed []string) string {
	if len(allowed) == 1 {
		return allowed[0] + " alone is allowed"
	}
	return "only " + strings.Join(allowed, ", ") + " are allowed"
}

// config is AWS's configuration in the target's region, with the credentials that
// a run works with. It is made when it is first needed, and no credentials of
// an account that is not allowed come out of it.
func (r *run) config(ctx context.Context) (aws.Config, error) {
	if r.aws != nil {
		return *r.aws, nil
	}
	cfg, err := awsConfig(ctx, r.in.Repository.Region)
	if err != nil {
		return cfg, err
	}
	role := r.in.Role
	if role.ARN != "" {
		if cfg, err = credentials.Assume(ctx, cfg, role); err != nil {
			return cfg, err
		}
	}
	if len(r.in.Allowed) > 0 {
		account, err := registry.CallerAccount(ctx, cfg)
		if err != nil {
			return cfg, err
		}
		if !slices.Contains(r.in.Allowed, account) {
			return cfg, &notAllowed{Problem{"allowed-account-ids", fmt.Sprintf("the AWS credentials are those of account %s, and %s", account, only(r.in.Allowed)),
				"Check role-to-assume, and which credentials the steps before this one have set."}}
		}
	}
	if role.ARN != "" {
		r.done("role", "%s, as %s", role.ARN, role.SessionName)
	}
	r.aws = &cfg
	return cfg, nil
}

// notAllowed is a problem of the inputs that only AWS can tell.
type notAllowed struct{ Problem }

func (e *notAllowed) Error() string { return e.Problem.String() }

// failConfig records that there is no configuration: as a problem of the inputs,
// or as a step that failed.
func (r *run) failConfig(name string, err error) {
	if e, ok := errors.AsType[*notAllowed](err); ok {
		r.problems = append(r.problems, e.Problem)
		return
	}
	e, ok := errors.AsType[*credentials.Error](err)
	switch {
	case ok && e.Kind == credentials.Inputs:
		r.problems = append(r.problems, Problem{"role-to-assume", e.Error(), e.Hint()})
	case ok:
		r.fail("role", err)
	default:
		r.fail(name, err)
	}
}
