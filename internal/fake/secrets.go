package fake

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
)

const secretsTarget = "secretsmanager."

// secrets are those of Secrets Manager, by region + "/" + name.
type secrets struct {
	mu  sync.Mutex
	all map[string]string
}

// PutSecret stores a secret in a region, as text that most often is JSON.
func (w *World) PutSecret(region, name, value string) {
	w.secrets.mu.Lock()
	defer w.secrets.mu.Unlock()
	w.secrets.all[region+"/"+name] = value
}

var secretsOperations = map[string]operation{
	"GetSecretValue": secretsOp("secretsmanager:GetSecretValue", true),
	"DescribeSecret": secretsOp("secretsmanager:DescribeSecret", false),
}

func (w *World) serveSecrets(rw http.ResponseWriter, c *call) { w.serveJSON(rw, c, secretsOperations) }

// secretSuffix is what the service puts behind the name in an ARN: a dash and six
// characters.
const secretSuffix = "-a1b2c3"

func secretsOp(action string, value bool) operation {
	return func(w *World, c *call) (any, *fault) {
		var in struct{ SecretId, VersionStage string }
		if f := decodeStrictly(c.body, &in); f != nil {
			return nil, f
		}
		if in.SecretId == "" || in.VersionStage != "" && in.VersionStage != "AWSCURRENT" {
			return nil, badRequest("InvalidParameterException", "no fake for this form of the call")
		}
		prefix := fmt.Sprintf("arn:aws:secretsmanager:%s:%s:secret:", c.region, c.account)
		name := strings.TrimSuffix(strings.TrimPrefix(in.SecretId, prefix), secretSuffix)
		arn := prefix + name + secretSuffix
		if msg := w.denialOf(c.arn, action, arn, nil); msg != "" {
			return nil, badRequest("AccessDeniedException", "%s", msg)
		}
		w.secrets.mu.Lock()
		defer w.secrets.mu.Unlock()
		text, ok := w.secrets.all[c.region+"/"+name]
		if !ok {
			return nil, badRequest("ResourceNotFoundException", "Secrets Manager can't find the specified secret.")
		}
		out := map[string]any{"ARN": arn, "Name": name, "CreatedDate": float64(runEpoch.Unix())}
		if value {
			out["SecretString"], out["VersionId"], out["VersionStages"] = text, "00000000-0000-0000-0000-000000000001", []string{"AWSCURRENT"}
		}
		return out, nil
	}
}
