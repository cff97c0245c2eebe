package desk

import (
	"fmt"
	"image"
	"image/color"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// What is drawn on a card is read by a program that is not ours.
func TestATelephoneReadsTheAddressOfACard(t *testing.T) {
	t.Parallel()
	reader, err := exec.LookPath("zbarimg")
	if err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("in CI zbarimg must be there: apt-get install zbar-tools")
		}
		t.Skip("zbarimg is not there: apt-get install zbar-tools")
	}
	for _, address := range []string{
		"http://127.0.0.1:8080/carte/ABCD-EFGH-JKMN",
		"https://comptes.une-association-au-nom-long.example.org:8443/carte/2345-6789-ABCD",
	} {
		picture, err := squareOf(address)
		if err != nil {
			t.Fatal(err)
		}
		file := filepath.Join(t.TempDir(), "carte.png")
		paint(t, picture, file)
		out, err := exec.CommandContext(t.Context(), reader, "--quiet", "--raw", file).Output()
		if got := strings.TrimSpace(string(out)); err != nil || got != address {
			t.Errorf("read %q, want %q (%v)", got, address, err)
		}
	}
}

var bar = regexp.MustCompile(`^M(\d+) (\d+)h(\d+)v1h-(\d+)z`)

// paint draws the path as a browser does.
func paint(t *testing.T, s square, file string) {
	t.Helper()
	const scale = 6
	img := image.NewGray(image.Rect(0, 0, s.Side*scale, s.Side*scale))
	for i := range img.Pix {
		img.Pix[i] = 255
	}
	for rest := s.Path; rest != ""; {
		m := bar.FindStringSubmatch(rest)
		if m == nil || m[3] != m[4] {
			t.Fatalf("the path goes on with %.40s", rest)
		}
		rest = rest[len(m[0]):]
		for x := number(t, m[1]) * scale; x < (number(t, m[1])+number(t, m[3]))*scale; x++ {
			for y := range scale {
				img.SetGray(x, number(t, m[2])*scale+y, color.Gray{})
			}
		}
	}
	f, err := os.Create(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := png.Encode(f, img); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(fmt.Errorf("write the picture: %w", err))
	}
}

func number(t *testing.T, digits string) int {
	t.Helper()
	n, err := strconv.Atoi(digits)
	if err != nil {
		t.Fatal(err)
	}
	return n
}
