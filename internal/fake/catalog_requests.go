package fake

import (
	"encoding/json"
	"regexp"
	"strings"
)

// The grammars of the API's model.
var (
	changeSetName = regexp.MustCompile(`^[\w\s+=.:@-]{1,100}$`)
	requestToken  = regexp.MustCompile(`^[!-~]{1,64}$`)
	entityID      = regexp.MustCompile(`^[\w-]+(@\d+)?$`)
	changeName    = regexp.MustCompile(`^[a-zA-Z]{1,72}$`)
)

// changeSetInput is the body of StartChangeSet.
type changeSetInput struct {
	Catalog            string
	ChangeSet          []changeInput
	ChangeSetName      *string
	ClientRequestToken *string
}

type changeInput struct {
	ChangeType string
	ChangeName *string
	Entity     struct {
		Type       string
		Identifier *string
	}
	DetailsDocument json.RawMessage
}

// check refuses what the service refuses at once.
func (in *changeSetInput) check() *fault {
	switch {
	case in.Catalog != catalogName:
		return invalidCall("Catalog %q is not supported.", in.Catalog)
	case len(in.ChangeSet) == 0 || len(in.ChangeSet) > 20:
		return invalidCall("A change set has 1 to 20 changes.")
	case in.ChangeSetName != nil && !changeSetName.MatchString(*in.ChangeSetName):
		return invalidCall("Value at 'changeSetName' failed to satisfy constraint: %s", changeSetName)
	case in.ClientRequestToken == nil || !requestToken.MatchString(*in.ClientRequestToken):
		return invalidCall("Value at 'clientRequestToken' failed to satisfy constraint: %s", requestToken)
	}
	seen := map[string]bool{}
	for _, c := range in.ChangeSet {
		id := ""
		if c.Entity.Identifier != nil {
			id = *c.Entity.Identifier
		}
		if c.Entity.Type != containerProductType {
			return invalidCall("Entity type %q is not supported.", c.Entity.Type)
		}
		if id != "" && !entityID.MatchString(id) && !strings.HasPrefix(id, "$") {
			return invalidCall("Value at 'identifier' failed to satisfy constraint: %s", entityID)
		}
		plain, _, _ := strings.Cut(id, "@")
		if key := c.ChangeType + " " + plain; seen[key] {
			return invalidCall("The change type %s is there twice for one entity.", c.ChangeType)
		} else {
			seen[key] = true
		}
	}
	return nil
}

// canonical is a JSON text without what means nothing in it: blanks, and the order
// of members.
func canonical(b []byte) string {
	var v any
	if err := json.Unmarshal(b, &v); err != nil {
		return string(b)
	}
	out, _ := json.Marshal(v) // it was JSON before
	return string(out)
}
