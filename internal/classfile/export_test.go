package classfile

// Pool returns what the last file's constant pool was found to be: where its
// constants begin in the data, and where it ends.
func (d *Decoder) Pool() (begins []uint32, data []byte, end int) { return d.pool, d.buf, d.poolEnd }
