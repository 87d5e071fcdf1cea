//go:build e2e

package main

import (
	"path/filepath"
	"strings"
	"testing"
)

// testCases run the guide's tests from the container, as jobs of AWS Glue.
func (j *job) testCases(t *testing.T) []inputCase {
	w := j.s.world
	w.CreateGlueRole(glueRole)
	w.CreateBucket(glueBucket, "us-east-1")
	w.OnJobRun(glueScript())
	j.s.must(t, nil, "mkdir", "-p", filepath.Join(j.workspace, "plans"))
	write(t, filepath.Join(j.workspace, "plans/orders.yaml"), []byte(ten+"connection: shop\n"))
	test := func(changes ...string) map[string]string {
		return j.inputs(append([]string{"mode", "test", "test-plan", "plans/orders.yaml", "runner", "glue", "glue-role", glueRole, "test-s3-prefix", "s3://" + glueBucket + "/gcv",
			"test-report", "tests.md", "test-timeout-minutes", "3", "comment", "never"}, changes...)...)
	}
	passed := func(t *testing.T, out outcome) {
		if out.outputs["test-result"] != "passed" || strings.Count(out.outputs["glue-runs"], `"SUCCEEDED"`) != 10 {
			t.Errorf("outputs %v", out.outputs)
		}
		contains(t, "tests.md", string(read(t, filepath.Join(j.workspace, "tests.md"))), "DataSourceTest", "jr_")
	}
	return []inputCase{
		{name: "tests on Glue", with: test("max-concurrent-runs", "10", "glue-connections", "vpc"), result: "tested", log: []string{"10 of 10 tests passed on Glue 5.1"}, check: passed},
		{name: "tests of what is published", with: test("published", "true"), result: "tested", check: passed},
		{name: "tests before a push", with: test("mode", "push", "repository", host+"/my-company/inputs", "image-tag", "11", "run-tests", "true", "dry-run", "true"), result: "dry-run", log: []string{"nothing is run on AWS Glue"}},
		{name: "an image that is not there", with: test("runner", "local", "local-runtime", "glue-image", "glue-image", "example/glue:5", "glue-versions", "5.0"), result: "failed", code: 3,
			log: []string{"finding example/glue:5"}},
	}
}

// ten is the README's plan.
const ten = `options:
  url: jdbc:postgresql://db.example.com:5432/shop
  dbTable: orders
secret: {id: shop/orders, env: {username: DB_USER, password: DB_PASSWORD}}
sink: {dbTable: orders_copy}
expect:
  count: 1000
  schema:
    id: int
`
