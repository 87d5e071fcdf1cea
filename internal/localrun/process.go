package localrun

import (
	"fmt"
	"os"
	"os/exec"
	"sync"
)

// start starts a program whose output and errors come in one stream, in order.
func start(c *exec.Cmd) (*running, error) {
	read, write, err := os.Pipe()
	if err != nil {
		return nil, fmt.Errorf("starting %s: %w", c.Path, err)
	}
	c.Stdout, c.Stderr = write, write
	group(c)
	if err := c.Start(); err != nil {
		read.Close()
		write.Close()
		return nil, fmt.Errorf("starting %s: %w", c.Path, err)
	}
	write.Close()
	stop := sync.OnceFunc(func() { kill(c) })
	// The output ends when everything that has it has ended. A program that ends
	// and leaves others behind takes them with it.
	ended := make(chan error, 1)
	go func() {
		err := c.Wait()
		stop()
		ended <- err
	}()
	return &running{output: read, stop: stop, wait: func() error {
		defer read.Close()
		return <-ended
	}}, nil
}
