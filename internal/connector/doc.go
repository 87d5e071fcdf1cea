// Package connector holds what an AWS Glue connector is: its config.json with
// positions, its jars, and the activation link that a subscriber opens.
//
// It states facts and judges nothing: a malformed config or a file that is no
// jar is a fact too, kept where package check finds it. It does no I/O of its
// own; bytes and readers are handed to it.
package connector

// Connector is one connector, as its publisher wrote it.
type Connector struct {
	// Config is nil if there is none or it could not be read.
	Config *Config
	// Jars are in the order in which they go into the image: by name.
	Jars []*Jar
	// Link holds the parameters of the activation link, nil if none is asked for.
	Link *Link
	// Image says where the image goes, zero if it goes nowhere.
	Image Reference
}
