package cache

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"io"
)

// An entry is a head and the data. The head: magic, kind, key, length of the data, checksum of all of that.
const (
	magic    = "pinvet1"
	headSize = len(magic) + 1 + sha256.Size + 8 + sha256.Size
)

// encode makes the parts of an entry.
func encode(kind Kind, key Key, data []byte) [][]byte {
	head := headOf(kind, key, len(data))
	sum := sumOf(head, data)
	return [][]byte{append(head, sum[:]...), data}
}

// decode reads an entry of that size; false if it is not what was asked for, or not whole.
func decode(r io.Reader, size int64, kind Kind, key Key) ([]byte, bool) {
	if size < int64(headSize) {
		return nil, false
	}
	all := make([]byte, size)
	if _, err := io.ReadFull(r, all); err != nil {
		return nil, false
	}
	head, data := all[:headSize-sha256.Size], all[headSize:]
	if !bytes.Equal(head, headOf(kind, key, len(data))) {
		return nil, false
	}
	sum := sumOf(head, data)
	return data, bytes.Equal(sum[:], all[headSize-sha256.Size:headSize])
}

// headOf is the head without the checksum.
func headOf(kind Kind, key Key, n int) []byte {
	head := make([]byte, 0, headSize)
	head = append(head, magic...)
	head = append(head, byte(kind))
	head = append(head, key[:]...)
	return binary.LittleEndian.AppendUint64(head, uint64(n))
}

func sumOf(head, data []byte) (sum [sha256.Size]byte) {
	h := sha256.New()
	h.Write(head)
	h.Write(data)
	h.Sum(sum[:0])
	return sum
}
