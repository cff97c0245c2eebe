package auth

// Proved is a principal of a secret that nobody has checked: the database does.
func Proved(secret string) Principal { return Principal{Means: BySession, secret: secret} }
