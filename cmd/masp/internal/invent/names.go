package invent

import "strings"

var women = []string{
	"Amina", "Anne", "Aurélie", "Béatrice", "Camille", "Catherine", "Céline", "Chantal", "Claire",
	"Delphine", "Elsa", "Fatima", "Florence", "Françoise", "Inès", "Isabelle", "Jeanne", "Julie",
	"Karima", "Laura", "Louise", "Lucie", "Manon", "Martine", "Mélanie", "Monique", "Nadia",
	"Nathalie", "Odile", "Pauline", "Sandrine", "Sophie", "Sylvie", "Yasmina", "Yvette", "Zoé",
}

var men = []string{
	"Adrien", "Ahmed", "Alain", "Bernard", "Bruno", "Christophe", "Cédric", "Daniel", "David",
	"Didier", "Éric", "Étienne", "François", "Gérard", "Hervé", "Hugo", "Jacques", "Jérôme",
	"Julien", "Karim", "Laurent", "Loïc", "Marc", "Mathieu", "Michel", "Mohamed", "Nicolas",
	"Olivier", "Pascal", "Patrick", "Philippe", "René", "Samuel", "Stéphane", "Thierry", "Yann",
}

var families = []string{
	"André", "Aubert", "Bailly", "Barbier", "Benoît", "Bertrand", "Blanchard", "Bonnet", "Boyer",
	"Brunet", "Carpentier", "Chevalier", "Clément", "Colin", "Cordier", "Da Silva", "Deschamps",
	"Dufour", "Dumas", "Dupuis", "Étienne", "Fabre", "Faure", "Fleury", "Fontaine", "Fournier",
	"Garnier", "Gauthier", "Gérard", "Girard", "Giraud", "Guérin", "Haddad", "Henry", "Jacquet",
	"Joly", "Lacroix", "Lambert", "Leclercq", "Lefèvre", "Legrand", "Lemoine", "Lopez", "Mansouri",
	"Marchal", "Martinez", "Masson", "Ménard", "Meunier", "Moreau", "Muller", "Noël", "Olivier",
	"Perrin", "Picard", "Renard", "Rey", "Robin", "Roussel", "Roy", "Saïdi", "Schmitt", "Vidal",
}

// plain writes a name as a French bank prints it: capitals without accents.
func plain(name string) string {
	return strings.NewReplacer(
		"À", "A", "Â", "A", "Ç", "C", "É", "E", "È", "E", "Ê", "E", "Ë", "E", "Î", "I", "Ï", "I",
		"Ô", "O", "Ù", "U", "Û", "U", "Ü", "U",
	).Replace(strings.ToUpper(name))
}
