package fake

import (
	"maps"
	"strings"
)

type tagsInput struct {
	ResourceArn string
	TagsToAdd   map[string]string
}

func (in *tagsInput) job() string {
	return in.ResourceArn[strings.LastIndexByte(in.ResourceArn, '/')+1:]
}

func (w *World) getTags(c *call, in *tagsInput) (any, *fault) {
	w.glue.mu.Lock()
	defer w.glue.mu.Unlock()
	j, f := w.glue.find(c, in.job())
	if f != nil {
		return nil, f
	}
	return map[string]any{"Tags": maps.Clone(j.Tags)}, nil
}

func (w *World) tagResource(c *call, in *tagsInput) (any, *fault) {
	w.glue.mu.Lock()
	defer w.glue.mu.Unlock()
	j, f := w.glue.find(c, in.job())
	if f != nil {
		return nil, f
	}
	if j.Tags == nil {
		j.Tags = map[string]string{}
	}
	maps.Copy(j.Tags, in.TagsToAdd)
	return map[string]any{}, nil
}
