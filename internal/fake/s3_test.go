package fake_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/google/go-cmp/cmp"

	"glue-connector/internal/fake"
)

func putObject(t *testing.T, w *fake.World, bucket, key, body string) {
	t.Helper()
	_, err := s3.NewFromConfig(awsConfig(t, w)).PutObject(context.Background(), &s3.PutObjectInput{Bucket: &bucket, Key: &key, Body: strings.NewReader(body)})
	if err != nil {
		t.Fatal(err)
	}
}

func TestObjects(t *testing.T) {
	w := newWorld(t)
	w.CreateBucket("b-1", region)
	w.CreateBucket("far", "eu-west-1")
	c, ctx := s3.NewFromConfig(awsConfig(t, w)), context.Background()
	key := "a folder/ü+&=?#.txt"
	putObject(t, w, "b-1", key, "text")
	out, err := c.GetObject(ctx, &s3.GetObjectInput{Bucket: aws.String("b-1"), Key: &key})
	if err != nil {
		t.Fatal(err)
	}
	if b, err := io.ReadAll(out.Body); err != nil || string(b) != "text" {
		t.Errorf("%q, %v", b, err)
	}
	if head, err := c.HeadObject(ctx, &s3.HeadObjectInput{Bucket: aws.String("b-1"), Key: &key}); err != nil || *head.ContentLength != 4 {
		t.Errorf("%+v, %v", head, err)
	}
	for _, tc := range []struct{ bucket, key, want string }{
		{"b-1", "none", "NoSuchKey"}, {"b-2", "none", "NoSuchBucket"}, {"far", "none", "PermanentRedirect"},
	} {
		if _, err := c.GetObject(ctx, &s3.GetObjectInput{Bucket: &tc.bucket, Key: &tc.key}); code(err) != tc.want {
			t.Errorf("%s/%s: %v, want %s", tc.bucket, tc.key, err, tc.want)
		}
	}
	if _, err := c.DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: aws.String("b-1"), Key: &key}); err != nil || len(w.Objects("b-1")) != 0 {
		t.Errorf("left %q, %v", w.Objects("b-1"), err)
	}
	w.Deny("s3:ListBucket")
	if _, err := c.GetObject(ctx, &s3.GetObjectInput{Bucket: aws.String("b-1"), Key: &key}); code(err) != "AccessDenied" {
		t.Errorf("a missing object for who may not list: %v", err)
	}
}

func TestListAndDeleteObjects(t *testing.T) {
	w := newWorld(t)
	w.CreateBucket("b-1", region)
	c, ctx := s3.NewFromConfig(awsConfig(t, w)), context.Background()
	var want []string
	for i := range 7 {
		want = append(want, fmt.Sprint("p/", i))
		putObject(t, w, "b-1", want[i], "x")
	}
	putObject(t, w, "b-1", "other", "x")
	var got []string
	var ids []types.ObjectIdentifier
	pages := s3.NewListObjectsV2Paginator(c, &s3.ListObjectsV2Input{Bucket: aws.String("b-1"), Prefix: aws.String("p/"), MaxKeys: aws.Int32(3)})
	for pages.HasMorePages() {
		out, err := pages.NextPage(ctx)
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range out.Contents {
			got = append(got, *o.Key)
			ids = append(ids, types.ObjectIdentifier{Key: o.Key})
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if _, err := c.DeleteObjects(ctx, &s3.DeleteObjectsInput{Bucket: aws.String("b-1"), Delete: &types.Delete{Objects: ids}}); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"other"}, w.Objects("b-1")); diff != "" {
		t.Error(diff)
	}
}

// A body that is not what was sent is refused, in either form.
func TestPayload(t *testing.T) {
	w := newWorld(t)
	w.CreateBucket("b-1", region)
	const crc = "NhCmhg==" // of hello
	for name, tc := range map[string]struct {
		headers map[string]string
		body    string
		want    int
	}{
		"unsigned":       {map[string]string{"X-Amz-Content-Sha256": "UNSIGNED-PAYLOAD"}, "hello", 200},
		"other SHA-256":  {map[string]string{"X-Amz-Content-Sha256": strings.Repeat("0", 64)}, "hello", 400},
		"checksum":       {map[string]string{"X-Amz-Content-Sha256": "UNSIGNED-PAYLOAD", "X-Amz-Checksum-Crc32": crc}, "hello", 200},
		"other checksum": {map[string]string{"X-Amz-Content-Sha256": "UNSIGNED-PAYLOAD", "X-Amz-Checksum-Crc32": crc}, "hallo", 400},
		"chunks":         {chunked("x-amz-checksum-crc32", "5"), "2\r\nhe\r\n3\r\nllo\r\n0\r\nx-amz-checksum-crc32:" + crc + "\r\n\r\n", 200},
		"bad trailer":    {chunked("x-amz-checksum-crc32", "5"), "5\r\nhallo\r\n0\r\nx-amz-checksum-crc32:" + crc + "\r\n\r\n", 400},
		"no trailer":     {chunked("x-amz-checksum-crc32", "5"), "5\r\nhello\r\n0\r\n\r\n", 400},
		"cut":            {chunked("x-amz-checksum-crc32", "5"), "5\r\nhel", 400},
		"other length":   {chunked("x-amz-checksum-crc32", "6"), "5\r\nhello\r\n0\r\nx-amz-checksum-crc32:" + crc + "\r\n\r\n", 400},
		"signed chunks":  {map[string]string{"X-Amz-Content-Sha256": "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"}, "", 501},
	} {
		t.Run(name, func(t *testing.T) {
			r, err := http.NewRequest("PUT", w.AWSURL()+"/b-1/k", bytes.NewReader([]byte(tc.body)))
			if err != nil {
				t.Fatal(err)
			}
			for k, v := range tc.headers {
				r.Header.Set(k, v)
			}
			r.Header.Set("X-Amz-Date", "20261124T000000Z")
			r.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20261124/us-east-1/s3/aws4_request, SignedHeaders=host, Signature="+strings.Repeat("0", 64))
			resp, err := w.HTTPClient().Do(r)
			if err != nil {
				t.Fatal(err)
			}
			resp.Body.Close()
			if resp.StatusCode != tc.want {
				t.Errorf("%s, want %d", resp.Status, tc.want)
			}
		})
	}
}

func chunked(trailer, length string) map[string]string {
	return map[string]string{"X-Amz-Content-Sha256": "STREAMING-UNSIGNED-PAYLOAD-TRAILER", "X-Amz-Trailer": trailer,
		"X-Amz-Decoded-Content-Length": length, "Content-Encoding": "aws-chunked"}
}
