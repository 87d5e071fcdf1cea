package localrun

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
)

// engine talks to a Docker engine through its socket, since the action's own
// container has the socket and no docker program. The engine's client library
// brings two hundred packages along for these seven calls, which every engine
// of the last ten years answers alike.
type engine struct{ client *http.Client }

// apiVersion is Docker 20.10's, of 2020.
const apiVersion = "/v1.41"

func newEngine(getenv func(string) string) (*engine, error) {
	host := getenv("DOCKER_HOST")
	if host == "" {
		host = "unix:///var/run/docker.sock"
	}
	socket, ok := strings.CutPrefix(host, "unix://")
	if !ok {
		return nil, fmt.Errorf("DOCKER_HOST is %q, and not unix:// with the path of a socket", host)
	}
	return &engine{&http.Client{Transport: &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		var d net.Dialer
		return d.DialContext(ctx, "unix", socket)
	}}}}, nil
}

// call makes one request, and gives the body of an answer that is no failure.
func (e *engine) call(ctx context.Context, method, path, contentType string, body io.Reader) (io.ReadCloser, error) {
	req, err := http.NewRequestWithContext(ctx, method, "http://docker"+apiVersion+path, body)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", contentType)
	res, err := e.client.Do(req)
	if err != nil {
		return nil, err
	}
	if res.StatusCode >= 300 && res.StatusCode != http.StatusNotModified {
		defer res.Body.Close()
		var said struct{ Message string }
		_ = json.NewDecoder(io.LimitReader(res.Body, 64<<10)).Decode(&said) // the status says enough
		return nil, &engineError{res.StatusCode, said.Message}
	}
	return res.Body, nil
}

type engineError struct {
	status  int
	message string
}

func (e *engineError) Error() string {
	return fmt.Sprintf("Docker answers %d: %q", e.status, e.message)
}

// ask makes a request with JSON, and reads JSON.
func (e *engine) ask(ctx context.Context, method, path string, in, out any) error {
	var body io.Reader
	if in != nil {
		b, err := json.Marshal(in)
		if err != nil {
			return err
		}
		body = bytes.NewReader(b)
	}
	answer, err := e.call(ctx, method, path, "application/json", body)
	if err != nil {
		return err
	}
	defer answer.Close()
	if out == nil {
		_, err = io.Copy(io.Discard, answer)
		return err
	}
	return json.NewDecoder(answer).Decode(out)
}

// has tells whether the engine has an image.
func (e *engine) has(ctx context.Context, image string) (bool, error) {
	err := e.ask(ctx, "GET", "/images/"+image+"/json", nil, nil)
	if failed, ok := errors.AsType[*engineError](err); ok && failed.status == http.StatusNotFound {
		return false, nil
	}
	return err == nil, err
}

// pull fetches an image; the answer's end is a failure's only place.
func (e *engine) pull(ctx context.Context, image string) error {
	answer, err := e.call(ctx, "POST", "/images/create?fromImage="+url.QueryEscape(image), "application/json", nil)
	if err != nil {
		return err
	}
	defer answer.Close()
	lines := json.NewDecoder(answer)
	for {
		var line struct{ Error string }
		if err := lines.Decode(&line); err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
		if line.Error != "" {
			return errors.New(line.Error)
		}
	}
}

// container is what the engine is told of a container that it makes.
type container struct {
	Image      string
	Cmd        []string
	Env        []string
	Tty        bool // one stream of output, as it is
	Labels     map[string]string
	HostConfig struct{ NetworkMode string }
}

func (e *engine) create(ctx context.Context, c container) (id string, err error) {
	var made struct{ ID string }
	err = e.ask(ctx, "POST", "/containers/create", c, &made)
	return made.ID, err
}

// copyTo unpacks a tar into a container's folder.
func (e *engine) copyTo(ctx context.Context, id, folder string, tar io.Reader) error {
	answer, err := e.call(ctx, "PUT", "/containers/"+id+"/archive?path="+url.QueryEscape(folder), "application/x-tar", tar)
	if err != nil {
		return err
	}
	return answer.Close()
}

func (e *engine) start(ctx context.Context, id string) error {
	return e.ask(ctx, "POST", "/containers/"+id+"/start", nil, nil)
}

// follow gives what a container prints, from its start to its end.
func (e *engine) follow(ctx context.Context, id string) (io.ReadCloser, error) {
	return e.call(ctx, "GET", "/containers/"+id+"/logs?follow=1&stdout=1&stderr=1", "", nil)
}

// wait gives the status with which a container ends.
func (e *engine) wait(ctx context.Context, id string) error {
	var ended struct{ StatusCode int }
	if err := e.ask(ctx, "POST", "/containers/"+id+"/wait", nil, &ended); err != nil {
		return err
	}
	if ended.StatusCode != 0 {
		return fmt.Errorf("exit status %d", ended.StatusCode)
	}
	return nil
}

// remove ends a container and deletes it.
func (e *engine) remove(ctx context.Context, id string) error {
	return e.ask(ctx, "DELETE", "/containers/"+id+"?force=1&v=1", nil, nil)
}
