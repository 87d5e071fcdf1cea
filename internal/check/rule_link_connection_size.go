package check

import (
	"bytes"
	"encoding/json"
	"fmt"

	"glue-connector/internal/connector"
)

var linkConnectionSize = Rule{
	ID:       "link-connection-size",
	Severity: Error,
	Summary:  "no value that the link puts into a Glue connection has more than 1,024 bytes",
	Why:      "Glue refuses the connection when the subscriber activates the connector.",
	Source:   "AWS Glue API, Connection: each value is not less than 1 or more than 1024 bytes long",
	Check: func(s *Subject, fs *Findings) {
		l, ok := s.link()
		if !ok {
			return
		}
		if n := len(connectionURLs(l)); len(l.JDBCURLs) > 0 && n > 1024 {
			fs.add("", connector.Position{}, fmt.Sprintf("the JDBC URL templates and their delimiter take %d bytes in the connection, and Glue takes 1,024", n),
				"Shorten the templates or leave some out.")
		}
		if len(l.URL) > 1024 {
			fs.add("", connector.Position{}, fmt.Sprintf("the image's URL has %d bytes, and Glue takes 1,024", len(l.URL)), "Use a shorter repository name or tag.")
		}
	},
}

// connectionURLs is JDBC_CONNECTION_URL as Glue Studio stores it in the
// connection: [["title=template",...],"delimiter"].
func connectionURLs(l *connector.Link) []byte {
	templates := []string{}
	for _, u := range l.JDBCURLs {
		templates = append(templates, u.String())
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false) // Glue Studio's JSON has a plain &
	_ = e.Encode([]any{templates, l.Delimiter})
	return bytes.TrimSpace(b.Bytes())
}
