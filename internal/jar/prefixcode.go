package jar

import "math/bits"

// prefixCode is a canonical Huffman code: for each length the symbols whose
// codes have it, as a set and by their number.
type prefixCode struct {
	symbols [16][5]uint64
	count   [16]uint16
}

func (c *prefixCode) add(symbol int, length byte) {
	c.symbols[length&15][symbol>>6] |= 1 << (symbol & 63)
	c.count[length&15]++
}

// room is how many 15-bit codes are left over: 0 of a complete code, in which
// any bits are a symbol, and less than 0 if there are too many.
func (c *prefixCode) room() int {
	room := 1 << 15
	for l := 1; l < 16; l++ {
		room -= int(c.count[l]) << (15 - l)
	}
	return room
}

// nth gives the symbol of the nth code of a length.
func (c *prefixCode) nth(n, length int) int {
	for i, set := range c.symbols[length] {
		if k := bits.OnesCount64(set); n >= k {
			n -= k
			continue
		}
		for ; n > 0; n-- {
			set &= set - 1
		}
		return i<<6 + bits.TrailingZeros64(set)
	}
	return 0 // not reached: n is less than the count
}

// fixed is the code of literals and lengths for blocks that bring none.
var fixed = func() *prefixCode {
	c := &prefixCode{}
	for i := range 288 {
		switch {
		case i >= 144 && i < 256:
			c.add(i, 9)
		case i >= 256 && i < 280:
			c.add(i, 7)
		default:
			c.add(i, 8)
		}
	}
	return c
}()

// unused tells whether there is no code, or one that is not complete, as a block
// has it that needs none.
func (c *prefixCode) unused() bool {
	return c.room() == 1<<15 || c.room() == 1<<14 && c.count[1] == 1
}

// Of lengths and offsets only those that can occur within the first few bytes
// are known here; compress/flate is asked about others.
var (
	lengthBase  = [...]int{3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258}
	lengthExtra = [...]uint{0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0}
	offsetBase  = [...]int{1, 2, 3, 4, 5, 7}
	offsetExtra = [...]uint{0, 0, 0, 0, 1, 1}
)
