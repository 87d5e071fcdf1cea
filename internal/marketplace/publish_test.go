package marketplace

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"

	"glue-connector/internal/connector"
	"glue-connector/internal/fake"
)

const (
	productID  = "prod-abcdefghijklm"
	repository = "709825985650.dkr.ecr.us-east-1.amazonaws.com/my-company/demo"
)

func shortLimits() limits {
	return limits{first: time.Millisecond, longest: 4 * time.Millisecond, distance: 0, patience: 2 * time.Second}
}

// newWorld has a product and an image in its repository.
func newWorld(t *testing.T) (*fake.World, *Client) {
	t.Helper()
	w, err := fake.New()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.Close)
	w.CreateProduct(fake.Product{ID: productID, Title: "Demo", Visibility: "Limited", Repositories: []string{repository}})
	host, name, _ := strings.Cut(repository, "/")
	w.PutManifest(host, name, "1.0.0", "application/vnd.docker.distribution.manifest.v2+json", []byte(`{"layers":[{"digest":"sha256:0"}]}`))
	return w, newClient(configOf(w), shortLimits())
}

func configOf(w *fake.World) aws.Config {
	env := map[string]string{}
	for _, kv := range w.Env() {
		k, v, _ := strings.Cut(kv, "=")
		env[k] = v
	}
	return aws.Config{
		Region: "eu-west-1", BaseEndpoint: aws.String(w.AWSURL()),
		Credentials: credentials.NewStaticCredentialsProvider(env["AWS_ACCESS_KEY_ID"], env["AWS_SECRET_ACCESS_KEY"], ""),
	}
}

func listing() *connector.Listing {
	return &connector.Listing{
		Product: productID, Title: "1.0.0", Notes: "The first one.",
		Options: []connector.DeliveryOption{{
			Title: connector.DefaultOptionTitle, Description: connector.DefaultOptionDescription, Instructions: connector.UsageInstructions("https://example.com/x"),
			Images: []string{repository + ":1.0.0"}, Services: []string{"ECS"},
		}},
	}
}

func TestPublish(t *testing.T) {
	w, c := newWorld(t)
	w.SlowChangeSets(1, 1)
	var seen []string
	o := Options{Wait: true, Observe: func(p Progress) { seen = append(seen, string(p.State)+" "+p.Status) }}
	r, err := c.Publish(context.Background(), listing(), []string{"sha256:1"}, o)
	if err != nil {
		t.Fatal(err)
	}
	if r.State != Done || r.Status != "SUCCEEDED" || r.ID == "" || r.Existed {
		t.Errorf("%+v", r)
	}
	if got := strings.Join(seen, ", "); got != "looking , starting , awaiting PREPARING, awaiting APPLYING, done SUCCEEDED" {
		t.Errorf("went through %s", got)
	}
	p, _ := w.Product(productID)
	if len(p.Versions) != 1 || p.Versions[0].Title != "1.0.0" || p.Versions[0].Options[0].Instructions != listing().Options[0].Instructions {
		t.Errorf("%+v", p.Versions)
	}

	again, err := c.Publish(context.Background(), listing(), []string{"sha256:1"}, o)
	if err != nil || !again.Existed || again.ID != r.ID {
		t.Errorf("again: %+v, %v", again, err)
	}
	if n := len(w.ChangeSets()); n != 1 {
		t.Errorf("%d change sets", n)
	}
}
