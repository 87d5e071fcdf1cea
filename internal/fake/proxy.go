package fake

import (
	"fmt"
	"net"
	"net/http"
	"strings"
	"sync"
)

// enterpriseHost is the host of GitHub Enterprise in this world.
const enterpriseHost = "github.example.com"

// served tells the hosts that this world is, over TLS.
func served(host string) bool {
	return registryHost.MatchString(host) || bucketHost.MatchString(host) || host == enterpriseHost
}

// serveProxy answers CONNECT for the hosts of this world by handing the client's
// connection to the TLS listener of this world. No second connection is
// involved, so a reset by a fault reaches the client as a reset.
func (w *World) serveProxy(rw http.ResponseWriter, r *http.Request) {
	host, ok := strings.CutSuffix(r.Host, ":443")
	if r.Method != http.MethodConnect || !ok || !served(host) {
		http.Error(rw, fmt.Sprintf("no fake for %s %s", r.Method, r.Host), http.StatusBadGateway)
		return
	}
	record(rw, http.StatusOK)
	conn, buf, err := http.NewResponseController(rw).Hijack()
	if err != nil {
		http.Error(rw, err.Error(), http.StatusInternalServerError)
		return
	}
	// A client that speaks before the proxy agreed is broken; drop it.
	if buf.Reader.Buffered() > 0 {
		conn.Close()
		return
	}
	if _, err := fmt.Fprint(conn, "HTTP/1.1 200 Connection established\r\n\r\n"); err != nil {
		conn.Close()
		return
	}
	w.tunnels.add(conn)
}

// tunnels is the net.Listener whose connections come out of the proxy.
type tunnels struct {
	conns chan net.Conn
	done  chan struct{}
	close sync.Once
}

func newTunnels() *tunnels {
	return &tunnels{conns: make(chan net.Conn), done: make(chan struct{})}
}

func (t *tunnels) add(c net.Conn) {
	select {
	case t.conns <- c:
	case <-t.done:
		c.Close()
	}
}

func (t *tunnels) Accept() (net.Conn, error) {
	select {
	case c := <-t.conns:
		return c, nil
	case <-t.done:
		return nil, net.ErrClosed
	}
}

func (t *tunnels) Close() error {
	t.close.Do(func() { close(t.done) })
	return nil
}

func (t *tunnels) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 443} }
