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

// order is in which the lengths of the code for code lengths are written.
var order = [19]byte{16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15}

// codes reads the codes that a block brings.
func (p *peeker) codes() bool {
	sizes, ok := p.take(14)
	literals, offsets, n := sizes&31+257, sizes>>5&31+1, sizes>>10+4
	if !ok || literals > 286 || offsets > 30 || !p.codeLengths(n) {
		return false
	}
	p.literal, p.offset = prefixCode{}, prefixCode{}
	if !p.lengths(literals, literals+offsets) {
		return false
	}
	return p.literal.room() == 0 && (p.offset.room() == 0 || p.offset.unused())
}

// lengths reads the lengths of all codes, the literals' first. It is where a
// peek spends its time, so the state is in variables of its own.
func (p *peeker) lengths(literals, all int) bool {
	in, window, n := p.in, p.bits, p.n
	var last byte // the length before
	for i := 0; i < all; {
		if n < 14 { // for the longest code and its extra bits
			if len(in) >= 8 {
				window |= binary.LittleEndian.Uint64(in) << n
				whole := (63 - n) / 8
				in = in[whole:]
				n += whole * 8
			} else {
				p.in, p.bits, p.n = in, window, n
				p.need(14)
				in, window, n = p.in, p.bits, p.n
			}
		}
		code := p.short[window&127]
		used := uint(code & 7)
		symbol := code >> 3
		if symbol < 16 {
			if used > n {
				return false
			}
			window, n = window>>used, n-used
			if last = symbol; symbol != 0 {
				p.add(i, literals, symbol)
			}
			i++
			continue
		}
		r := repeats[symbol&3]
		if used+r.bits > n || symbol == 16 && i == 0 {
			return false
		}
		repeat := r.least + int(window>>used&(1<<r.bits-1))
		window, n = window>>(used+r.bits), n-used-r.bits
		if repeat > all-i {
			return false
		}
		if symbol > 16 {
			last = 0
		}
		if last == 0 {
			i += repeat
			continue
		}
		for ; repeat > 0; repeat-- {
			p.add(i, literals, last)
			i++
		}
	}
	p.in, p.bits, p.n = in, window, n
	return true
}

// repeats are the symbols 16, 17 and 18 of the code for code lengths.
var repeats = [4]struct {
	bits  uint
	least int
}{{2, 3}, {3, 3}, {7, 11}}

func (p *peeker) add(i, literals int, length byte) {
	if i < literals {
		p.literal.add(i, length)
	} else {
		p.offset.add(i-literals, length)
	}
}

// codeLengths reads the code in which the lengths of the other two are written.
func (p *peeker) codeLengths(n int) bool {
	var lengths [19]byte
	for _, symbol := range order[:n] {
		l, ok := p.take(3)
		if !ok {
			return false
		}
		lengths[symbol] = byte(l)
	}
	var count [8]int
	for _, l := range lengths {
		count[l]++
	}
	count[0] = 0
	var next [8]int
	room := 128
	for l := 1; l < 8; l++ {
		next[l] = (next[l-1] + count[l-1]) << 1
		room -= count[l] << (7 - l)
	}
	if room != 0 {
		return false
	}
	for symbol, l := range lengths {
		if l == 0 {
			continue
		}
		for i := int(bits.Reverse8(byte(next[l])) >> (8 - l)); i < 128; i += 1 << l {
			p.short[i] = byte(symbol)<<3 | l
		}
		next[l]++
	}
	return true
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
