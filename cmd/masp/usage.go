package main

import (
	"bytes"
	"errors"
	"strings"

	"github.com/alecthomas/kong"

	"masp/ledger/chain"
	"masp/ledger/civil"
)

// helpWords are the words of the parser's own help, which knows English only.
var helpWords = strings.NewReplacer(
	"Usage: ", "Emploi : ", "Flags:", "Options :", "Commands:", "Commandes :", "Arguments:", "Arguments :",
	"[flags]", "[options]", "<command>", "COMMANDE", "Show context-sensitive help.", "Montre cette aide.",
	`Run "masp COMMANDE --help" for more information on a command.`, "« masp COMMANDE --help » dit tout d'une commande.",
	`Run "masp <command> --help" for more information on a command.`, "« masp COMMANDE --help » dit tout d'une commande.",
)

// printHelp prints the parser's help in French.
func printHelp(options kong.HelpOptions, ctx *kong.Context) error {
	var english bytes.Buffer
	out := ctx.Stdout
	ctx.Stdout = &english
	err := kong.DefaultHelpPrinter(options, ctx)
	ctx.Stdout = out
	if err != nil {
		return err
	}
	_, err = helpWords.WriteString(out, english.String())
	return err
}

// frenchUsage says what is wrong in the command line.
func frenchUsage(err error) string {
	var own interface {
		error
		French() string
	}
	if errors.As(err, &own) {
		return own.French()
	}
	var noDay *civil.RangeError
	if errors.Is(err, civil.ErrSyntax) || errors.As(err, &noDay) {
		flag, _, _ := strings.Cut(err.Error(), ":")
		return flag + " : un jour s'écrit AAAA-MM-JJ (2026-11-05), un mois AAAA-MM (2026-11), et doit exister."
	}
	if errors.Is(err, chain.ErrSyntax) {
		flag, _, _ := strings.Cut(err.Error(), ":")
		return flag + " : une empreinte a 64 caractères, de 0 à 9 et de a à f. Recopiez-la de « masp run show --json »."
	}
	var parse *kong.ParseError
	if !errors.As(err, &parse) {
		return err.Error()
	}
	text := err.Error()
	if flag, after, found := strings.Cut(text, ": expected "); found && strings.Contains(after, " value but got ") {
		return flag + " : il manque une valeur."
	}
	if flag, after, found := strings.Cut(text, ": expected a valid "); found {
		if _, got, found := strings.Cut(after, " but got "); found {
			return flag + " : un nombre entier (et non " + strings.Trim(got, `"`) + ")."
		}
	}
	if flag, after, found := strings.Cut(text, " must be one of "); found {
		if values, got, found := strings.Cut(after, " but got "); found {
			values = strings.ReplaceAll(strings.ReplaceAll(values, `"`, ""), ",", ", ")
			return flag + " : une valeur parmi " + strings.TrimSuffix(values, ", ") + " (et non " + strings.Trim(got, `"`) + ")."
		}
	}
	for _, w := range []struct{ english, french string }{
		{"unknown flag ", "option inconnue : "},
		{"unexpected argument ", "argument inattendu : "},
		{"missing flags: ", "il manque : "},
		{"expected one of ", "il faut une de ces commandes : "},
		{"expected ", "il manque : "},
		{", did you mean ", ". Vouliez-vous dire : "},
	} {
		text = strings.ReplaceAll(text, w.english, w.french)
	}
	return text
}
