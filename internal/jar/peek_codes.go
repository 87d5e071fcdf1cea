package jar

import (
	"encoding/binary"
	"math/bits"
)

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
			last = symbol
			p.add(i, literals, symbol) // also for none, as no branch foresees these
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
