package connector

import _ "embed"

// ConfigSchema is a JSON Schema (draft 7) of config.json, for editors: what the
// rules about config.json say, as far as a schema can say it.
//
//go:embed config.schema.json
var ConfigSchema string
