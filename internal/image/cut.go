package image

import (
	"bytes"
	"fmt"
	"hash/fnv"
	"path"
	"regexp"
	"strings"

	"glue-connector/internal/connector"
)

// MaxJarLayers is the largest number of layers that hold jars.
const MaxJarLayers = 96

// Folder is where Glue's unpacker looks for jars.
const Folder = "jars"

// cut divides a connector into layers, config.json last.
func cut(c *connector.Connector) []*layer {
	var layers []*layer
	for _, jars := range groups(c.Jars) {
		l := &layer{title: fmt.Sprintf("%d jars", len(jars))}
		if len(jars) == 1 {
			l.title = path.Join(Folder, jars[0].Name)
		}
		for _, j := range jars {
			l.files = append(l.files, file{name: path.Join(Folder, j.Name), size: j.Size, content: j.Content, stamp: j.Stamp})
		}
		l.pack = worthPacking(jars)
		layers = append(layers, l)
	}
	raw := c.Config.Raw
	name := path.Join(Folder, "config.json")
	return append(layers, &layer{title: name, files: []file{
		{name: name, size: int64(len(raw)), content: bytes.NewReader(raw)},
	}})
}

// groups spreads sorted jars over layers by the rule of the package's doc.
func groups(jars []*connector.Jar) [][]*connector.Jar {
	var all [][]*connector.Jar
	if len(jars) <= MaxJarLayers {
		for _, j := range jars {
			all = append(all, []*connector.Jar{j})
		}
		return all
	}
	var buckets [MaxJarLayers][]*connector.Jar
	artifacts := artifacts(jars)
	for n, j := range jars {
		h := fnv.New32a()
		h.Write([]byte(artifacts[n]))
		i := h.Sum32() % MaxJarLayers
		buckets[i] = append(buckets[i], j)
	}
	for _, b := range buckets {
		if len(b) > 0 {
			all = append(all, b)
		}
	}
	return all
}

var versionSuffix = regexp.MustCompile(`[-_.]v?[0-9][0-9A-Za-z.+_-]*$`)

// artifacts are the jars' names without their versions, guava for
// guava-31.1-jre.jar. What looks like a version need not be one, so a name that
// two jars would share is cut further behind, or not at all.
func artifacts(jars []*connector.Jar) []string {
	shared := map[string]int{}
	for _, j := range jars {
		for _, stem := range stems(j.Name) {
			shared[stem]++
		}
	}
	all := make([]string, len(jars))
	for i, j := range jars {
		for _, all[i] = range stems(j.Name) {
			if shared[all[i]] == 1 {
				break
			}
		}
	}
	return all
}

// stems are a jar's name cut at each place where a version may begin, the
// shortest first, and the whole name.
func stems(name string) []string {
	name = strings.TrimSuffix(name, ".jar")
	var all []string
	for from := 0; ; {
		at := versionSuffix.FindStringIndex(name[from:])
		if at == nil {
			return append(all, name)
		}
		from += at[0]
		all = append(all, name[:from])
		from++
	}
}
