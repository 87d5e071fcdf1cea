//go:build e2e

package main

import (
	"maps"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"glue-connector/internal/action"
	"glue-connector/internal/fake"
)

// usedElsewhere says which test of the container takes an input or an output that
// testInputs does not.
var usedElsewhere = map[string]string{
	"from-report": "testFork", "github-token": "testFork", "comment-key": "testEnterprise", "comment-url": "testPullRequest",
	"sbom-digest": "TestScripts/sbom, as this registry takes no referrers",
}

// inputCase is a step and what must come of it.
type inputCase struct {
	name   string
	with   map[string]string
	env    []string
	result string
	code   int
	log    []string // what the log has
	check  func(*testing.T, outcome)
}

// Every input of action.yml does something in the container, and every output has
// a value in one step at least.
func (s *suite) testInputs(t *testing.T) {
	j := s.newJob(t)
	s.must(t, nil, "mkdir", "-p", filepath.Join(j.workspace, "sub"))
	s.must(t, nil, "cp", "-r", filepath.Join(j.workspace, "lib"), filepath.Join(j.workspace, "sub/lib"))
	write(t, filepath.Join(j.workspace, "sub/other.json"), j.config)
	s.world.Intercept(func(r *http.Request) http.Handler {
		if strings.HasSuffix(r.URL.Path, "/my-company/inputs/manifests/8") {
			time.Sleep(time.Second) // more than the step has that asks for it
		}
		return nil
	})
	used, filled := map[string]bool{}, map[string]bool{}
	for _, c := range slices.Concat(j.checkCases(), j.pushCases(), j.roleCases(), j.publishCases(), j.testCases(t)) {
		t.Run(c.name, func(t *testing.T) {
			env := append(j.s.environment(), "SSL_CERT_FILE=/ca.pem", "GITHUB_REF=refs/tags/v42.5.4", "GITHUB_REF_TYPE=tag")
			out := j.run(t, step{event: "push", payload: j.payload(t, "push"), token: j.token(true), with: c.with, env: append(env, c.env...)})
			out.ends(t, c.code, c.result)
			contains(t, "log", out.log, c.log...)
			if c.check != nil {
				c.check(t, out)
			}
			for name, value := range c.with {
				used[name] = used[name] || value != j.defaults[name]
			}
			for name, value := range out.outputs {
				filled[name] = filled[name] || value != ""
			}
		})
	}
	for _, i := range action.Inputs {
		if !used[i.Name] && usedElsewhere[i.Name] == "" {
			t.Errorf("no step of the container uses the input %s", i.Name)
		}
	}
	for _, o := range action.Outputs {
		if !filled[o.Name] && usedElsewhere[o.Name] == "" {
			t.Errorf("no step of the container fills the output %s", o.Name)
		}
	}
}

// checkCases take the inputs that need no AWS.
func (j *job) checkCases() []inputCase {
	link := map[string]string{"connector-name": "Our Database", "connector-description": "Ours", "connector-type": "JDBC", "connector-class-name": "org.postgresql.Driver",
		"connector-version": "9.8", "connector-url": "https://709825985650.dkr.ecr.us-east-1.amazonaws.com/our/database:9.8"}
	files := j.inputs("working-directory", "sub", "config-path", "other.json", "report-file", "out/report.json", "sarif-file", "out/findings.sarif", "sbom-file", "out/sbom.json", "glue-versions", "5.1", "quiet", "true")
	maps.Copy(files, link)
	return []inputCase{
		{name: "link and files", with: files, result: "checked", check: func(t *testing.T, out outcome) {
			contains(t, "link", out.outputs["deep-link"], "connectorName=%22Our%20Database%22", "connectorDescription=%22Ours%22", "connectorType=%22Jdbc%22",
				"connectorClassName=%22org.postgresql.Driver%22", "connectorVersion=%229.8%22", "our%2Fdatabase%3A9.8%22", "%24%7BPassword%7D", "Delimiter=%22%26%22")
			for name, path := range map[string]string{"report": "sub/out/report.json", "sbom": "sub/out/sbom.json"} {
				if out.outputs[name] != path {
					t.Errorf("output %s is %q", name, out.outputs[name])
				}
			}
			report := string(read(t, filepath.Join(j.workspace, "sub/out/report.json")))
			contains(t, "report", report, `"config": "other.json"`, `"5.1"`)
			read(t, filepath.Join(j.workspace, "sub/out/findings.sarif"))
			contains(t, "SBOM", string(read(t, filepath.Join(j.workspace, "sub/out/sbom.json"))), "CycloneDX")
			if strings.Contains(report, `"6.0"`) || strings.Contains(out.log, "✓") {
				t.Error("other versions are judged, or a quiet run tells all")
			}
		}},
		{name: "strict", with: j.inputs("connector-name", "Our.Database", "strict", "true", "fail-on", "never", "comment", "never"), result: "checked", check: func(t *testing.T, out outcome) {
			if out.outputs["errors"] != "1" || out.outputs["warnings"] != "0" {
				t.Errorf("%s errors, %s warnings", out.outputs["errors"], out.outputs["warnings"])
			}
		}},
		{name: "output", with: j.inputs("mode", "build", "output", "out/image", "source-date-epoch", "1700000000"), result: "built", check: func(t *testing.T, out outcome) {
			inspect := j.s.must(t, nil, "skopeo", "inspect", "oci:"+filepath.Join(j.workspace, "out/image"))
			contains(t, "layout", inspect, out.outputs["digest"], "2023-11-14T22:13:20Z")
		}},
	}
}

// pushCases take those of a push, in the order in which they build on each other.
func (j *job) pushCases() []inputCase {
	const name, more = "my-company/inputs", host + "/my-company/more"
	push := func(changes ...string) map[string]string {
		return j.inputs(append([]string{"mode", "push", "repository", name, "aws-account-id", account, "aws-region", "us-east-1", "image-tag", "7", "create-repository", "true", "comment", "never"}, changes...)...)
	}
	return []inputCase{
		{name: "dry run", with: push("dry-run", "true"), result: "dry-run", check: func(t *testing.T, out outcome) {
			if tags := j.s.world.Tags(host, name); len(tags) != 0 {
				t.Errorf("tags %v", tags)
			}
		}},
		{name: "all at once", with: push("additional-tags", "newest", "additional-repositories", more), result: "pushed", check: func(t *testing.T, out outcome) {
			if tags := j.s.world.Tags(host, name); !slices.Contains(tags, "7") || !slices.Contains(tags, "newest") {
				t.Errorf("tags %v", tags)
			}
			if _, _, ok := j.s.world.Manifest(host, "my-company/more", "7"); !ok {
				t.Error("nothing in the other repository")
			}
			contains(t, "outputs", out.outputs["image-ref"]+out.outputs["repositories"], host+"/"+name+"@"+out.outputs["digest"], more+":7")
		}},
		{name: "SBOM beside it", with: push("attach-sbom", "true"), result: "already-published", code: 3, log: []string{"does not support the Referrers API"}},
		{name: "conflict", with: push("on-existing-tag", "fail"), result: "failed", code: 3},
		{name: "time is up", with: push("timeout-minutes", "0.01", "image-tag", "8"), result: "failed", code: 3, log: []string{"timeout-minutes"}},
		{name: "base image", with: push("base-image", host+"/my-company/base:1", "image-tag", "9"), result: "pushed", log: []string{"my-company/base"}},
		{name: "another account", with: push("allowed-account-ids", "111122223333", "image-tag", "10"), result: "failed", code: 2, log: []string{"111122223333"}},
		{name: "verify", with: map[string]string{"mode": "verify", "repository": host + "/" + name + ":7"}, result: "verified"},
	}
}

// roleCases assume a role in both ways.
func (j *job) roleCases() []inputCase {
	const role = "arn:aws:iam::123456789012:role/inputs"
	w := j.s.world
	w.CreateIDProvider(account, fake.GitHubIssuer, "sts.amazonaws.com", "ours")
	w.CreateRole(fake.Role{ARN: role, Trust: `{"Version":"2012-10-17","Statement":[
		{"Effect":"Allow","Action":"sts:AssumeRoleWithWebIdentity","Principal":{"Federated":"arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com"},
		 "Condition":{"StringEquals":{"token.actions.githubusercontent.com:aud":"ours"}}},
		{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"AWS":["arn:aws:iam::123456789012:role/glue-connector"]},"Condition":{"StringEquals":{"sts:ExternalId":"shared"}}}]}`})
	tokens := w.GiveIDTokens(map[string]any{"sub": "repo:octo/demo:ref:refs/tags/v42.5.4"})
	verify := func(changes ...string) map[string]string {
		with := map[string]string{"mode": "verify", "repository": host + "/my-company/inputs:7", "role-to-assume": role, "role-session-name": "session"}
		for i := 0; i+1 < len(changes); i += 2 {
			with[changes[i]] = changes[i+1]
		}
		return with
	}
	return []inputCase{
		{name: "ID token", with: verify("audience", "ours"), env: tokens, result: "verified", log: []string{role + ", as session"}},
		{name: "chain", with: verify("role-chaining", "true", "role-external-id", "shared", "role-duration-seconds", "900"), env: tokens, result: "verified", log: []string{role + ", as session"}},
	}
}

// publishCases make versions of a product in AWS Marketplace, whose change sets
// take for ever.
func (j *job) publishCases() []inputCase {
	const product = "prod-inputsinputs1"
	w := j.s.world
	w.CreateRepository("709825985650", "us-east-1", "my-company/inputs", true)
	w.CreateProduct(fake.Product{ID: product, Title: "Inputs", Visibility: "Limited", Repositories: []string{marketHost + "/my-company/inputs"}})
	w.SlowChangeSets(1e6, 1e6)
	env := []string{"HTTPS_PROXY=" + w.ProxyURL()}
	publish := func(changes ...string) map[string]string {
		return j.inputs(append([]string{"mode", "publish", "repository", marketHost + "/my-company/inputs", "image-tag", "7", "product-id", product, "release-notes", "The seventh.", "comment", "never"}, changes...)...)
	}
	options := `[{title: For one, description: Import jars in AWS Glue jobs., usage-instructions: "Use {link}"}]`
	return []inputCase{
		{name: "texts of a listing", env: env, result: "dry-run", with: publish("dry-run", "true", "version-title", "7th", "delivery-option-title", "Use it", "delivery-description", "All of it.",
			"usage-instructions", "Open {link} for {version}.", "compatible-services", "EKS", "deployment-resources", "Help=https://example.com/help"),
			log: []string{"The seventh.", "7th", "Use it", "All of it.", "Open https://console.aws.amazon.com/", "EKS", "https://example.com/help"},
			check: func(t *testing.T, out outcome) {
				if out.outputs["version-title"] != "7th" || !strings.HasPrefix(out.outputs["usage-instructions"], "Open https://") {
					t.Errorf("outputs %v", out.outputs)
				}
			}},
		{name: "options of a listing", env: env, result: "dry-run", with: publish("dry-run", "true", "delivery-options", options), log: []string{"For one"}},
		{name: "without waiting", env: env, result: "publishing", with: publish("wait", "false"), check: func(t *testing.T, out outcome) {
			if out.outputs["change-set-id"] == "" || out.outputs["change-set-status"] == "" || !strings.HasSuffix(out.outputs["listing-url"], product) {
				t.Errorf("outputs %v", out.outputs)
			}
		}},
		{name: "time is up, and it goes on", env: env, result: "publishing", with: publish("on-timeout", "succeed", "timeout-minutes", "0.08")},
	}
}
