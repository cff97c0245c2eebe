package run

import (
	"context"
	"net/http"
	"net/url"
	"slices"

	"masp/api/auth"
	"masp/api/pages"
)

// filed is the page of the files of a run.
type filed struct {
	review
	Files                 []fileShown
	Make, HandOver, Fetch bool
	Stop                  bool // a payment may still be stopped
	Next                  string
}

// fileShown is a file with the way to its bytes.
type fileShown struct {
	file
	Content  string
	VoidPath string // where it is made void; empty when it cannot be any more
	State    string
}

func showFiles(ctx context.Context, v *pages.Visit) error {
	r, err := readReview(ctx, v)
	if err != nil {
		return err
	}
	return showFilesOf(ctx, v, r)
}

// showFilesOf shows the files; of those that have left, who has fetched them.
func showFilesOf(ctx context.Context, v *pages.Visit, r review) error {
	may := v.May(auth.FileRuns)
	data := filed{
		review: r, Fetch: v.May(auth.FetchFiles), Next: nextOf(r),
		Make: may && r.State == "approved" && len(livingFiles(r.Files)) > 0, HandOver: may && r.State == "filed",
		Stop: may && (r.State == "approved" || r.State == "filed"),
	}
	for _, f := range r.Files {
		shown := fileShown{file: f, State: stateOf(f)}
		address := "/v1/payment_files/" + url.PathEscape(f.Name)
		if !f.ReleasedAt.IsZero() {
			if err := v.Read(ctx, address, &shown.file); err != nil {
				return err
			}
			shown.Content = address + "/content"
		}
		if may && !f.Void && f.HandedAt.IsZero() && r.approved() {
			shown.VoidPath = r.Path() + "/fichiers/" + url.PathEscape(f.Name) + "/sans-valeur"
		}
		data.Files = append(data.Files, shown)
	}
	return v.Show("campagne_fichiers.html", pages.Sheet{Title: "Fichiers de virements, " + r.Run, Data: data, Back: r.Path()})
}

var answers = map[string]string{
	"ACCEPTED": "Accepté par la banque", "PARTLY": "Accepté en partie par la banque", "REJECTED": "Refusé par la banque",
}

// stateOf is where a file stands.
func stateOf(f file) string {
	switch {
	case f.Void:
		return "Sans valeur"
	case f.Answer != "":
		return answers[f.Answer]
	case !f.HandedAt.IsZero():
		return "Remis à la banque"
	case !f.ReleasedAt.IsZero():
		return "À remettre à la banque"
	}
	return "Prêt, pas encore créé"
}

// Told tells that the bank has the file: nobody needs its bytes for her any more.
func (f fileShown) Told() bool { return !f.HandedAt.IsZero() || f.Answer != "" }

// Reason tells that whoever fetches the file again says why.
func (f fileShown) Reason() bool { return len(f.Downloads) > 0 }

func makeFiles(ctx context.Context, v *pages.Visit) error {
	return onFiles(ctx, v, askOf(v, "/files"), nil, "Le fichier est créé. Téléchargez-le, puis remettez-le à la banque.")
}

func handOver(ctx context.Context, v *pages.Visit) error {
	return onFiles(ctx, v, askOf(v, "/hand_overs"), nil, "La campagne est remise à la banque.")
}

// voidField is where the reason of a file is typed: each file has its own.
func voidField(name string) string { return "raison-" + name }

// VoidField is where the reason is typed.
func (f fileShown) VoidField() string { return voidField(f.Name) }

// voidFile makes a file worthless; another one replaces it.
func voidFile(ctx context.Context, v *pages.Visit) error {
	r, err := readReview(ctx, v)
	if err != nil {
		return err
	}
	name := v.Path("file")
	if !slices.ContainsFunc(r.Files, func(f file) bool { return f.Name == name }) {
		return notFound()
	}
	reason := v.Form.Need(voidField(name), "Dites pourquoi ce fichier ne vaut plus rien.")
	if reason == "" {
		return showFilesOf(ctx, v, r)
	}
	return onFiles(ctx, v, "/v1/payment_files/"+url.PathEscape(name)+"/voidings", map[string]string{"reason": reason},
		"Le fichier est sans valeur. Un autre le remplace.")
}

// onFiles does an act and comes back to the files.
func onFiles(ctx context.Context, v *pages.Visit, target string, body any, said string) error {
	r, err := readReview(ctx, v)
	if err != nil {
		return err
	}
	if _, err := v.Act(ctx, http.MethodPost, target, body, ""); err != nil {
		return refusedOn(v, r, err, func(v *pages.Visit, r review) error { return showFilesOf(ctx, v, r) })
	}
	return v.Done(r.Path()+"/fichiers", said)
}
