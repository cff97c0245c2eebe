// Package pgproxy stands between a program and PostgreSQL, counts what the program says and cuts the
// connection where a test asks for it. Only tests import it.
//
// A step is a message that PostgreSQL answers: a query, a Sync, the end of a COPY. Steps are counted
// over all connections of the program. A test gives a rule that looks at each step and says whether
// the connection is cut before it (PostgreSQL never sees the step) or after it (PostgreSQL has done
// it and its answer is lost). [Proxy.OnCut] runs before the connection is closed: there a test kills
// the program, which so dies between two steps and never elsewhere.
//
//	p := pgproxy.New(t, db.AppURL)
//	p.Rule = pgproxy.At(17, pgproxy.Before)
//	p.OnCut = func() { _ = program.Kill() }
//	p.Serve()
//	... run the program on p.URL() ...
//
// Random kills hardly ever fall between two commits; counted ones find what stands there at once.
package pgproxy
