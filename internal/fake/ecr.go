package fake

import (
	"cmp"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
)

const ecrTarget = "AmazonEC2ContainerRegistry_V20150921."

// marketplaceAccount owns the registry of AWS Marketplace. Sellers push to it,
// but repositories come from the portal only.
const marketplaceAccount = "709825985650"

var ecrOperations = map[string]operation{
	"GetAuthorizationToken": ecrOp((*World).getAuthorizationToken),
	"DescribeRepositories":  ecrOp((*World).describeRepositories),
	"CreateRepository":      ecrOp((*World).createRepository),
	"DescribeImages":        ecrOp((*World).describeImages),
	"BatchGetImage":         ecrOp((*World).batchGetImage),

	"BatchCheckLayerAvailability": ecrOp((*World).batchCheckLayerAvailability),
}

func (w *World) serveECR(rw http.ResponseWriter, c *call) {
	w.serveJSON(rw, c, ecrOperations)
}

// ecrInput has the members of all modelled operations.
type ecrInput struct {
	RegistryIDs     []string  `json:"registryIds"`
	RegistryID      string    `json:"registryId"`
	RepositoryNames []string  `json:"repositoryNames"`
	RepositoryName  string    `json:"repositoryName"`
	TagMutability   string    `json:"imageTagMutability"`
	Scanning        scanning  `json:"imageScanningConfiguration"`
	ImageIDs        []imageID `json:"imageIds"`
	LayerDigests    []string  `json:"layerDigests"`

	region string
	call   *call
}

type scanning struct {
	ScanOnPush bool `json:"scanOnPush"`
}

type imageID struct {
	Digest string `json:"imageDigest,omitempty"`
	Tag    string `json:"imageTag,omitempty"`
}

// resource is the ARN in a denial: a repository if the call names one.
func (in *ecrInput) resource() string {
	name := in.RepositoryName
	if len(in.RepositoryNames) > 0 {
		name = in.RepositoryNames[0]
	}
	return repositoryARN(in.region, in.RegistryID, cmp.Or(name, "*"))
}

// ecrOp decodes the input and asks for permission before op.
func ecrOp(op func(*World, *ecrInput) (any, *fault)) operation {
	return func(w *World, c *call) (any, *fault) {
		in := &ecrInput{region: c.region, call: c}
		if err := json.Unmarshal(c.body, in); err != nil {
			return nil, badRequest("SerializationException", "%v", err)
		}
		in.RegistryID = cmp.Or(in.RegistryID, c.account)
		resource := in.resource()
		if c.action == "GetAuthorizationToken" {
			resource = "*" // it is granted for no single registry
		}
		msg := w.denial("ecr:"+c.action, resource)
		if msg == "" && c.action != "GetAuthorizationToken" && !c.works(in.RegistryID) {
			msg = fmt.Sprintf("User: %s is not authorized to perform: ecr:%s on resource: %s because no resource-based policy allows the ecr:%[2]s action",
				c.arn, c.action, resource)
		}
		if msg != "" {
			return nil, badRequest("AccessDeniedException", "%s", msg)
		}
		return op(w, in)
	}
}

func (w *World) getAuthorizationToken(in *ecrInput) (any, *fault) {
	type data struct {
		Token    string  `json:"authorizationToken"`
		Expires  float64 `json:"expiresAt"`
		Endpoint string  `json:"proxyEndpoint"`
	}
	if len(in.RegistryIDs) == 0 {
		in.RegistryIDs = []string{in.call.account}
	}
	var all []data
	for _, id := range in.RegistryIDs {
		t := base64.StdEncoding.EncodeToString([]byte("AWS:" + w.issueToken(in.call)))
		all = append(all, data{t, float64(time.Now().Add(12 * time.Hour).Unix()), "https://" + Host(id, in.region)})
	}
	return map[string]any{"authorizationData": all}, nil
}

func (w *World) describeRepositories(in *ecrInput) (any, *fault) {
	host := Host(in.RegistryID, in.region)
	names := in.RepositoryNames
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(names) == 0 {
		for key := range w.repositories {
			if name, ok := strings.CutPrefix(key, host+"/"); ok {
				names = append(names, name)
			}
		}
		slices.Sort(names)
	}
	all := []any{}
	for _, name := range names {
		r := w.repositories[host+"/"+name]
		if r == nil {
			return nil, noRepository(name, in.RegistryID)
		}
		all = append(all, r.description())
	}
	return map[string]any{"repositories": all}, nil
}

func (w *World) createRepository(in *ecrInput) (any, *fault) {
	if in.RegistryID == marketplaceAccount {
		return nil, badRequest("AccessDeniedException", "User: %s is not authorized to perform: ecr:CreateRepository on resource: %s"+
			" because no resource-based policy allows the ecr:CreateRepository action", w.callerARN(), in.resource())
	}
	if !repositoryName.MatchString(in.RepositoryName) {
		return nil, badRequest("InvalidParameterException", "Invalid parameter at 'repositoryName' failed to satisfy constraint: '%s'", repositoryName)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	key := Host(in.RegistryID, in.region) + "/" + in.RepositoryName
	if w.repositories[key] != nil {
		return nil, badRequest("RepositoryAlreadyExistsException",
			"The repository with name '%s' already exists in the registry with id '%s'", in.RepositoryName, in.RegistryID)
	}
	r := newRepository(in.RegistryID, in.region, in.RepositoryName)
	r.immutable, r.scanOnPush = in.TagMutability == "IMMUTABLE", in.Scanning.ScanOnPush
	w.repositories[key] = r
	return map[string]any{"repository": r.description()}, nil
}

func noRepository(name, account string) *fault {
	return badRequest("RepositoryNotFoundException",
		"The repository with name '%s' does not exist in the registry with id '%s'", name, account)
}

// description is the type Repository of the API.
func (r *repository) description() map[string]any {
	mutability := "MUTABLE"
	if r.immutable {
		mutability = "IMMUTABLE"
	}
	return map[string]any{
		"repositoryArn":              repositoryARN(r.region, r.account, r.name),
		"registryId":                 r.account,
		"repositoryName":             r.name,
		"repositoryUri":              Host(r.account, r.region) + "/" + r.name,
		"createdAt":                  float64(r.created.Unix()),
		"imageTagMutability":         mutability,
		"imageScanningConfiguration": scanning{r.scanOnPush},
		"encryptionConfiguration":    map[string]string{"encryptionType": "AES256"},
	}
}

func repositoryARN(region, account, name string) string {
	return "arn:aws:ecr:" + region + ":" + account + ":repository/" + name
}
