package fake

import (
	"encoding/xml"
	"fmt"
	"mime"
	"net/http"
	"net/url"
	"strings"
)

const stsNamespace = "https://sts.amazonaws.com/doc/2011-06-15/"

// claimsSTS takes every call of the query protocol: STS is the only service
// here that speaks it.
func claimsSTS(r *http.Request) bool {
	mt, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	return mt == "application/x-www-form-urlencoded"
}

func (w *World) serveSTS(rw http.ResponseWriter, c *call) {
	form, err := url.ParseQuery(string(c.body))
	if err != nil {
		refuseSTS(rw, badRequest("MalformedInput", "%v", err))
		return
	}
	action := form.Get("Action")
	op, ok := stsOperations[action]
	if !ok || form.Get("Version") != "2011-06-15" {
		refuseSTS(rw, &fault{http.StatusNotImplemented, "NotImplemented",
			fmt.Sprintf("no fake for sts %s of version %s", action, form.Get("Version"))})
		return
	}
	out, f := op(w, c, form)
	if f != nil {
		refuseSTS(rw, f)
		return
	}
	answerXML(rw, http.StatusOK, out)
}

var stsOperations = map[string]func(*World, *call, url.Values) (any, *fault){
	"GetCallerIdentity":         (*World).getCallerIdentity,
	"AssumeRole":                (*World).assumeRole,
	"AssumeRoleWithWebIdentity": (*World).assumeRoleWithWebIdentity,
}

func (w *World) getCallerIdentity(c *call, _ url.Values) (any, *fault) {
	// GetCallerIdentity needs no permission, not even an explicit denial stops it:
	// https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
	type result struct {
		Arn, UserId, Account string
	}
	return struct {
		XMLName   xml.Name `xml:"GetCallerIdentityResponse"`
		Namespace string   `xml:"xmlns,attr"`
		Result    result   `xml:"GetCallerIdentityResult"`
		RequestID string   `xml:"ResponseMetadata>RequestId"`
	}{
		Namespace: stsNamespace,
		Result:    result{Arn: c.arn, UserId: "AROAIOSFODNN7EXAMPLE:test", Account: c.account},
		RequestID: "00000000-0000-0000-0000-000000000000",
	}, nil
}

// refuseSTS drops the suffix of the code that only the JSON protocols have.
func refuseSTS(rw http.ResponseWriter, f *fault) {
	answerXML(rw, f.status, struct {
		XMLName   xml.Name `xml:"ErrorResponse"`
		Namespace string   `xml:"xmlns,attr"`
		Type      string   `xml:"Error>Type"`
		Code      string   `xml:"Error>Code"`
		Message   string   `xml:"Error>Message"`
	}{Namespace: stsNamespace, Type: "Sender", Code: strings.TrimSuffix(f.code, "Exception"), Message: f.message})
}

func answerXML(rw http.ResponseWriter, status int, v any) {
	rw.Header().Set("Content-Type", "text/xml")
	rw.WriteHeader(status)
	xml.NewEncoder(rw).Encode(v)
}
