package fake

import (
	"cmp"
	"crypto/md5"
	"encoding/hex"
	"encoding/xml"
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// maxObject bounds what S3 takes here, in bytes; the service itself takes 5 GB in
// one call.
const maxObject = 256 << 20

// objects are the buckets of a world.
type objects struct {
	mu      sync.Mutex
	buckets map[string]*bucket
}

type bucket struct {
	region  string
	objects map[string]object // by key
}

type object struct {
	body []byte
	at   time.Time
	kind string // Content-Type
	tags string
}

func (o object) etag() string {
	sum := md5.Sum(o.body)
	return `"` + hex.EncodeToString(sum[:]) + `"`
}

// CreateBucket makes a bucket in a region.
func (w *World) CreateBucket(name, region string) {
	w.objects.mu.Lock()
	defer w.objects.mu.Unlock()
	w.objects.buckets[name] = &bucket{region: region, objects: map[string]object{}}
}

// Objects lists the keys of a bucket, sorted.
func (w *World) Objects(bucket string) []string {
	w.objects.mu.Lock()
	defer w.objects.mu.Unlock()
	if w.objects.buckets[bucket] == nil {
		return nil
	}
	return slices.Sorted(maps.Keys(w.objects.buckets[bucket].objects))
}

// objectAt reads what an s3:// URI names.
func (w *World) objectAt(uri string) ([]byte, bool) {
	name, key := divideURI(uri)
	w.objects.mu.Lock()
	defer w.objects.mu.Unlock()
	if b := w.objects.buckets[name]; b != nil {
		o, ok := b.objects[key]
		return o.body, ok
	}
	return nil, false
}

// putObjectAt writes an object, if its bucket is there.
func (w *World) putObjectAt(uri string, body []byte) {
	name, key := divideURI(uri)
	w.objects.mu.Lock()
	defer w.objects.mu.Unlock()
	if b := w.objects.buckets[name]; b != nil {
		b.objects[key] = object{body: body, at: time.Now()}
	}
}

func divideURI(uri string) (bucket, key string) {
	bucket, key, _ = strings.Cut(strings.TrimPrefix(uri, "s3://"), "/")
	return bucket, key
}

// claimsS3 takes what has the header that S3 alone wants signed.
func claimsS3(r *http.Request) bool { return r.Header.Get("X-Amz-Content-Sha256") != "" }

var bucketName = regexp.MustCompile(`^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$`)

// serveS3 serves requests in path style, as the SDKs write them for an endpoint
// that is an address.
func (w *World) serveS3(rw http.ResponseWriter, c *call) {
	name, key, _ := strings.Cut(strings.TrimPrefix(c.URL.Path, "/"), "/")
	if f := c.readPayload(); f != nil {
		refuseS3(rw, f)
		return
	}
	q := c.URL.Query()
	op := c.Method
	for _, sub := range []string{"list-type", "delete", "location", "uploads", "uploadId", "tagging", "acl", "versioning"} {
		if q.Has(sub) {
			op += " ?" + sub
		}
	}
	if key == "" {
		op += " bucket"
	}
	serve, ok := s3Operations[op]
	if !ok {
		refuseS3(rw, &fault{http.StatusNotImplemented, "NotImplemented", "no fake for S3 " + op})
		return
	}
	w.objects.mu.Lock()
	b := w.objects.buckets[name]
	w.objects.mu.Unlock()
	switch {
	case !bucketName.MatchString(name):
		refuseS3(rw, badRequest("InvalidBucketName", "The specified bucket is not valid."))
	case b == nil:
		refuseS3(rw, &fault{http.StatusNotFound, "NoSuchBucket", "The specified bucket does not exist"})
	case b.region != c.region:
		rw.Header().Set("X-Amz-Bucket-Region", b.region)
		refuseS3(rw, &fault{http.StatusMovedPermanently, "PermanentRedirect",
			"The bucket you are attempting to access must be addressed using the specified endpoint. Please send all future requests to this endpoint."})
	default:
		serve(w, rw, c, b, name, key)
	}
}

var s3Operations = map[string]func(*World, http.ResponseWriter, *call, *bucket, string, string){
	"PUT":                   (*World).putObject,
	"GET":                   (*World).getObject,
	"HEAD":                  (*World).getObject,
	"DELETE":                (*World).deleteObject,
	"HEAD bucket":           (*World).headBucket,
	"GET ?list-type bucket": (*World).listObjects,
	"POST ?delete bucket":   (*World).deleteObjects,
}

func objectARN(bucket, key string) string { return "arn:aws:s3:::" + bucket + "/" + key }

// refusedByIAM refuses what the caller may not do. Keys are what conditions of a policy
// may ask for.
func (w *World) refusedByIAM(rw http.ResponseWriter, c *call, action, resource string, keys map[string]string) bool {
	msg := w.denialOf(c.arn, action, resource, keys)
	if msg != "" {
		refuseS3(rw, &fault{http.StatusForbidden, "AccessDenied", msg})
	}
	return msg != ""
}

func (w *World) headBucket(rw http.ResponseWriter, c *call, b *bucket, name, _ string) {
	if !w.refusedByIAM(rw, c, "s3:ListBucket", "arn:aws:s3:::"+name, nil) {
		rw.Header().Set("X-Amz-Bucket-Region", b.region)
	}
}

func (w *World) putObject(rw http.ResponseWriter, c *call, b *bucket, name, key string) {
	if w.refusedByIAM(rw, c, "s3:PutObject", objectARN(name, key), nil) {
		return
	}
	tags := c.Header.Get("X-Amz-Tagging")
	if tags != "" && w.refusedByIAM(rw, c, "s3:PutObjectTagging", objectARN(name, key), nil) {
		return
	}
	o := object{body: c.body, at: time.Now(), kind: c.Header.Get("Content-Type"), tags: tags}
	w.objects.mu.Lock()
	defer w.objects.mu.Unlock()
	b.objects[key] = o
	rw.Header().Set("ETag", o.etag())
}

func (w *World) getObject(rw http.ResponseWriter, c *call, b *bucket, name, key string) {
	if w.refusedByIAM(rw, c, "s3:GetObject", objectARN(name, key), nil) {
		return
	}
	w.objects.mu.Lock()
	o, ok := b.objects[key]
	w.objects.mu.Unlock()
	if !ok {
		// Who may not list, or only under a condition that this call knows nothing of,
		// hears no more than that it is forbidden.
		if !w.refusedByIAM(rw, c, "s3:ListBucket", "arn:aws:s3:::"+name, nil) {
			refuseS3(rw, &fault{http.StatusNotFound, "NoSuchKey", "The specified key does not exist."})
		}
		return
	}
	h := rw.Header()
	h.Set("ETag", o.etag())
	h.Set("Content-Type", cmp.Or(o.kind, "binary/octet-stream"))
	h.Set("Last-Modified", o.at.UTC().Format(http.TimeFormat))
	h.Set("Content-Length", strconv.Itoa(len(o.body)))
	rw.Write(o.body)
}

func (w *World) deleteObject(rw http.ResponseWriter, c *call, b *bucket, name, key string) {
	if w.refusedByIAM(rw, c, "s3:DeleteObject", objectARN(name, key), nil) {
		return
	}
	w.objects.mu.Lock()
	defer w.objects.mu.Unlock()
	delete(b.objects, key)
	rw.WriteHeader(http.StatusNoContent)
}

func refuseS3(rw http.ResponseWriter, f *fault) {
	answerXML(rw, f.status, struct {
		XMLName   xml.Name `xml:"Error"`
		Code      string
		Message   string
		RequestID string `xml:"RequestId"`
	}{Code: strings.TrimSuffix(f.code, "Exception"), Message: f.message, RequestID: fmt.Sprintf("%016X", 1)})
}
