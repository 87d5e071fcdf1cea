package image

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"

	v1 "github.com/google/go-containerregistry/pkg/v1"
)

// Content is a file of an image that Build made, as the image's history names
// it.
type Content struct {
	Name string `json:"name"` // in the folder
	Size int64  `json:"size"` // bytes
	// Layer is the layer's DiffID, if the file is alone in it: then the file is
	// the same where this is. Else it is empty.
	Layer string `json:"-"`
}

// errForeign tells that an image's history does not say what is in it.
var errForeign = errors.New("the image was not made by glue-connector")

// made begins the history of the layers that Build adds.
const made = "glue-connector: "

// history is the entry of a layer, with its files in the comment.
func (l *layer) history(created v1.Time) v1.History {
	var files []Content
	for _, f := range l.files {
		files = append(files, Content{Name: f.name[len(Folder)+1:], Size: f.size})
	}
	comment, _ := json.Marshal(files) // of strings and numbers
	return v1.History{Created: created, CreatedBy: made + l.title, Comment: string(comment)}
}

// Contents reads from an image's config which files its layers hold, without a
// look at the layers. A base's files are not among them.
func Contents(config []byte) ([]Content, error) {
	c, err := v1.ParseConfigFile(bytes.NewReader(config))
	if err != nil {
		return nil, fmt.Errorf("reading the image's config: %w", err)
	}
	var all []Content
	layer := 0
	for _, h := range c.History {
		if h.EmptyLayer {
			continue
		}
		if layer >= len(c.RootFS.DiffIDs) {
			return nil, errForeign
		}
		id := c.RootFS.DiffIDs[layer].String()
		layer++
		if len(h.CreatedBy) < len(made) || h.CreatedBy[:len(made)] != made {
			continue
		}
		var files []Content
		if err := json.Unmarshal([]byte(h.Comment), &files); err != nil {
			return nil, errForeign
		}
		if len(files) == 1 {
			files[0].Layer = id
		}
		all = append(all, files...)
	}
	if all == nil {
		return nil, errForeign
	}
	return all, nil
}
