package dbtest

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

// Turns are those of a package with many tests that each furnish a database. By default one test in so many of
// each file is done, and one at least, so that nothing which has a file goes untried; what is left out has its
// turn another day. CI does them all, and so does who names tests with -run.
type Turns struct {
	OneIn int
	Doors []string // the functions that call Take; a test that calls neither them nor Take by name is always done
	Whole []string // files that are always done whole: what keeps money right

	once   sync.Once
	places map[string]place
}

// place is that of a test among those of its file that take turns.
type place struct {
	file   string
	at, of int
}

// Take leaves out a test whose turn it is not. It is called before anything is made. What runs inside another
// test is never left out by itself: the other calls Take, or counts on it.
func (d *Turns) Take(t testing.TB) {
	t.Helper()
	if named() || Form(d.OneIn, 1, 1) == 1 || strings.Contains(t.Name(), "/") {
		return
	}
	d.once.Do(func() { d.places = d.read(t) })
	if !d.comes(t.Name()) {
		t.Skipf("not the turn of this test, which comes one time in %d: all are done with CI, MASP_LONG or -run", d.OneIn)
	}
}

// comes tells whether it is the turn of a test.
func (d *Turns) comes(name string) bool {
	p, ok := d.places[name]
	if !ok || slices.Contains(d.Whole, p.file) {
		return true
	}
	stride := min(d.OneIn, p.of)
	return p.at%stride == newLot(p.file, stride).First()
}

// read finds the tests of the package that pass one of the doors, by their source.
func (d *Turns) read(t testing.TB) map[string]place {
	t.Helper()
	files, err := filepath.Glob("*_test.go")
	if err != nil || len(files) == 0 {
		t.Fatalf("the turns of tests are read from their source: got %d files, %v", len(files), err)
	}
	places := map[string]place{}
	for _, file := range files {
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		var waiting []string
		for _, decl := range parsed.Decls {
			f, ok := decl.(*ast.FuncDecl)
			if ok && f.Recv == nil && strings.HasPrefix(f.Name.Name, "Test") && d.passed(f.Body) {
				waiting = append(waiting, f.Name.Name)
			}
		}
		for i, name := range waiting {
			places[name] = place{file: file, at: i, of: len(waiting)}
		}
	}
	return places
}

// passed tells whether a function calls a door, or Take itself.
func (d *Turns) passed(body *ast.BlockStmt) (yes bool) {
	ast.Inspect(body, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok {
			switch f := call.Fun.(type) {
			case *ast.Ident:
				yes = yes || slices.Contains(d.Doors, f.Name)
			case *ast.SelectorExpr:
				yes = yes || f.Sel.Name == "Take"
			}
		}
		return !yes
	})
	return yes
}
