package gluejob

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/glue"
	gluetypes "github.com/aws/aws-sdk-go-v2/service/glue/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"
)

// made is what a runner made, or may have made.
type made struct {
	objects []string // keys
	jobs    []string
	runs    []*run
	unsure  bool // there may be a run besides
}

// How long cleaning up may take, and waiting for runs to stop in it. After a signal
// there are few seconds until the machine is gone.
const (
	hurry         = 4500 * time.Millisecond
	hurryToStop   = 2 * time.Second
	noHurry       = 2 * time.Minute
	noHurryToStop = 30 * time.Second
)

// cleanUp stops what runs, and deletes the jobs and the objects. It goes on past what
// fails, and says what is left.
func (r *Runner) cleanUp(ctx context.Context) error {
	if len(r.made.objects) == 0 {
		return nil
	}
	limit, patience := noHurry, noHurryToStop
	if errors.Is(ctx.Err(), context.Canceled) || r.hurries() {
		limit, patience = hurry, hurryToStop
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), limit)
	defer cancel()
	var left []string
	var all error
	failed := func(what string, err error) {
		if err != nil {
			left, all = append(left, what), errors.Join(all, err)
		}
	}
	for _, job := range r.made.jobs {
		failed("runs of "+job, r.stop(ctx, job, patience))
	}
	for _, job := range r.made.jobs {
		_, err := r.glue.DeleteJob(ctx, &glue.DeleteJobInput{JobName: &job})
		failed("the Glue job "+job, err)
	}
	failed(r.uri(r.root()), r.deleteObjects(ctx))
	if all == nil {
		r.made = made{}
		return nil
	}
	err, _ := r.explain(ctx, "cleaning up", all).(*Error)
	if err == nil {
		err = &Error{Kind: Remote, err: fmt.Errorf("cleaning up: %w", all)}
	}
	err.hint = strings.TrimSpace(err.hint + " Delete what is left yourself: " + strings.Join(left, ", ") + ".")
	return err
}

func (r *Runner) hurries() bool { return r.Hurry != nil && r.Hurry() }

// stop stops the runs of a job that are under way, and waits some time for their end:
// till then they may write.
func (r *Runner) stop(ctx context.Context, job string, patience time.Duration) error {
	var ids []string
	for _, one := range r.made.runs {
		if one.job == job && !ended[one.state] {
			ids = append(ids, one.id)
		}
	}
	if r.made.unsure {
		err := r.eachRun(ctx, job, func(j gluetypes.JobRun) {
			if id := aws.ToString(j.Id); !ended[j.JobRunState] && !slices.Contains(ids, id) {
				ids = append(ids, id)
			}
		})
		if err != nil && !gone(err) {
			return err
		}
	}
	for some := range slices.Chunk(ids, 25) { // as many as the call takes
		if _, err := r.glue.BatchStopJobRun(ctx, &glue.BatchStopJobRunInput{JobName: &job, JobRunIds: some}); err != nil && !gone(err) {
			return err
		}
	}
	end := time.Now().Add(patience)
	for wait := 100 * time.Millisecond; len(ids) > 0 && time.Now().Before(end) && !(patience == noHurryToStop && r.hurries()); wait = min(2*wait, time.Second) {
		ids = slices.DeleteFunc(ids, func(id string) bool {
			out, err := r.glue.GetJobRun(ctx, &glue.GetJobRunInput{JobName: &job, RunId: &id})
			return err != nil || out.JobRun == nil || ended[out.JobRun.JobRunState]
		})
		if len(ids) == 0 || r.sleep(ctx, wait) != nil {
			break
		}
	}
	return nil
}

// deleteObjects deletes all that lies under the run's own key: what was uploaded and
// what the runs wrote. Where listing is not allowed, only the former is known.
func (r *Runner) deleteObjects(ctx context.Context) error {
	keys := r.made.objects
	for _, one := range r.made.runs {
		keys = append(keys, one.result)
	}
	root := r.root()
	pages := s3.NewListObjectsV2Paginator(r.s3, &s3.ListObjectsV2Input{Bucket: &r.Bucket, Prefix: &root},
		func(o *s3.ListObjectsV2PaginatorOptions) { o.StopOnDuplicateToken = true })
	var listing error
	for range maxPages {
		if !pages.HasMorePages() {
			break
		}
		out, err := pages.NextPage(ctx)
		if err != nil {
			listing = err
			break
		}
		for _, o := range out.Contents {
			if key := aws.ToString(o.Key); strings.HasPrefix(key, root) {
				keys = append(keys, key)
			}
		}
	}
	if listing == nil && pages.HasMorePages() {
		listing = fmt.Errorf("there are more objects than %d pages under %s", maxPages, r.uri(root))
	}
	slices.Sort(keys)
	keys = slices.Compact(keys)
	for some := range slices.Chunk(keys, 1000) { // as many as the call takes
		in := &s3types.Delete{Quiet: aws.Bool(true)}
		for _, key := range some {
			in.Objects = append(in.Objects, s3types.ObjectIdentifier{Key: &key})
		}
		out, err := r.s3.DeleteObjects(ctx, &s3.DeleteObjectsInput{Bucket: &r.Bucket, Delete: in})
		if err != nil {
			return err
		}
		for _, e := range out.Errors {
			return fmt.Errorf("deleting %s: %s: %s", r.uri(aws.ToString(e.Key)), aws.ToString(e.Code), aws.ToString(e.Message))
		}
	}
	return listing
}
