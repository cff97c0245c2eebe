package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// Settings are what the operator decides; flags win over the environment.
type Settings struct {
	DatabaseURL     string `env:"MASP_DATABASE_URL" help:"Base de données, rôle applicatif. Vide : un PostgreSQL privé que le programme lance lui-même." placeholder:"URL"`
	DatabaseURLFile string `env:"MASP_DATABASE_URL_FILE" help:"Fichier qui contient cette adresse, lisible par vous seul." placeholder:"FICHIER"`
	OwnerURL        string `env:"MASP_OWNER_URL" help:"Base de données, rôle propriétaire (migrations et horloge de test seulement)." placeholder:"URL"`
	OwnerURLFile    string `env:"MASP_OWNER_URL_FILE" help:"Fichier qui contient cette adresse, lisible par vous seul." placeholder:"FICHIER"`
	BaseURL         string `env:"MASP_BASE_URL" help:"Adresse publique du service, en https." placeholder:"URL"`
	SecretFile      string `env:"MASP_SECRET_FILE" help:"Fichier de la clé qui chiffre les secrets gardés en base, lisible par vous seul." placeholder:"FICHIER"`
	OldSecretFile   string `env:"MASP_OLD_SECRET_FILE" help:"Fichier de la clé d'avant, lue encore jusqu'à « masp user rekey »." placeholder:"FICHIER"`
	Inbox           string `env:"MASP_INBOX" help:"Dossier où la banque dépose ses fichiers." placeholder:"DOSSIER"`
	Outbox          string `env:"MASP_OUTBOX" help:"Dossier où sortent les fichiers de virements." placeholder:"DOSSIER"`
	Seals           string `env:"MASP_SEALS" help:"Dossier des sceaux du jour ; par défaut seals dans le dossier d'état." placeholder:"DOSSIER"`
	SealsCopy       string `env:"MASP_SEALS_COPY" help:"Second lieu des sceaux, hors de cette machine : un dossier monté d'ailleurs." placeholder:"DOSSIER"`
	StateDir        string `env:"MASP_STATE_DIR" help:"Dossier du PostgreSQL privé ; par défaut /var/lib/masp pour root, ~/.local/state/masp sinon." placeholder:"DOSSIER"`
	TokenFile       string `env:"MASP_TOKEN_FILE" help:"Fichier qui contient votre jeton personnel (ou MASP_TOKEN)." placeholder:"FICHIER"`

	OIDC OIDCSettings `embed:"" prefix:"oidc-"`
}

// private tells whether the program runs its own PostgreSQL.
func (s Settings) private() bool { return s.DatabaseURL == "" }

// stateDir is where the private cluster and the default folders live (decisions 8).
func (s Settings) stateDir() (string, error) {
	if s.StateDir != "" {
		return filepath.Abs(s.StateDir)
	}
	if os.Geteuid() == 0 {
		return "/var/lib/masp", nil
	}
	if dir := os.Getenv("XDG_STATE_HOME"); dir != "" {
		return filepath.Join(dir, "masp"), nil
	}
	home, err := os.UserHomeDir()
	return filepath.Join(home, ".local", "state", "masp"), err
}

// outbox is the folder of the payment files.
func (s Settings) outbox() (string, error) {
	if s.Outbox != "" {
		return s.Outbox, nil
	}
	dir, err := s.stateDir()
	return filepath.Join(dir, "outbox"), err
}

// seals is the folder of the seals of the days.
func (s Settings) seals() (string, error) {
	if s.Seals != "" {
		return s.Seals, nil
	}
	dir, err := s.stateDir()
	return filepath.Join(dir, "seals"), err
}

// token is the secret of the person who acts: from a file, else from MASP_TOKEN. It is
// never a flag: flags are seen by every user of the machine.
func (s Settings) token() (string, error) {
	if s.TokenFile == "" {
		return os.Getenv("MASP_TOKEN"), nil
	}
	info, err := os.Stat(s.TokenFile)
	if err != nil {
		return "", err
	}
	if info.Mode().IsRegular() && info.Mode().Perm()&0o044 != 0 {
		return "", &openTokenError{s.TokenFile}
	}
	text, err := os.ReadFile(s.TokenFile)
	return strings.TrimSpace(string(text)), err
}

// openTokenError is a file of a token that others may read: they could act as its owner.
type openTokenError struct{ path string }

func (e *openTokenError) Error() string { return "the token file " + e.path + " is readable by others" }

// French says how to close it.
func (e *openTokenError) French() string {
	return fmt.Sprintf("Le fichier de votre jeton peut être lu par d'autres que vous : chmod 600 '%s'. "+
		"Si quelqu'un a pu le lire, révoquez ce jeton (masp user revoke).", e.path)
}
