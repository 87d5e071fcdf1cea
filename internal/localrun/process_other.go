//go:build !unix

package localrun

import "os/exec"

func group(*exec.Cmd) {}

func kill(c *exec.Cmd) { _ = c.Process.Kill() }
