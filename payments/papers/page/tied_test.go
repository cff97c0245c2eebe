package page

import (
	"testing"
)

func TestSignsStayOnTheLineOfTheirWord(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, html, want string }{
		{"in a sentence", `<p>C'est quoi ? Ceci : « oui » ; non !</p>`, "<p>C'est quoi\u202f? Ceci\u00a0: «\u00a0oui\u00a0»\u202f; non\u202f!</p>"},
		{"behind an element", `<b>Jeudi</b> : 12,00 € ✔`, "<b>Jeudi</b>\u00a0: 12,00\u00a0€\u00a0✔"},
		{"a day", `<p>Jeudi 10 décembre 2026.</p>`, "<p>Jeudi 10\u00a0décembre 2026.</p>"},
		{"not in an attribute", `<input value="a : b" title="c ?"><p>d ?</p>`, "<input value=\"a : b\" title=\"c ?\"><p>d\u202f?</p>"},
		{"not in what was typed", `<textarea name="x">a ? b</textarea> !`, "<textarea name=\"x\">a ? b</textarea>\u202f!"},
		{"not in code", `<code>a : b</code>`, `<code>a : b</code>`},
		{"not in a style", `<style>a > b { content: " : " }</style>`, `<style>a > b { content: " : " }</style>`},
		{"an end without a tag", `a ?`, "a\u202f?"},
		{"a tag without an end", `a <b`, `a <b`},
		{"nothing", ``, ``},
	} {
		if got := string(TiedHTML([]byte(c.html))); got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
}
