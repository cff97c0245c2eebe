package api

import (
	"bytes"
	_ "embed"
	"html/template"
	"net/http"
	"regexp"
	"strings"

	"github.com/labstack/echo/v4"

	"masp/api/contract"
)

// The page behind the type of a problem (RFC 9457): what its code means, in both languages. The codes
// of rules are many and say themselves what they are; their page tells how to read a problem.

//go:embed problem_page.html
var problemPageText string

var problemPage = template.Must(template.New("problem").Parse(problemPageText))

// meanings are the codes of this package whose status says too little.
var meanings = map[string]contract.Text{
	"invalid_request": {
		French:  "La liste « errors » nomme chaque point à corriger et sa place.",
		English: "The list “errors” names each point to correct and its place.",
	},
	"key_reused": {
		French:  "Une clé d'idempotence sert à un seul envoi : prenez-en une nouvelle.",
		English: "An idempotency key is for one request: take a new one.",
	},
	"stale": {
		French:  "Relisez la chose, puis renvoyez son nouvel ETag dans If-Match.",
		English: "Read the thing again, then send its new ETag in If-Match.",
	},
	"step_up_required": {
		French:  "Prouvez de nouveau votre second facteur (POST /v1/proofs), puis recommencez.",
		English: "Prove your second factor again (POST /v1/proofs), then try again.",
	},
	"same_person": {
		French:  "Qui prépare ne signe pas : une autre personne doit le faire.",
		English: "Who prepares does not sign: another person must.",
	},
	"not_found": {
		French:  "Cela n'existe pas, ou n'est pas à vous : la réponse est la même.",
		English: "It does not exist, or is not yours: the answer is the same.",
	},
}

var problemCode = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,99}$`)

// explain serves the page of a code.
func (s *Server) explain(c echo.Context) error {
	name := c.Param("code")
	if !problemCode.MatchString(name) {
		return NotFound()
	}
	meaning, known := meanings[strings.ReplaceAll(name, "-", "_")]
	if !known {
		meaning = contract.Text{
			French:  "Le champ « detail » de la réponse dit ce qui s'oppose et que faire.",
			English: "The field “detail” of the answer says what is against it and what to do.",
		}
	}
	var b bytes.Buffer
	err := problemPage.Execute(&b, struct{ Code, French, English string }{
		strings.ReplaceAll(name, "-", "_"), meaning.French, meaning.English,
	})
	if err != nil {
		return err
	}
	return c.Blob(http.StatusOK, echo.MIMETextHTMLCharsetUTF8, b.Bytes())
}
