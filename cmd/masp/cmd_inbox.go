package main

import (
	"context"
	"errors"
	"os"
	"strings"
	"time"

	"masp/api/auth"
	"masp/imports/inbox"
)

// errNoSource is a look into nothing.
var errNoSource = errors.New("set MASP_INBOX or MASP_SFTP_URL")

// sourceFlags say where the bank puts its files.
type sourceFlags struct {
	Server       string        `name:"sftp" env:"MASP_SFTP_URL" help:"Serveur SFTP de la banque : sftp://UTILISATEUR@SERVEUR/DOSSIER." placeholder:"ADRESSE"`
	HostKey      string        `name:"sftp-host-key" env:"MASP_SFTP_HOST_KEY" help:"Empreinte de sa clé (ssh-keygen -l) : SHA256:… ; plusieurs séparées par des virgules." placeholder:"EMPREINTE"`
	KeyFile      string        `name:"sftp-key-file" env:"MASP_SFTP_KEY_FILE" help:"Fichier de notre clé privée." placeholder:"FICHIER"`
	PasswordFile string        `name:"sftp-password-file" env:"MASP_SFTP_PASSWORD_FILE" help:"Fichier du mot de passe, s'il en faut un." placeholder:"FICHIER"`
	Settle       time.Duration `env:"MASP_INBOX_SETTLE" default:"10s" help:"Temps pendant lequel un fichier ne doit plus changer avant d'être lu." placeholder:"DURÉE"`
	Rest         time.Duration `env:"MASP_INBOX_REST" default:"10m" help:"Temps pendant lequel un fichier refusé ne doit plus changer avant d'être rangé : sa fin arrive peut-être." placeholder:"DURÉE"`
}

// sources are the places to look at; each call makes new ones.
func (f sourceFlags) sources(settings Settings) ([]inbox.Source, error) {
	var all []inbox.Source
	if settings.Inbox != "" {
		all = append(all, &inbox.Folder{Dir: settings.Inbox})
	}
	if f.Server == "" {
		return all, nil
	}
	where, err := inbox.ParseServer(f.Server)
	if err != nil {
		return nil, err
	}
	key, err := secretFile(f.KeyFile)
	if err != nil {
		return nil, err
	}
	password, err := secretFile(f.PasswordFile)
	if err != nil {
		return nil, err
	}
	server, err := inbox.NewSFTP(where, f.HostKey, key, strings.TrimRight(string(password), "\r\n"))
	if err != nil {
		return nil, err
	}
	return append(all, server), nil
}

// secretFile reads a secret that nobody else may read; nothing when there is no file.
func secretFile(path string) ([]byte, error) {
	if path == "" {
		return nil, nil
	}
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if info.Mode().IsRegular() && info.Mode().Perm()&0o044 != 0 {
		return nil, &openSecretError{path}
	}
	return os.ReadFile(path)
}

// openSecretError is a key or a password that others may read.
type openSecretError struct{ path string }

func (e *openSecretError) Error() string { return "the secret file is readable by others" }

// French says how to close it.
func (e *openSecretError) French() string {
	return "Le fichier « " + e.path + " » peut être lu par d'autres que vous : chmod 600 '" + e.path + "'."
}

// boxOf is a box on a source, with the services of the house.
func (h *house) boxOf(source inbox.Source, f sourceFlags) *inbox.Box {
	return &inbox.Box{
		Source: source, Import: h.imports, Tell: &inbox.Store{DB: h.db}, Clock: time.Now,
		Settle: f.Settle, Rest: f.Rest,
	}
}

type inboxCommand struct {
	sourceFlags
	Now bool `help:"Prend aussi les fichiers qui viennent d'arriver, sans attendre qu'ils reposent."`
}

// Run looks once into each source, by hand, under the same lease as the service.
func (c *inboxCommand) Run(s *session) error {
	sources, err := c.sources(s.settings)
	if err != nil {
		return err
	}
	if len(sources) == 0 {
		return errNoSource
	}
	return s.with(func(h *house) error {
		looks := map[string]inbox.Look{}
		for _, source := range sources {
			look, err := c.look(s, h, source)
			if err != nil {
				return err
			}
			looks[source.Name()] = look
			printLook(s.out, look)
		}
		released, err := h.imports.RetryHeld(s.ctx, auth.Operator)
		if err != nil {
			return err
		}
		printReleased(s.out, released)
		if _, err := h.worklist.LateStatements(s.ctx); err != nil {
			return err
		}
		return errors.Join(s.out.data(looks, func() {}), lookVerdict(looks))
	})
}

// look is one look, and a second one when files have to rest first.
func (c *inboxCommand) look(s *session, h *house, source inbox.Source) (look inbox.Look, err error) {
	flags := c.sourceFlags
	if c.Now {
		flags.Settle, flags.Rest = 0, 0
	}
	settle, box := flags.Settle, h.boxOf(source, flags)
	jobs := &inbox.Jobs{Log: &inbox.Store{DB: h.db}}
	ran, err := jobs.Run(s.ctx, inbox.Job{Name: source.Name(), Limit: lookLimit}, func(ctx context.Context) (t inbox.Tally, err error) {
		look, err = box.Look(ctx)
		if err == nil && look.Waiting > 0 && settle > 0 {
			s.out.say("%s : un instant, jusqu'à ce qu'ils ne changent plus.", plural(look.Waiting, "fichier arrive", "fichiers arrivent"))
			select {
			case <-time.After(settle):
			case <-ctx.Done():
				return t, ctx.Err()
			}
			look, err = box.Look(ctx)
		}
		t.Count(look)
		return t, err
	})
	if err == nil && !ran {
		s.out.say("Un autre processus regarde déjà cette source.")
	}
	return look, err
}

func printLook(out *printer, look inbox.Look) {
	for _, f := range look.Files {
		if f.Booked || f.Kept {
			printOutcome(out, f.Name, f.Outcome)
		}
		switch {
		case f.Kept:
			out.print("  laissé où il est : sa fin arrive peut-être (masp inbox --now le range).")
		case f.Error != "":
			out.print("  %s  %s : %s", out.yellow("à revoir"), f.Name, f.Error)
		default:
			out.print("  rangé : %s/%s", f.Place, f.Saved)
		}
	}
	for _, name := range look.Left {
		out.print("%s n'est pas un fichier ordinaire et entier : laissé où il est.", name)
	}
	if len(look.Files) == 0 {
		out.say("Aucun fichier à lire.")
	}
}

func lookVerdict(looks map[string]inbox.Look) error {
	for _, look := range looks {
		for _, f := range look.Files {
			if f.Error != "" || f.Place != inbox.Taken {
				return errFound
			}
		}
	}
	return nil
}
