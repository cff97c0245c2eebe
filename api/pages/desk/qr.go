package desk

import (
	"fmt"
	"strings"

	"rsc.io/qr"
)

// quiet is the white border that a reader of such pictures needs, in squares.
const quiet = 4

// square is the picture of an address that a telephone reads: black squares on white, as a drawing that stays
// sharp on paper and needs no script.
type square struct {
	Side int    // squares, with the border
	Path string // of the black ones
}

// squareOf draws an address. A sixth of the picture may be dirty or folded (level M).
func squareOf(address string) (square, error) {
	code, err := qr.Encode(address, qr.M)
	if err != nil {
		return square{}, fmt.Errorf("draw an address: %w", err)
	}
	var path strings.Builder
	for y := range code.Size {
		for x := 0; x < code.Size; x++ {
			from := x
			for x < code.Size && code.Black(x, y) {
				x++
			}
			if x > from {
				_, _ = fmt.Fprintf(&path, "M%d %dh%dv1h-%dz", from+quiet, y+quiet, x-from, x-from) // memory takes all
			}
		}
	}
	return square{Side: code.Size + 2*quiet, Path: path.String()}, nil
}
