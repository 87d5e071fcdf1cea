//go:build e2e

package gluejob_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/glue"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"glue-connector/internal/fake"
	"glue-connector/internal/gluejob"
	"glue-connector/internal/trial"
)

// A second opinion about Glue, S3 and CloudWatch Logs: moto takes every call of the
// runner but those that it does not know, which are said. It runs no script, so that
// the results are put where the scripts would.
func TestMoto(t *testing.T) {
	upstream := startMoto(t)
	w := newWorld(t)
	cfg := motoConfig(t, w)
	objects := s3.NewFromConfig(cfg, func(o *s3.Options) { o.BaseEndpoint, o.UsePathStyle = aws.String(upstream.String()), true })
	if _, err := objects.CreateBucket(context.Background(), &s3.CreateBucketInput{Bucket: aws.String(bucket)}); err != nil {
		t.Fatal(err)
	}
	proxy := httputil.NewSingleHostReverseProxy(upstream)
	want, unknown := expected(t), map[string]bool{}
	proxy.ModifyResponse = func(resp *http.Response) error {
		if resp.StatusCode == http.StatusNotImplemented {
			unknown[resp.Request.Header.Get("X-Amz-Target")] = true
		}
		return nil
	}
	w.Intercept(func(r *http.Request) http.Handler {
		if callOf("StartJobRun")(r) {
			runScript(t, r, objects, want)
		}
		return proxy
	})
	r := gluejob.New(cfg, settings())
	r.Hasten()
	all := trials(t)
	attempts, err := r.Run(context.Background(), []gluejob.Job{{Version: "4.0", Trials: all}, {Version: "5.0", Trials: all[:2]}}, jars())
	if err != nil {
		t.Fatal(err)
	}
	for i, list := range [][]trial.Trial{all, all[:2]} {
		for k, one := range list {
			if o := trial.Judge(one, attempts[i][k]); o.Verdict != trial.Passed || o.RunID == "" {
				t.Errorf("%+v", o)
			}
		}
	}
	if len(unknown) > 0 {
		t.Errorf("moto does not know %v", unknown)
	}
	left, err := objects.ListObjectsV2(context.Background(), &s3.ListObjectsV2Input{Bucket: aws.String(bucket)})
	if err != nil || len(left.Contents) > 0 {
		t.Errorf("left in S3: %+v, %v", left, err)
	}
	jobs, err := glue.NewFromConfig(cfg).ListJobs(context.Background(), &glue.ListJobsInput{})
	if err != nil || len(jobs.JobNames) > 0 {
		t.Errorf("left in Glue: %+v, %v", jobs, err)
	}
}

// startMoto starts moto's server and waits until it answers.
func startMoto(t *testing.T) *url.URL {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_, port, _ := net.SplitHostPort(l.Addr().String())
	l.Close()
	moto := exec.Command("moto_server", "-H", "127.0.0.1", "-p", port)
	if err := moto.Start(); err != nil {
		t.Fatalf("starting moto: %v; install moto[server]", err)
	}
	t.Cleanup(func() {
		moto.Process.Kill()
		moto.Wait()
	})
	upstream := &url.URL{Scheme: "http", Host: "127.0.0.1:" + port}
	for range 150 {
		if resp, err := http.Get(upstream.String() + "/moto-api/data.json"); err == nil {
			resp.Body.Close()
			return upstream
		}
		time.Sleep(200 * time.Millisecond)
	}
	t.Fatal("moto does not answer")
	return nil
}

func motoConfig(t *testing.T, w *fake.World) aws.Config {
	for _, kv := range w.Env() {
		k, v, _ := strings.Cut(kv, "=")
		t.Setenv(k, v)
	}
	cfg, err := config.LoadDefaultConfig(context.Background(), config.WithRegion(region))
	if err != nil {
		t.Fatal(err)
	}
	return cfg
}

// runScript puts the result of a run that is being started.
func runScript(t *testing.T, r *http.Request, objects *s3.Client, want map[string]trial.Result) {
	b, err := io.ReadAll(r.Body)
	r.Body = io.NopCloser(bytes.NewReader(b))
	var in struct{ Arguments map[string]string }
	if err == nil {
		err = json.Unmarshal(b, &in)
	}
	run := fake.JobRun{Arguments: in.Arguments}
	name, key, _ := strings.Cut(strings.TrimPrefix(in.Arguments["--result"], "s3://"), "/")
	if err == nil {
		_, err = objects.PutObject(context.Background(), &s3.PutObjectInput{Bucket: &name, Key: &key, Body: bytes.NewReader(result(run, want[testOf(run)]))})
	}
	if err != nil {
		t.Error(err)
	}
}
