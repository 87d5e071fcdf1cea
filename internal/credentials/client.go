package credentials

import (
	"net/http"
	"time"

	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
)

// idle is how long a connection to AWS is kept for the next call. Nobody closes
// those of the SDK, and each keeps what it was made of.
const idle = 5 * time.Second

// Client is the SDK's HTTP client, with a time-out for each call.
func Client() *awshttp.BuildableClient {
	return awshttp.NewBuildableClient().WithTimeout(30 * time.Second).WithTransportOptions(func(t *http.Transport) {
		t.IdleConnTimeout = idle
	})
}
