package fake

import (
	"cmp"
	"encoding/xml"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// deleteObjects refuses keys one by one: what is denied stays, and is named.
func (w *World) deleteObjects(rw http.ResponseWriter, c *call, b *bucket, name, _ string) {
	var in struct {
		XMLName xml.Name `xml:"Delete"`
		Objects []struct {
			Key string `xml:"Key"`
		} `xml:"Object"`
		Quiet bool `xml:"Quiet"`
	}
	if err := xml.Unmarshal(c.body, &in); err != nil || len(in.Objects) == 0 || len(in.Objects) > 1000 {
		refuseS3(rw, badRequest("MalformedXML", "The XML you provided was not well-formed or did not validate against our published schema"))
		return
	}
	if c.Header.Get("Content-Md5") == "" && !c.checked {
		refuseS3(rw, badRequest("InvalidRequest", "Missing required header for this request: Content-MD5 OR x-amz-checksum-*"))
		return
	}
	type failure struct{ Key, Code, Message string }
	type deleted struct{ Key string }
	out := struct {
		XMLName xml.Name  `xml:"DeleteResult"`
		Deleted []deleted `xml:"Deleted"`
		Errors  []failure `xml:"Error"`
	}{}
	w.objects.mu.Lock()
	defer w.objects.mu.Unlock()
	for _, o := range in.Objects {
		if msg := w.denialOf(c.arn, "s3:DeleteObject", objectARN(name, o.Key), nil); msg != "" {
			out.Errors = append(out.Errors, failure{o.Key, "AccessDenied", msg})
			continue
		}
		delete(b.objects, o.Key)
		if !in.Quiet {
			out.Deleted = append(out.Deleted, deleted{o.Key})
		}
	}
	answerXML(rw, http.StatusOK, out)
}

func (w *World) listObjects(rw http.ResponseWriter, c *call, b *bucket, name, _ string) {
	q := c.URL.Query()
	if w.refusedByIAM(rw, c, "s3:ListBucket", "arn:aws:s3:::"+name, map[string]string{"s3:prefix": q.Get("prefix")}) {
		return
	}
	most := 1000
	if n, err := strconv.Atoi(q.Get("max-keys")); err == nil && n >= 0 {
		most = min(n, most)
	}
	type contents struct {
		Key          string
		LastModified string
		ETag         string
		Size         int
		StorageClass string
	}
	out := struct {
		XMLName               xml.Name `xml:"ListBucketResult"`
		Name, Prefix          string
		KeyCount, MaxKeys     int
		IsTruncated           bool
		NextContinuationToken string     `xml:",omitempty"`
		Contents              []contents `xml:"Contents"`
	}{Name: name, Prefix: q.Get("prefix"), MaxKeys: most}
	w.objects.mu.Lock()
	defer w.objects.mu.Unlock()
	after := cmp.Or(strings.TrimPrefix(q.Get("continuation-token"), "after:"), q.Get("start-after"))
	for _, key := range slices.Sorted(maps.Keys(b.objects)) {
		if !strings.HasPrefix(key, out.Prefix) || key <= after {
			continue
		}
		if len(out.Contents) == most {
			out.IsTruncated = true
			break
		}
		o := b.objects[key]
		out.Contents = append(out.Contents, contents{key, o.at.UTC().Format("2006-01-02T15:04:05.000Z"), o.etag(), len(o.body), "STANDARD"})
	}
	out.KeyCount = len(out.Contents)
	if out.IsTruncated && out.KeyCount > 0 {
		out.NextContinuationToken = "after:" + out.Contents[out.KeyCount-1].Key
	}
	answerXML(rw, http.StatusOK, out)
}
