//go:build e2e

package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"glue-connector/internal/fake"
)

// The README's workflows, letter by letter, on a second runner of workflows:
// github.com/nektos/act builds the action's image itself, from its action.yml.
// The actions of others are stand-ins; act itself stands in for the checkout.
func (s *suite) testAct(t *testing.T) {
	if _, err := exec.LookPath("act"); err != nil {
		t.Fatalf("%v; install github.com/nektos/act", err)
	}
	blocks := regexp.MustCompile("(?ms)^```yaml\n(.*?)^```$").FindAllStringSubmatch(string(read(t, filepath.Join(s.root, "README.md"))), -1)
	if len(blocks) != 5 {
		t.Fatalf("the README has %d workflows, and the tests are for 5", len(blocks))
	}
	s.actImages(t)
	a := &act{suite: s, job: s.newJob(t), home: t.TempDir(), actions: s.standIns(t, blocks)}
	t.Run("pull request", func(t *testing.T) { a.testPullRequest(t, blocks[0][1]) })
	t.Run("push", func(t *testing.T) { a.testPush(t, blocks[0][1]) })
	t.Run("fork", func(t *testing.T) { a.testFork(t, blocks[0][1], blocks[1][1]) })
	t.Run("two connectors", func(t *testing.T) { a.testTwoConnectors(t, blocks[2][1]) })
	t.Run("code scanning", func(t *testing.T) { a.testCodeScanning(t, blocks[3][1]) })
	t.Run("tests on Glue", func(t *testing.T) { a.testGlue(t, blocks[4][1]) })
	t.Run("our own workflow", a.testOwnWorkflow)
}

// act runs workflows with act.
type act struct {
	*suite
	job     *job
	home    string
	actions []string // --local-repository and what stands in for whom
}

// actImages makes what act would pull: the Dockerfile's builder, and a machine
// with Debian's shell, and an mvn that finds its jar built.
func (s *suite) actImages(t *testing.T) {
	t.Helper()
	s.actionImage(t)
	builder := regexp.MustCompile(`(?m)^ARG BUILDER=(.*)$`).FindSubmatch(read(t, filepath.Join(s.root, "Dockerfile")))
	s.must(t, s.docker, "docker", "tag", "golang:here", string(builder[1]))
	s.must(t, s.docker, s.script("base-images.sh"), "amazonlinux", "debian:here")
	dir := t.TempDir()
	write(t, filepath.Join(dir, "mvn"), []byte("#!/bin/sh\nset -e\nmkdir -p target\ncp lib/*.jar target/\n"))
	if err := os.Chmod(filepath.Join(dir, "mvn"), 0o755); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "Dockerfile"), []byte("FROM debian:here\nCOPY mvn /usr/local/bin/mvn\n"))
	s.must(t, s.docker, "docker", "build", "--quiet", "--network=none", "--tag", "ubuntu:here", dir)
}

// standIns are actions that do, in the workspace, what those of others do with
// GitHub: they keep what is uploaded.
func (s *suite) standIns(t *testing.T, blocks [][]string) (args []string) {
	t.Helper()
	scripts := map[string]string{
		"actions/upload-artifact": `mkdir -p "artifacts/${{ inputs.name }}"
        cp "${{ inputs.path }}" "artifacts/${{ inputs.name }}/"`,
		"actions/download-artifact": `test "${{ inputs.run-id }}" = 21000000008
        mkdir -p "./${{ inputs.path }}"
        cp "artifacts/${{ inputs.name }}/"* "./${{ inputs.path }}/"`,
		"github/codeql-action/upload-sarif": `cp "${{ inputs.sarif_file }}" "uploaded-${{ inputs.category }}.sarif"`,
	}
	dir := t.TempDir()
	for name, script := range scripts {
		parts := strings.SplitN(name, "/", 3)
		repository := strings.Join(parts[:2], "/")
		folder := filepath.Join(dir, name)
		s.must(t, nil, "mkdir", "-p", folder)
		text := "name: stand-in\nruns:\n  using: composite\n  steps:\n    - shell: bash\n      run: |\n        " + script + "\n"
		write(t, filepath.Join(folder, "action.yml"), []byte("inputs: {name: {}, path: {}, run-id: {}, sarif_file: {}, category: {}}\n"+text))
		used := regexp.MustCompile(regexp.QuoteMeta(name) + `@([0-9a-f]{40})`).FindStringSubmatch(fmt.Sprint(blocks))
		if used == nil {
			t.Fatalf("no workflow uses %s", name)
		}
		args = append(args, "--local-repository", repository+"@"+used[1]+"="+filepath.Join(dir, repository))
	}
	return append(args, "--local-repository", "OWNER/glue-connector@v1="+s.root)
}

// repository is octo/demo with a workflow, the PostgreSQL driver and, if they are
// given, other files.
func (a *act) repository(t *testing.T, workflow string, files ...string) string {
	t.Helper()
	dir, _ := a.project(t)
	for i := 0; i+1 < len(files); i += 2 {
		a.must(t, nil, "mkdir", "-p", filepath.Dir(filepath.Join(dir, files[i])))
		write(t, filepath.Join(dir, files[i]), []byte(files[i+1]))
	}
	a.must(t, nil, "mkdir", "-p", filepath.Join(dir, ".github/workflows"))
	write(t, filepath.Join(dir, ".github/workflows/connector.yml"), []byte(workflow))
	a.commit(t, dir)
	return dir
}

func (a *act) commit(t *testing.T, dir string) {
	t.Helper()
	for _, args := range []string{"init -q -b main", "remote add origin https://github.com/octo/demo.git", "add -A", "-c user.name=mona -c user.email=mona@example.com commit -q -m x"} {
		a.must(t, nil, "git", append([]string{"-C", dir}, strings.Fields(args)...)...)
	}
}

// run runs the workflow for an event and returns act's log.
func (a *act) run(t *testing.T, dir, workflow, event, payload, token string, env ...string) (string, error) {
	t.Helper()
	write(t, filepath.Join(dir, "ca.pem"), read(t, a.world.CAFile()))
	args := append([]string{event, "-C", dir, "-W", ".github/workflows/" + workflow, "-e", filepath.Join(a.root, "testdata/e2e/events", payload+".json"),
		"-P", "ubuntu-latest=ubuntu:here", "--pull=false", "--rebuild=false", "--bind", "--network=host", "--container-daemon-socket=-", "--no-cache-server", "--concurrent-jobs=1",
		"--action-cache-path", filepath.Join(a.home, "actions"), "-s", "GITHUB_TOKEN=" + token, "--var", "PUBLISHER_ROLE=arn:aws:iam::123456789012:role/publisher",
		"--env", "GITHUB_API_URL=" + a.world.GitHubURL(), "--env", "GITHUB_RUN_ID=21000000008"}, a.actions...)
	for _, e := range env {
		args = append(args, "--env", e)
	}
	log, err := a.command(append(a.docker, "HOME="+a.home, "XDG_CACHE_HOME="+a.home, "XDG_CONFIG_HOME="+a.home), "act", args...)
	t.Log(log)
	return log, err
}

// shown are the lines that a step of the workflow printed.
func shown(log string) string {
	var b strings.Builder
	for _, line := range strings.Split(log, "\n") {
		if _, text, ok := strings.Cut(line, "]   | "); ok {
			b.WriteString(text + "\n")
		}
	}
	return b.String()
}

const link = "\nhttps://console.aws.amazon.com/gluestudio/home#/connector/add-connection?connectorName=%22My%20Company%20Database%22&"

func (a *act) testPullRequest(t *testing.T, workflow string) {
	dir := a.repository(t, workflow)
	log, err := a.run(t, dir, "connector.yml", "pull_request", "pull_request", a.job.token(true))
	if err != nil {
		t.Fatal(err)
	}
	contains(t, "log", shown(log), link)
	contains(t, "log", log, "### ✅ Checked") // act shows the summary
	bodies := a.job.comments(7)
	if len(bodies) != 1 {
		t.Fatalf("%d comments", len(bodies))
	}
	contains(t, "comment", bodies[0], "nothing is wrong", ours[:7])
	read(t, filepath.Join(dir, "artifacts/glue-connector-report/glue-connector-report.json"))
}

func (a *act) testPush(t *testing.T, workflow string) {
	const market = "709825985650.dkr.ecr.us-east-1.amazonaws.com"
	a.world.CreateRepository("709825985650", "us-east-1", "my-company/my-connector", true)
	a.world.CreateProduct(fake.Product{ID: "prod-abcdefghijklm", Title: "Demo", Visibility: "Limited", Repositories: []string{market + "/my-company/my-connector"}})
	dir := a.repository(t, workflow)
	const role = "arn:aws:iam::123456789012:role/publisher"
	a.world.CreateIDProvider("123456789012", fake.GitHubIssuer, "sts.amazonaws.com")
	a.world.CreateRole(fake.Role{ARN: role, Trust: `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"sts:AssumeRoleWithWebIdentity",
		"Principal":{"Federated":"arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com"},
		"Condition":{"StringLike":{"token.actions.githubusercontent.com:sub":"repo:octo/demo:ref:refs/tags/v*"}}}}`})
	env := append(a.world.GiveIDTokens(map[string]any{"sub": "repo:octo/demo:ref:refs/tags/v42.5.4"}),
		"AWS_ENDPOINT_URL="+a.world.AWSURL(), "HTTPS_PROXY="+a.world.ProxyURL(), "SSL_CERT_FILE="+filepath.Join(dir, "ca.pem"), "AWS_EC2_METADATA_DISABLED=true")
	log, err := a.run(t, dir, "connector.yml", "push", "push", a.job.token(true), env...)
	if err != nil {
		t.Fatal(err)
	}
	contains(t, "log", shown(log), link, "\n✓ role     "+role, "\npublished: ")
	if _, _, ok := a.world.Manifest(market, "my-company/my-connector", "42.5.4"); !ok {
		t.Error("nothing in the registry")
	}
	if p, _ := a.world.Product("prod-abcdefghijklm"); len(p.Versions) != 1 || p.Versions[0].Title != "42.5.4" {
		t.Errorf("versions %+v", p.Versions)
	}
}

func (a *act) testFork(t *testing.T, first, second string) {
	config := strings.Replace(string(a.job.config), "org.postgresql.Driver", "org.postgresql.driver", 1)
	dir := a.repository(t, first, "config.json", config)
	log, err := a.run(t, dir, "connector.yml", "pull_request", "pull_request_fork", a.job.token(false))
	if err == nil {
		t.Error("the workflow is green, and the connector broken")
	}
	contains(t, "log", log, "the pull request has no comment")
	if n := len(a.job.comments(8)); n != 0 {
		t.Fatalf("%d comments by a token that may not", n)
	}
	const artifact = "artifacts/glue-connector-report/glue-connector-report.json"
	relay := a.repository(t, second, artifact, string(read(t, filepath.Join(dir, artifact))))
	log, err = a.run(t, relay, "connector.yml", "workflow_run", "workflow_run", a.job.token(true), "GITHUB_RUN_ID=21000000009")
	if err != nil {
		t.Fatal(err)
	}
	contains(t, "log", shown(log), "\ncommented: ")
	bodies := a.job.comments(8)
	if len(bodies) != 1 {
		t.Fatalf("%d comments", len(bodies))
	}
	contains(t, "comment", bodies[0], "1 error", "https://github.com/octo/demo/blob/"+forks+"/config.json#L4")
}

func (a *act) testTwoConnectors(t *testing.T, workflow string) {
	jar := string(read(t, filepath.Join(a.job.workspace, "lib/postgresql-42.5.4.jar")))
	var files []string
	for _, c := range []string{"orders", "payments"} {
		files = append(files, "connectors/"+c+"/config.json", string(a.job.config), "connectors/"+c+"/jars/postgresql-42.5.4.jar", jar)
	}
	before := len(a.job.comments(7))
	if _, err := a.run(t, a.repository(t, workflow, files...), "connector.yml", "pull_request", "pull_request", a.job.token(true)); err != nil {
		t.Fatal(err)
	}
	if n := len(a.job.comments(7)) - before; n != 2 {
		t.Errorf("%d comments of two connectors", n)
	}
}

func (a *act) testCodeScanning(t *testing.T, workflow string) {
	jar := string(read(t, filepath.Join(a.job.workspace, "lib/postgresql-42.5.4.jar")))
	config := strings.Replace(string(a.job.config), "org.postgresql.Driver", "org.postgresql.driver", 1)
	dir := a.repository(t, workflow, "config.json", config, "jars/postgresql-42.5.4.jar", jar)
	if _, err := a.run(t, dir, "connector.yml", "push", "push", a.job.token(true)); err != nil {
		t.Fatal(err)
	}
	contains(t, "SARIF", string(read(t, filepath.Join(dir, "uploaded-glue-connector.sarif"))), "class-jdbc")
}

func (a *act) testGlue(t *testing.T, workflow string) {
	const role, job, bucket = "arn:aws:iam::123456789012:role/connector-tests", "arn:aws:iam::123456789012:role/gcv-job", "our-tests"
	a.world.CreateIDProvider("123456789012", fake.GitHubIssuer, "sts.amazonaws.com")
	a.world.CreateRole(fake.Role{ARN: role, Trust: `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"sts:AssumeRoleWithWebIdentity",
		"Principal":{"Federated":"arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com"},
		"Condition":{"StringLike":{"token.actions.githubusercontent.com:sub":"repo:octo/demo:environment:aws-glue"}}}}`})
	a.world.CreateGlueRole(job)
	a.world.CreateBucket(bucket, "eu-west-1")
	a.world.OnJobRun(glueScript())
	dir := a.repository(t, workflow, "glue-tests.yaml", `options: {url: 'jdbc:postgresql://db.example.com/shop', dbTable: orders}
secret: {id: shop/orders, env: {username: DB_USER, password: DB_PASSWORD}}
expect: {count: 1000, schema: {id: int}}
`)
	env := append(a.world.GiveIDTokens(map[string]any{"sub": "repo:octo/demo:environment:aws-glue"}),
		"AWS_ENDPOINT_URL="+a.world.AWSURL(), "HTTPS_PROXY="+a.world.ProxyURL(), "SSL_CERT_FILE="+filepath.Join(dir, "ca.pem"), "AWS_EC2_METADATA_DISABLED=true")
	log, err := a.run(t, dir, "connector.yml", "push", "push", a.job.token(true), env...)
	if err != nil {
		t.Fatal(err)
	}
	contains(t, "log", shown(log), "\n✓ role     "+role, " tests passed on Glue 4.0", " tests passed on Glue 5.1", "\ntested: ")
	contains(t, "mail", string(read(t, filepath.Join(dir, "artifacts/glue-test-report/glue-test-report.md"))), "## Glue 4.0", "|DataSourceTest| x | Y | jr_")
	if jobs, objects := a.world.GlueJobs(), a.world.Objects(bucket); len(jobs)+len(objects) > 0 {
		t.Errorf("left behind: %q, %q", jobs, objects)
	}
}

// Our own workflow takes the action from the checkout. Its image would be built
// once more: it gets, under the name that act would give it, the one there is.
func (a *act) testOwnWorkflow(t *testing.T) {
	a.must(t, a.docker, "docker", "tag", "glue-connector", "act-dockeraction:latest")
	dir := t.TempDir()
	a.must(t, nil, "env", "-C", a.root, "cp", "-r", "--parents", "-t", dir, "action.yml", "Dockerfile", ".dockerignore", "go.mod", "go.sum", "cmd", "internal", "testdata/demo", ".github")
	a.commit(t, dir)
	if _, err := a.run(t, dir, "connector.yml", "pull_request", "pull_request_dependabot", a.job.token(true)); err != nil {
		t.Fatal(err)
	}
	if bodies := a.job.comments(9); len(bodies) != 1 || !strings.Contains(bodies[0], "DemoDriver") {
		t.Errorf("comments %q", bodies)
	}
}
