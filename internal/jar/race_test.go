//go:build race

package jar

func init() { raced = true }
