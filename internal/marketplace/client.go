package marketplace

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/service/marketplacecatalog"
	"github.com/aws/aws-sdk-go-v2/service/marketplacecatalog/document"
	"github.com/aws/aws-sdk-go-v2/service/marketplacecatalog/types"

	"glue-connector/internal/connector"
)

// The one catalog, and the one region that has it.
const (
	catalog = "AWSMarketplace"
	region  = "us-east-1"
)

// Client talks to the AWS Marketplace Catalog API. One goroutine uses it at a time.
type Client struct {
	api    *marketplacecatalog.Client
	limits limits
	last   time.Time // of the last call's begin
	waited bool      // calls keep their distance from now on
}

// limits are the times that things may take. Tests shorten them.
type limits struct {
	first    time.Duration // before the second look at a change set; it grows
	longest  time.Duration // between two looks
	distance time.Duration // between any two calls once something is waited for
	patience time.Duration // with one call that fails in ways that pass
}

// A change set takes minutes to hours. At most a call in two seconds leaves AWS's
// quotas, such as five ListChangeSets a second of the account, to others.
var defaultLimits = limits{first: 2 * time.Second, longest: time.Minute, distance: 2 * time.Second, patience: 5 * time.Minute}

// New makes a client with the credentials of cfg, whatever its region. It calls
// nothing.
func New(cfg aws.Config) *Client { return newClient(cfg, defaultLimits) }

func newClient(cfg aws.Config, l limits) *Client {
	api := marketplacecatalog.NewFromConfig(cfg, func(o *marketplacecatalog.Options) {
		o.Region = region
		// The client itself repeats, at a pace of its own. What is left to the SDK needs
		// another signature: a clock that is wrong, and a session that is too new.
		o.Retryer = retry.AddWithMaxAttempts(retry.NewStandard(func(o *retry.StandardOptions) {
			o.Retryables = []retry.IsErrorRetryable{retry.RetryableErrorCode{Codes: signatureCodes}}
		}), 2)
	})
	return &Client{api: api, limits: l}
}

var signatureCodes = map[string]struct{}{
	"RequestTimeTooSkewed": {}, "RequestExpired": {}, "InvalidSignatureException": {}, "SignatureDoesNotMatch": {},
	"UnrecognizedClientException": {}, "InvalidClientTokenId": {},
}

// Product reads a product. One that AWS does not have is a fact, not an error.
func (c *Client) Product(ctx context.Context, id string) (*connector.Product, error) {
	doing := "reading product " + id
	out, err := call(ctx, c, doing, func(ctx context.Context) (*marketplacecatalog.DescribeEntityOutput, error) {
		return c.api.DescribeEntity(ctx, &marketplacecatalog.DescribeEntityInput{Catalog: aws.String(catalog), EntityId: aws.String(id)})
	})
	if missing, ok := errors.AsType[*types.ResourceNotFoundException](err); ok {
		return &connector.Product{ID: id, Absent: missing.ErrorMessage()}, nil
	}
	if err != nil {
		return nil, err
	}
	raw := []byte(aws.ToString(out.Details))
	if out.DetailsDocument != nil {
		if raw, err = out.DetailsDocument.MarshalSmithyDocument(); err != nil {
			return nil, &Error{Kind: Remote, err: fmt.Errorf("%s: %w", doing, err)}
		}
	}
	p := &connector.Product{ID: id, Type: aws.ToString(out.EntityType)}
	_, p.Revision, _ = strings.Cut(aws.ToString(out.EntityIdentifier), "@")
	switch p.Type {
	case connector.ContainerProduct:
	case "":
		return nil, &Error{Kind: Remote, err: fmt.Errorf("%s: the answer names no entity", doing), hint: "Check that no proxy answers in AWS's place."}
	default:
		return p, nil // its document has another form
	}
	if err := readProduct(raw, p); err != nil {
		return nil, &Error{Kind: Remote, err: fmt.Errorf("%s: %w", doing, err)}
	}
	return p, nil
}

// summary is a change set in a list.
type summary struct {
	id, name, status, fault string
}

func (s summary) running() bool { return s.status == "PREPARING" || s.status == "APPLYING" }

// maxPages bounds the lists that are read: at 20 entries a page, more change sets
// than one product gets in the 60 days for which AWS keeps them.
const maxPages = 50

// sets lists the change sets of a set's product, the newest first; if there is no
// product yet, those of the set's name.
func (c *Client) sets(ctx context.Context, s ChangeSet) (all []summary, err error) {
	doing := "listing the change sets of " + s.product()
	by := types.Filter{Name: aws.String("EntityId"), ValueList: []string{s.product()}}
	if s.product() == "" {
		doing = "listing change sets"
		by = types.Filter{Name: aws.String("ChangeSetName"), ValueList: []string{s.Name()}}
	}
	var next *string
	for range maxPages {
		out, err := call(ctx, c, doing, func(ctx context.Context) (*marketplacecatalog.ListChangeSetsOutput, error) {
			return c.api.ListChangeSets(ctx, &marketplacecatalog.ListChangeSetsInput{
				Catalog: aws.String(catalog), MaxResults: aws.Int32(20), NextToken: next,
				FilterList: []types.Filter{by},
				Sort:       &types.Sort{SortBy: aws.String("StartTime"), SortOrder: types.SortOrderDescending},
			})
		})
		if err != nil {
			return nil, err
		}
		for _, s := range out.ChangeSetSummaryList {
			all = append(all, summary{aws.ToString(s.ChangeSetId), aws.ToString(s.ChangeSetName), string(s.Status), string(s.FailureCode)})
		}
		if aws.ToString(out.NextToken) == "" {
			return all, nil
		}
		if next != nil && *next == *out.NextToken {
			break
		}
		next = out.NextToken
	}
	return nil, &Error{Kind: Remote, err: fmt.Errorf("%s: the list does not end", doing)}
}

// Busy finds a change set on its way that holds a product, "" if there is none or
// if it is one that adds this very version.
func (c *Client) Busy(ctx context.Context, l *connector.Listing) (id string, err error) {
	sets, err := c.sets(ctx, AddVersion(l, nil))
	for _, s := range sets {
		if s.running() && !strings.HasPrefix(s.name, prefix(l.Title)) {
			return s.id, nil
		}
	}
	return "", err
}

// start starts a change set, and is the only call that does.
func (c *Client) start(ctx context.Context, s ChangeSet, attempt int) (id string, err error) {
	doing := "starting change set " + s.Name()
	in := &marketplacecatalog.StartChangeSetInput{
		Catalog: aws.String(catalog), ChangeSetName: aws.String(s.Name()), ClientRequestToken: aws.String(s.Token(attempt)),
	}
	for _, change := range s.Changes {
		details, err := plain(change.Details)
		if err != nil {
			return "", fmt.Errorf("%s: %w", doing, err)
		}
		t := types.Change{
			ChangeType: aws.String(change.Type), Entity: &types.Entity{Type: aws.String(connector.ContainerProduct)},
			DetailsDocument: document.NewLazyDocument(details),
		}
		if change.Product != "" {
			t.Entity.Identifier = aws.String(change.Product)
		}
		if change.Name != "" {
			t.ChangeName = aws.String(change.Name)
		}
		in.ChangeSet = append(in.ChangeSet, t)
	}
	out, err := call(ctx, c, doing, func(ctx context.Context) (*marketplacecatalog.StartChangeSetOutput, error) {
		return c.api.StartChangeSet(ctx, in)
	})
	if err == nil && aws.ToString(out.ChangeSetId) == "" {
		err = &Error{Kind: Remote, err: fmt.Errorf("%s: the answer names none", doing), hint: "Run again: if it was started, it is found."}
	}
	if err != nil {
		return "", err
	}
	return *out.ChangeSetId, nil
}

// plain is a document as maps and lists: the SDK knows no tags for JSON.
func plain(v any) (out any, err error) {
	b, err := json.Marshal(v)
	if err == nil {
		err = json.Unmarshal(b, &out)
	}
	return out, err
}

// described is a change set by its id.
type described struct {
	id, status string
	failure    Failure
	created    string // the id of the product that it has created, "" for none
}

func (c *Client) describe(ctx context.Context, id string) (d described, err error) {
	out, err := call(ctx, c, "reading change set "+id, func(ctx context.Context) (*marketplacecatalog.DescribeChangeSetOutput, error) {
		return c.api.DescribeChangeSet(ctx, &marketplacecatalog.DescribeChangeSetInput{Catalog: aws.String(catalog), ChangeSetId: aws.String(id)})
	})
	if err != nil {
		return d, err
	}
	d = described{id: id, status: string(out.Status)}
	d.failure = Failure{ID: id, Status: d.status, Fault: string(out.FailureCode), Description: aws.ToString(out.FailureDescription)}
	for _, change := range out.ChangeSet {
		if aws.ToString(change.ChangeType) == "CreateProduct" && change.Entity != nil && d.status == "SUCCEEDED" {
			d.created, _, _ = strings.Cut(aws.ToString(change.Entity.Identifier), "@")
		}
		for _, e := range change.ErrorDetailList {
			d.failure.Details = append(d.failure.Details, Detail{aws.ToString(e.ErrorCode), aws.ToString(e.ErrorMessage)})
		}
	}
	return d, nil
}
