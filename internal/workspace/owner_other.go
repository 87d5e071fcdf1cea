//go:build !unix

package workspace

func (w *Workspace) handOver(string) {}
