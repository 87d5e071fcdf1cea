package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"image"
	"image/color"
	"image/png"
	"os"
	"slices"
)

const (
	margin  = 24 // pixels left around what a picture shows
	colours = 64 // that a picture keeps
)

// shrink cuts a screenshot to what it shows, keeps its most frequent colours, and
// notes in it the hash of the report that it is of.
func shrink(from, to string, report []byte) error {
	f, err := os.Open(from)
	if err != nil {
		return err
	}
	defer f.Close()
	shot, err := png.Decode(f)
	if err != nil {
		return err
	}
	seen := map[color.Color]int{}
	var box image.Rectangle
	bounds := shot.Bounds()
	ground := shot.At(bounds.Min.X, bounds.Min.Y)
	for y := bounds.Min.Y; y < bounds.Max.Y; y++ {
		for x := bounds.Min.X; x < bounds.Max.X; x++ {
			c := shot.At(x, y)
			seen[c]++
			if c != ground {
				box = box.Union(image.Rect(x, y, x+1, y+1))
			}
		}
	}
	box = box.Inset(-margin).Intersect(bounds)
	palette := color.Palette{}
	for c := range seen {
		palette = append(palette, c)
	}
	slices.SortFunc(palette, func(a, b color.Color) int {
		ar, ag, ab, _ := a.RGBA()
		br, bg, bb, _ := b.RGBA()
		return slices.Compare([]int{-seen[a], int(ar), int(ag), int(ab)}, []int{-seen[b], int(br), int(bg), int(bb)})
	})
	small := image.NewPaletted(image.Rect(0, 0, box.Dx(), box.Dy()), palette[:min(colours, len(palette))])
	for y := range box.Dy() {
		for x := range box.Dx() {
			small.Set(x, y, shot.At(box.Min.X+x, box.Min.Y+y))
		}
	}
	var b bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&b, small); err != nil {
		return err
	}
	return os.WriteFile(to, note(b.Bytes(), fmt.Sprintf("sha256:%x", sha256.Sum256(report))), 0o644)
}

// note puts a text before the last chunk of a PNG.
func note(picture []byte, text string) []byte {
	const end = 12 // bytes of IEND
	body := append([]byte("tEXtComment\x00"), text...)
	chunk := binary.BigEndian.AppendUint32(nil, uint32(len(body)-4))
	chunk = append(chunk, body...)
	chunk = binary.BigEndian.AppendUint32(chunk, crc32.ChecksumIEEE(body))
	at := len(picture) - end
	return slices.Concat(picture[:at], chunk, picture[at:])
}
