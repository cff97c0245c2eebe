// Package browsertest reads the pages as people do: the real program with the invented organisation of
// `masp demo --open`, in a real browser (Debian's chromium), at the widths of a telephone and of a desk,
// judged by axe-core; and walks the ways of a coordinator, of whoever signs, and of a person.
//
// It needs chromium and the npm project of this folder (npm ci). Without them its tests say that they skip;
// in CI they fail instead. -short leaves them out: nothing here is about data races.
//
//	go test ./api/browsertest                       every address once, at the width of a telephone
//	CI=true go test ./api/browsertest               at 320, 360 and 1280 px
//	go test ./api/browsertest -run Pictures -pictures DIR   the pictures of the key pages
package browsertest
