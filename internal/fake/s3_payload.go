package fake

import (
	"bufio"
	"bytes"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"hash"
	"hash/crc32"
	"hash/crc64"
	"io"
	"net/http"
	"net/textproto"
	"strconv"
	"strings"
)

// chunkedPayload is what X-Amz-Content-Sha256 says of a body in chunks with a
// checksum behind it, as the SDKs send over TLS: see "Signature calculations for
// trailing headers" in S3's reference.
const chunkedPayload = "STREAMING-UNSIGNED-PAYLOAD-TRAILER"

// readPayload takes the body out of its chunks, and holds it to each digest that was
// sent with it. S3 refuses a body that has another.
func (c *call) readPayload() *fault {
	digests := c.Header.Clone()
	switch sum := c.Header.Get("X-Amz-Content-Sha256"); {
	case sum == chunkedPayload:
		body, trailer, ok := dechunk(c.body)
		if n, err := strconv.Atoi(c.Header.Get("X-Amz-Decoded-Content-Length")); !ok || err != nil || n != len(body) {
			return badRequest("IncompleteBody", "The request body terminated unexpectedly")
		}
		name := c.Header.Get("X-Amz-Trailer")
		if name == "" || trailer.Get(name) == "" {
			return badRequest("MalformedTrailerError", "The request contained trailing data that was not well-formed or did not conform to our published schema.")
		}
		digests.Set(name, trailer.Get(name))
		c.body = body
	case strings.HasPrefix(sum, "STREAMING-"):
		return &fault{http.StatusNotImplemented, "NotImplemented", "no fake for a payload " + sum}
	case sum != "UNSIGNED-PAYLOAD":
		if got := sha256.Sum256(c.body); hex.EncodeToString(got[:]) != sum {
			return badRequest("XAmzContentSHA256Mismatch", "The provided 'x-amz-content-sha256' header does not match what was computed.")
		}
	}
	for name, h := range map[string]hash.Hash{
		"X-Amz-Checksum-Crc32": crc32.NewIEEE(), "X-Amz-Checksum-Crc32c": crc32.New(crc32.MakeTable(crc32.Castagnoli)),
		"X-Amz-Checksum-Crc64nvme": crc64.New(crc64.MakeTable(0x9a6c9329ac4bc9b5)),
		"X-Amz-Checksum-Sha1":      sha1.New(), "X-Amz-Checksum-Sha256": sha256.New(),
	} {
		want := digests.Get(name)
		if want == "" {
			continue
		}
		h.Write(c.body)
		if base64.StdEncoding.EncodeToString(h.Sum(nil)) != want {
			return badRequest("BadDigest", "The %s you specified did not match the calculated checksum.", strings.ToLower(name))
		}
		c.checked = true
	}
	return nil
}

// dechunk undoes the coding aws-chunked without signatures.
func dechunk(b []byte) (body []byte, trailer textproto.MIMEHeader, ok bool) {
	r := textproto.NewReader(bufio.NewReader(bytes.NewReader(b)))
	for {
		line, err := r.ReadLine()
		size, perr := strconv.ParseUint(line, 16, 32)
		if err != nil || perr != nil {
			return nil, nil, false
		}
		if size == 0 {
			trailer, err = r.ReadMIMEHeader()
			return body, trailer, err == nil || err == io.EOF
		}
		chunk := make([]byte, size+2)
		if _, err := io.ReadFull(r.R, chunk); err != nil || !bytes.HasSuffix(chunk, []byte("\r\n")) {
			return nil, nil, false
		}
		body = append(body, chunk[:size]...)
	}
}
