package trial

import _ "embed"

// PlanSchema is a JSON Schema (draft 7) of glue-tests.yaml, for editors: what
// Parse says of a plan, as far as a schema can say it.
//
//go:embed glue-tests.schema.json
var PlanSchema string
