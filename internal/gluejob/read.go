package gluejob

import (
	"context"
	"errors"
	"io"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	logtypes "github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"

	"glue-connector/internal/trial"
)

// The groups that Glue writes logs to, in streams called as the run. From Glue 5.0 on
// all of a log is in the first one.
const (
	errorLog  = "/aws-glue/jobs/error"
	outputLog = "/aws-glue/jobs/output"
)

const (
	maxObject = 4<<20 + 1 // bytes of a result, one more than is taken
	maxLog    = 1 << 20   // bytes from the end of a log
	// maxAsked is how often a log is asked for that is not there: with the times
	// between two looks that is a quarter of a minute after a run's end.
	maxAsked = 6
)

// read fetches what a run that has ended left behind, and tells whether that is all:
// the log comes some time after the end, or never. The log of a run that has succeeded
// with a result tells nothing more.
func (r *Runner) read(ctx context.Context, one *run) (done bool, err error) {
	a := one.attempt
	if a.Object == nil {
		if a.Object, err = r.object(ctx, one.result); err != nil {
			return false, err
		}
	}
	if a.State == trial.Succeeded && a.Object != nil {
		if _, err := trial.ReadResult(a.Object, one.trial.Name, one.nonce); err == nil {
			return true, nil
		}
	}
	text, there, err := r.log(ctx, errorLog, one.id)
	if one.asked++; err == nil && !there && one.asked < maxAsked {
		return false, nil
	}
	output := ""
	if err == nil {
		output, _, err = r.log(ctx, outputLog, one.id)
	}
	a.Log = text + output
	if ctx.Err() != nil {
		return false, err
	}
	if r.unread == nil {
		r.unread = err // the other tests are worth more than a log
	}
	return true, nil
}

// object is what an object holds, nil if there is none.
func (r *Runner) object(ctx context.Context, key string) ([]byte, error) {
	out, err := r.s3.GetObject(ctx, &s3.GetObjectInput{Bucket: &r.Bucket, Key: &key})
	if _, none := errors.AsType[*s3types.NoSuchKey](err); none {
		return nil, nil
	}
	if denied(err) && r.absent(ctx, key) {
		return nil, nil
	}
	if err != nil {
		return nil, r.explain(ctx, "reading "+r.uri(key), err)
	}
	defer out.Body.Close()
	b, err := io.ReadAll(io.LimitReader(out.Body, maxObject))
	if err != nil {
		return nil, r.explain(ctx, "reading "+r.uri(key), err)
	}
	return b, nil
}

// absent tells that there is no object of a key. S3 forbids reading one that is not
// there to a role that may list under a prefix only.
func (r *Runner) absent(ctx context.Context, key string) bool {
	out, err := r.s3.ListObjectsV2(ctx, &s3.ListObjectsV2Input{Bucket: &r.Bucket, Prefix: &key, MaxKeys: aws.Int32(1)})
	return err == nil && len(out.Contents) == 0
}

// log is the end of a stream, and whether there is one.
func (r *Runner) log(ctx context.Context, group, stream string) (text string, there bool, err error) {
	var pages []string
	var token *string
	size := 0
	for len(pages) < maxPages && size < maxLog {
		out, err := r.logs.GetLogEvents(ctx, &cloudwatchlogs.GetLogEventsInput{
			LogGroupName: &group, LogStreamName: &stream, NextToken: token, StartFromHead: aws.Bool(false),
		})
		if _, none := errors.AsType[*logtypes.ResourceNotFoundException](err); none {
			break
		}
		if err != nil {
			return "", false, r.explain(ctx, "reading the log "+group+" of "+stream, err)
		}
		var b strings.Builder
		for _, e := range out.Events {
			b.WriteString(strings.TrimRight(aws.ToString(e.Message), "\n") + "\n")
		}
		pages, size = append([]string{b.String()}, pages...), size+b.Len()
		there = there || len(out.Events) > 0
		// The stream's head is where the token stays what it was.
		if next := out.NextBackwardToken; next == nil || token != nil && *next == *token || len(out.Events) == 0 {
			break
		}
		token = out.NextBackwardToken
	}
	text = strings.Join(pages, "")
	return text[max(len(text)-maxLog, 0):], there, nil
}
