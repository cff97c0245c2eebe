package v1

import (
	"errors"
	"net/http"
	"strings"

	"masp/api"
	"masp/api/contract"
	"masp/payments/mandates"
	"masp/payments/mandates/load"
)

// explainRules explains the rules of the domain that a dossier breaks, all of them at once.
func explainRules(err error) *api.Fault {
	if refused, ok := errors.AsType[*load.Error](err); ok {
		f := &api.Fault{Status: http.StatusUnprocessableEntity, Code: "load_refused", Detail: contract.Text{
			French:  "Corrigez chaque point de la liste : rien n'a été écrit.",
			English: "Correct each point of the list: nothing was written.",
		}}
		for _, p := range refused.Problems {
			f.Problems = append(f.Problems, contract.Problem{
				Pointer: p.Place, Code: strings.ToLower(p.Code), Text: contract.Text{French: withoutCommand(p.French), English: plainWords(p.Code)},
			})
		}
		return f
	}
	broken, ok := errors.AsType[mandates.Violations](err)
	if one, single := errors.AsType[*mandates.Violation](err); !ok && single {
		broken = mandates.Violations{one}
	}
	if len(broken) == 0 {
		return nil
	}
	f := &api.Fault{Status: http.StatusUnprocessableEntity, Code: strings.ToLower(broken[0].Code), Detail: contract.Text{
		French: withoutCommand(broken[0].French), English: plainWords(broken[0].Code),
	}}
	for _, v := range broken {
		f.Problems = append(f.Problems, contract.Problem{
			Code: strings.ToLower(v.Code), Text: contract.Text{French: withoutCommand(v.French), English: plainWords(v.Code) + " (" + v.Rule + ")"},
		})
	}
	return f
}

// plainWords are the words of a code as a sentence.
func plainWords(code string) string {
	return sentence(strings.ToLower(strings.ReplaceAll(code, "_", " ")))
}

// inBody tells a reference of the body that names nothing from one of the path.
func inBody(err, missing error, pointer string) error {
	if !errors.Is(err, missing) {
		return err
	}
	return unknownAt(pointer)
}
