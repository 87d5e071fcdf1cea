package jar

import (
	"encoding/binary"
	"math/bits"
)

// peekSize is what a peek looks at: the longest description of a block's codes
// has 286 bytes, and what follows eight literals, each of at most 15 bits.
const peekSize = 320

// peeker decodes the first bytes of a DEFLATE stream (RFC 1951). A version of a
// class file stands in its first eight bytes, and for these few it does not pay
// to build the tables that make compress/flate fast on long streams: the codes
// are walked bit by bit, as in Mark Adler's puff.
//
// It may give up on a stream that is sound, but what it decodes is what
// compress/flate does.
type peeker struct {
	in      []byte
	bits    uint64    // read and not yet used, the next is the lowest
	n       uint      // how many of these
	short   [128]byte // of the code for code lengths: by seven bits, symbol<<3 | length
	literal prefixCode
	offset  prefixCode
}

// need makes at least n bits ready, n being at most 48.
func (p *peeker) need(n uint) bool {
	if p.n >= n {
		return true
	}
	if len(p.in) >= 8 {
		p.bits |= binary.LittleEndian.Uint64(p.in) << p.n
		whole := (63 - p.n) / 8
		p.in = p.in[whole:]
		p.n += whole * 8
		return true // what is above stays, and comes again in its place
	}
	p.bits &= 1<<p.n - 1
	for p.n < n {
		if len(p.in) == 0 {
			return false
		}
		p.bits |= uint64(p.in[0]) << p.n
		p.in = p.in[1:]
		p.n += 8
	}
	return true
}

func (p *peeker) drop(n uint) { p.bits >>= n; p.n -= n }

// take gives the next n bits as a number, false if there are none left.
func (p *peeker) take(n uint) (int, bool) {
	if !p.need(n) {
		return 0, false
	}
	v := int(p.bits & (1<<n - 1))
	p.drop(n)
	return v, true
}

// peek fills dst with the first bytes of a stream that begins with in, and tells
// whether it could.
func (p *peeker) peek(in, dst []byte) bool {
	p.in, p.bits, p.n = in, 0, 0
	for done := 0; ; {
		header, ok := p.take(3)
		if !ok {
			return false
		}
		switch header >> 1 {
		case 0:
			done, ok = p.stored(dst, done)
		case 1:
			done, ok = p.block(fixed, nil, dst, done)
		case 2:
			if ok = p.codes(); ok {
				done, ok = p.block(&p.literal, &p.offset, dst, done)
			}
		default:
			return false
		}
		if done == len(dst) {
			return ok
		}
		if !ok || header&1 != 0 {
			return false
		}
	}
}

// stored copies a block without codes.
func (p *peeker) stored(dst []byte, done int) (int, bool) {
	p.drop(p.n % 8)
	length, ok := p.take(16)
	if !ok {
		return done, false
	}
	if complement, ok := p.take(16); !ok || complement != ^length&0xffff {
		return done, false
	}
	for ; length > 0 && done < len(dst); length-- {
		b, ok := p.take(8)
		if !ok {
			return done, false
		}
		dst[done] = byte(b)
		done++
	}
	return done, true
}

// symbol decodes one symbol.
func (p *peeker) symbol(c *prefixCode) (int, bool) {
	p.need(15)
	code, first := 0, 0
	for l := 1; l < 16 && uint(l) <= p.n; l++ {
		code |= int(p.bits >> (l - 1) & 1)
		count := int(c.count[l])
		if n := code - first; n < count {
			p.drop(uint(l))
			return c.nth(n, l), true
		}
		first = (first + count) << 1
		code <<= 1
	}
	return 0, false
}

// block decodes literals and repetitions until dst is full or the block ends.
// Without a code of its own, an offset has five bits.
func (p *peeker) block(literal, offset *prefixCode, dst []byte, done int) (int, bool) {
	for done < len(dst) {
		symbol, ok := p.symbol(literal)
		switch {
		case !ok:
			return done, false
		case symbol < 256:
			dst[done] = byte(symbol)
			done++
			continue
		case symbol == 256:
			return done, true
		}
		length, ok := p.extra(symbol-257, lengthBase[:], lengthExtra[:])
		if !ok {
			return done, false
		}
		if offset != nil {
			symbol, ok = p.symbol(offset)
		} else if symbol, ok = p.take(5); ok {
			symbol = int(bits.Reverse8(byte(symbol)) >> 3)
		}
		if !ok {
			return done, false
		}
		back, ok := p.extra(symbol, offsetBase[:], offsetExtra[:])
		if !ok || back > done {
			return done, false
		}
		for ; length > 0 && done < len(dst); length-- {
			dst[done] = dst[done-back]
			done++
		}
	}
	return done, true
}

// extra adds the bits that follow a symbol to what it stands for.
func (p *peeker) extra(i int, base []int, extra []uint) (int, bool) {
	if i >= len(base) {
		return 0, false
	}
	more, ok := p.take(extra[i])
	return base[i] + more, ok
}
