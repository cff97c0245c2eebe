package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// goFile is what the architecture test knows of a file.
type goFile struct {
	path      string // from the root of the module, with slashes
	imports   []string
	hasManual bool     // carries a package comment
	floats    []string // "float64 at line 12"
}

func (f goFile) folder() string { return path.Dir(f.path) }
func (f goFile) isTest() bool   { return strings.HasSuffix(f.path, "_test.go") }

func readHouse(t *testing.T, root string) []goFile {
	t.Helper()
	var files []goFile
	err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == ".git" || d.Name() == "testdata" || d.Name() == "node_modules") {
			return fs.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(name, ".go") {
			return nil
		}
		rel, err := filepath.Rel(root, name)
		if err != nil {
			return err
		}
		text, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		files = append(files, parse(t, filepath.ToSlash(rel), string(text)))
		return nil
	})
	if err != nil {
		t.Fatalf("read the module: %v", err)
	}
	return files
}

func parse(t *testing.T, name, text string) goFile {
	t.Helper()
	positions := token.NewFileSet()
	tree, err := parser.ParseFile(positions, name, text, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		t.Fatalf("parse: %v", err)
	}
	f := goFile{path: name, hasManual: tree.Doc != nil}
	for _, i := range tree.Imports {
		f.imports = append(f.imports, strings.Trim(i.Path.Value, `"`))
	}
	ast.Inspect(tree, func(n ast.Node) bool {
		id, ok := n.(*ast.Ident)
		if ok && slices.Contains([]string{"float32", "float64", "ParseFloat", "InexactFloat64"}, id.Name) {
			f.floats = append(f.floats, fmt.Sprintf("%s at line %d", id.Name, positions.Position(id.Pos()).Line))
		}
		return true
	})
	return f
}

// judge returns one sentence for each broken rule.
func judge(files []goFile) []string {
	var broken []string
	manuals, packages := map[string]bool{}, map[string]bool{}
	for _, f := range files {
		if f.isTest() {
			continue
		}
		packages[f.folder()] = true
		if path.Base(f.path) == "doc.go" && f.hasManual {
			manuals[f.folder()] = true
		}
		broken = append(broken, judgeImports(f)...)
		measures := strings.HasPrefix(f.path, "cmd/") || strings.HasPrefix(f.path, "ledger/ledgerbench/") ||
			strings.HasPrefix(f.path, "payments/papers/page/")
		if !measures { // seconds and ratios of a benchmark, millimetres of a sheet are no money
			for _, float := range f.floats {
				broken = append(broken, fmt.Sprintf("%s: %s: no float near money", f.path, float))
			}
		}
	}
	for folder := range packages {
		if _, known := levelOf(folder); !known {
			broken = append(broken, folder+" has no level: give it its place in the map")
		}
		if !manuals[folder] {
			broken = append(broken, folder+" has no doc.go with a package comment")
		}
	}
	slices.Sort(broken)
	return broken
}

func judgeImports(f goFile) []string {
	var broken []string
	own, _ := levelOf(f.folder())
	for _, imported := range f.imports {
		ours, isOurs := strings.CutPrefix(imported, "masp/")
		level, _ := levelOf(ours)
		switch {
		case isOurs && forTests(ours) && !forTests(f.folder()):
			broken = append(broken, f.path+" imports "+ours+", which is for tests only")
		case isOurs && level >= own:
			broken = append(broken, fmt.Sprintf("%s (level %d) imports %s (level %d): only lower levels may be imported",
				f.path, own, ours, level))
		case !isOurs:
			broken = append(broken, judgeDoor(f, imported)...)
		}
	}
	return broken
}

// forTests tells a package that only tests use, and packages like itself: its name says so.
func forTests(folder string) bool { return strings.HasSuffix(folder, "test") }

func judgeDoor(f goFile, imported string) []string {
	for dependency, places := range doors {
		if imported != dependency && !strings.HasPrefix(imported, dependency+"/") || imported == "database/sql/driver" {
			continue
		}
		for _, place := range places {
			if enters(f.path, place) {
				return nil
			}
		}
		return []string{fmt.Sprintf("%s: %s may enter only by %s", f.path, imported, strings.Join(places, ", "))}
	}
	if first, _, _ := strings.Cut(imported, "/"); strings.Contains(first, ".") {
		return []string{fmt.Sprintf("%s: the dependency %s has no door: give it one, with its reason", f.path, imported)}
	}
	return nil // the standard library
}

func enters(file, place string) bool {
	if strings.HasSuffix(place, "/") {
		return strings.HasPrefix(file, place)
	}
	match, err := path.Match(place, path.Base(file))
	return file == place || err == nil && match
}

func levelOf(folder string) (int, bool) {
	if level, known := levels[folder]; known {
		return level, true
	}
	for _, many := range []string{"cmd/masp/internal/", "api/pages/"} {
		if strings.HasPrefix(folder, many) {
			return levels[many+"..."], true
		}
	}
	return 0, false
}
