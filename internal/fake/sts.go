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
	if action != "GetCallerIdentity" || form.Get("Version") != "2011-06-15" {
		refuseSTS(rw, &fault{http.StatusNotImplemented, "NotImplemented",
			fmt.Sprintf("no fake for sts %s of version %s", action, form.Get("Version"))})
		return
	}
	// GetCallerIdentity needs no permission, not even an explicit denial stops it:
	// https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
	type result struct {
		Arn, UserId, Account string
	}
	answerXML(rw, http.StatusOK, struct {
		XMLName   xml.Name `xml:"GetCallerIdentityResponse"`
		Namespace string   `xml:"xmlns,attr"`
		Result    result   `xml:"GetCallerIdentityResult"`
		RequestID string   `xml:"ResponseMetadata>RequestId"`
	}{
		Namespace: stsNamespace,
		Result:    result{Arn: w.callerARN(), UserId: "AROAIOSFODNN7EXAMPLE:test", Account: w.caller},
		RequestID: "00000000-0000-0000-0000-000000000000",
	})
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
