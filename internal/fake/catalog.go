package fake

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
)

// catalogName is the name of the one catalog that the Marketplace Catalog API has.
const catalogName = "AWSMarketplace"

// containerProductType is the entity type of the products of this world.
const containerProductType = "ContainerProduct@1.0"

// catalogOperations are the modelled calls of the AWS Marketplace Catalog API, by
// method and path.
var catalogOperations = map[string]operation{
	"POST /StartChangeSet":   (*World).startChangeSet,
	"GET /DescribeChangeSet": (*World).describeChangeSet,
	"POST /ListChangeSets":   (*World).listChangeSets,
	"PATCH /CancelChangeSet": (*World).cancelChangeSet,
	"GET /DescribeEntity":    (*World).describeEntity,
	"POST /ListEntities":     (*World).listEntities,
}

// claimsCatalog takes the paths of the API, whatever the method: a wrong one is
// for the service to refuse.
func claimsCatalog(r *http.Request) bool {
	for op := range catalogOperations {
		if _, path, _ := strings.Cut(op, " "); r.URL.Path == path {
			return true
		}
	}
	return false
}

func (w *World) serveCatalog(rw http.ResponseWriter, c *call) {
	op, ok := catalogOperations[c.Method+" "+c.URL.Path]
	if !ok {
		noFake(rw, c.Request, "")
		return
	}
	c.action = strings.TrimPrefix(c.URL.Path, "/")
	if c.region != "us-east-1" {
		refuseCatalog(rw, forbidden("InvalidSignatureException", "Credential should be scoped to a valid region, not '%s'.", c.region))
		return
	}
	if c.Method == http.MethodPost && c.Header.Get("Content-Type") != "application/json" {
		refuseCatalog(rw, badRequest("SerializationException", "content type %q, want application/json", c.Header.Get("Content-Type")))
		return
	}
	out, f := op(w, c)
	if f != nil {
		refuseCatalog(rw, f)
		return
	}
	rw.Header().Set("Content-Type", "application/json")
	json.NewEncoder(rw).Encode(out)
}

// refuseCatalog is the error shape of the service, with a capital M.
func refuseCatalog(rw http.ResponseWriter, f *fault) {
	rw.Header().Set("Content-Type", "application/json")
	rw.Header().Set("X-Amzn-ErrorType", f.code)
	rw.WriteHeader(f.status)
	json.NewEncoder(rw).Encode(map[string]string{"__type": f.code, "Message": f.message})
}

func forbidden(code, format string, args ...any) *fault {
	return &fault{http.StatusForbidden, code, fmt.Sprintf(format, args...)}
}

func invalidCall(format string, args ...any) *fault {
	return &fault{http.StatusUnprocessableEntity, "ValidationException", fmt.Sprintf(format, args...)}
}

func notFoundEntity(format string, args ...any) *fault {
	return &fault{http.StatusNotFound, "ResourceNotFoundException", fmt.Sprintf(format, args...)}
}

// strictly reads a document without members that its shape does not have.
func strictly(b []byte, v any) error {
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		return err
	}
	if d.More() {
		return fmt.Errorf("data after the document")
	}
	return nil
}

// permits asks for permission to do the call's action on a resource of the catalog.
func (w *World) permits(c *call, resource string, keys map[string]string) *fault {
	if msg := w.denialOf(c.arn, "aws-marketplace:"+c.action, resource, keys); msg != "" {
		return forbidden("AccessDeniedException", "%s", msg)
	}
	return nil
}

func entityARN(account, id string) string {
	return "arn:aws:aws-marketplace:us-east-1:" + account + ":" + catalogName + "/ContainerProduct/" + id
}

func changeSetARN(account, id string) string {
	return "arn:aws:aws-marketplace:us-east-1:" + account + ":" + catalogName + "/ChangeSet/" + id
}
