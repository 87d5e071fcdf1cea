//go:build race

package report

func init() { raced = true }
