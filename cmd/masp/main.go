package main

import (
	"context"
	"errors"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"
)

// The exit codes (README, "Codes de sortie").
const (
	exitOK       = 0
	exitFailure  = 1
	exitUsage    = 2
	exitFound    = 3 // a check found something
	exitNobody   = 4 // no token, or one that proves nobody
	exitConflict = 5 // somebody else was faster, or the state does not allow it
	exitStopped  = 130
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends at once
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// run is the whole program: arguments in, exit code out.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) (code int) {
	var cli commandLine
	exited := -1
	parser, err := kong.New(&cli,
		kong.Name("masp"),
		kong.Description("Registre de gestion des prestations pour les mandats MASP 2 : loyer d'abord, deux signatures, tout se prouve."),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, WrapUpperBound: 100}),
		kong.Help(printHelp),
		kong.Writers(stdout, stderr),
		kong.Exit(func(c int) { exited = c }),
	)
	if err != nil {
		panic(err) // the commands below are wrong: a fault of the program, seen by any test
	}
	parsed, err := parser.Parse(args)
	if exited >= 0 {
		return exited // --help has been printed
	}
	out := newPrinter(stdout, stderr, cli.JSON)
	if err != nil {
		return out.usage(err)
	}
	err = parsed.Run(&session{ctx: ctx, settings: cli.Settings, out: out})
	if errors.Is(ctx.Err(), context.Canceled) && err != nil {
		out.fail("Arrêté avant la fin. Rien n'est à moitié fait : relancez la commande.")
		return exitStopped
	}
	return out.finish(err)
}

// commandLine is every command; its tags are the help.
type commandLine struct {
	Settings
	JSON bool `help:"Réponse en JSON sur la sortie standard." name:"json"`

	Demo         demoCommand         `cmd:"" help:"Joue un mois entier d'une association inventée, du relevé de banque à la preuve."`
	Doctor       doctorCommand       `cmd:"" help:"Vérifie ce qu'il faut sur cette machine ; --install l'installe."`
	Migrate      migrateCommand      `cmd:"" help:"Crée ou met à jour la base de données."`
	Load         loadCommand         `cmd:"" help:"Charge une organisation ou des dossiers depuis un fichier JSON."`
	Import       importGroup         `cmd:"" help:"Importe des fichiers de la banque ; dit si les relevés arrivent."`
	Inbox        inboxCommand        `cmd:"" help:"Regarde une fois, à la main, le dossier et le serveur de la banque."`
	Serve        serveCommand        `cmd:"" help:"Le service : importe ce qui arrive, fait « masp day » chaque matin, dit comment il va."`
	Bankfile     bankfileCommand     `cmd:"" help:"Fichiers de la banque : contrôle sans rien importer, relevés en attente."`
	User         userCommand         `cmd:"" help:"Comptes et jetons des utilisateurs."`
	Token        tokenCommand        `cmd:"" help:"Jetons nommés : leurs actions, leur fin, leur révocation."`
	Card         cardCommand         `cmd:"" help:"Cartes d'accès des personnes : imprimer, appareils, fermer."`
	Caseload     caseloadCommand     `cmd:"" help:"Qui suit quels mandats : confier, retirer, lister."`
	AuditScope   auditScopeCommand   `cmd:"" help:"Mission d'un contrôleur : ses départements, sa période."`
	Mandate      mandateCommand      `cmd:"" help:"Mandats : liste, dossier, fin."`
	Convention   conventionCommand   `cmd:"" help:"Conventions et marchés sous lesquels les mesures sont menées."`
	Contribution contributionCommand `cmd:"" help:"Participation de la personne : barème, montant, sous le plafond."`
	Creditor     creditorCommand     `cmd:"" help:"Destinataires et leurs IBAN (deux personnes)."`
	Obligation   obligationCommand   `cmd:"" help:"Échéances : loyer, charges, factures, plans."`
	Housing      housingCommand      `cmd:"" help:"Loyer, charges et aides versées au bailleur : le loyer restant dû."`
	Debt         debtCommand         `cmd:"" help:"Dettes : plans, retenues, aides, contestations, surendettement, impayés."`
	Day          dayCommand          `cmd:"" help:"Chaque matin : termes, versements du jour, prestations manquantes, échéances à surveiller."`
	Alert        alertCommand        `cmd:"" help:"Ce qu'il faut voir : confier, endormir, clore."`
	Payer        payerCommand        `cmd:"" help:"Payeurs prévenus au début et à la fin d'une mesure."`
	Benefit      benefitCommand      `cmd:"" help:"Catalogue des prestations : liste, ajout, fin."`
	Expected     expectedCommand     `cmd:"" help:"Prestations attendues : ce qui est arrivé, mois à venir, calendriers, tolérances."`
	Advice       adviceCommand       `cmd:"" help:"Bordereaux des payeurs : ce qu'un virement apporte, et à qui."`
	Rule         ruleCommand         `cmd:"" help:"Règles : ce que sont les virements reçus qui portent certains mots."`
	Suspense     suspenseCommand     `cmd:"" help:"Argent non identifié : âge, attribution, répartition, retour à l'expéditeur."`
	Reconcile    reconcileCommand    `cmd:"" help:"Rapprochement : la banque et les livres, jour par jour et personne par personne."`
	Match        matchCommand        `cmd:"" help:"Rapprochements : annuler, un par un, ce que l'import ou une personne a reconnu."`
	Run          runCommand          `cmd:"" help:"Campagnes de paiement : proposer, vérifier, approuver, remettre à la banque."`
	Payout       payoutCommand       `cmd:"" help:"Versement unique hors campagne : reversement, restitution, remboursement, succession."`
	Payment      paymentCommand      `cmd:"" help:"Paiements revenus : émettre de nouveau."`
	Statement    statementCommand    `cmd:"" help:"Relevé de compte d'une personne."`
	Paper        paperCommand        `cmd:"" help:"Papiers d'un mandat : relevé, compte de gestion, compte rendu final ; à qui ils ont été remis."`
	Person       personCommand       `cmd:"" help:"Droits d'une personne sur son dossier : copie, et qui l'a lu."`
	Retention    retentionCommand    `cmd:"" help:"Conservation des dossiers : durées, archive, pseudonymisation, registre des traitements."`
	Export       exportCommand       `cmd:"" help:"Exporte les écritures : tableur, FEC, hledger, JSON ; pour un comptable, un contrôleur, un programme."`
	Trace        traceCommand        `cmd:"" help:"Suit un centime dans les deux sens : ligne de banque, écriture, campagne, approbation, fichier, virement."`
	Sample       sampleCommand       `cmd:"" help:"Tire un sondage d'écritures (au hasard, selon la valeur, par strate) et met ses pièces dans une archive."`
	Report       reportCommand       `cmd:"" help:"États : ordre de priorité, loyers en retard, arriérés, activité, données annuelles MASP."`
	Activity     activityCommand     `cmd:"" help:"Note les diagnostics, les accompagnements sans mandat et leurs visites, pour les états d'activité."`
	Seal         sealCommand         `cmd:"" help:"Sceau du jour : où en sont les livres, les actes et les lectures, en un petit fichier à garder ailleurs."`
	Scenario     scenarioCommand     `cmd:"" help:"Mois d'exemple joués par les vrais services : formation, essais, recette."`
	Production   productionCommand   `cmd:"" help:"Met l'organisation en production, pour toujours : un admin, avec son jeton."`
	Seed         seedCommand         `cmd:"" help:"Remplit une base vide d'un exemple inventé, à des références fixes, et affiche les jetons : pour essayer le service."`
	Routes       routesCommand       `cmd:"" help:"Adresses du service : opération, droit demandé, et qui l'a."`
	Jobs         jobsCommand         `cmd:"" help:"Tâches du service : où elles en sont, leurs derniers passages."`
	Health       healthCommand       `cmd:"" help:"Demande au service de cette machine s'il vit ; 0 s'il répond."`
	Config       configCommand       `cmd:"" help:"Chaque réglage, sa valeur et d'où elle vient ; les secrets restent cachés."`
	BackupCheck  backupCheckCommand  `cmd:"" help:"Restaure une sauvegarde (pg_dump -Fc) dans une base d'essai et la vérifie."`
	Restored     restoredCommand     `cmd:"" help:"Après une restauration : retient tout fichier de virements jusqu'à la comparaison."`
	Close        closeCommand        `cmd:"" help:"Clôture un mois comptable."`
	Verify       verifyCommand       `cmd:"" help:"Recalcule tout depuis les écritures et prouve que rien n'a été altéré."`
	Bench        benchCommand        `cmd:"" help:"Mesure les vitesses, avec leur référence dans la même exécution."`
	Version      versionCommand      `cmd:"" help:"Version du programme."`
}
