// Package worklist is what somebody must look at: the alerts that runs, imports and deadlines
// raise, and what the coordinators do about them.
//
// # Rules
//
// An alert is a fact: its day, code, mandate, amount and words never change. Its source names the
// event that raised it, and is unique: raising twice is harmless ([RaiseTx]). What people do with an
// alert stands beside the fact: who looks after it (the coordinator of the mandate, unless it was
// given to somebody else), until when it sleeps, who closed it and why. Each of these is an act in
// the log, in the same transaction; a closed alert stays closed, and the same trouble under another
// source is a new alert that says how often it came before.
//
// An alert that the facts have cured is closed without a person ([CureTx]): the benefit came.
//
// # What goes in
//
// Details hold what programs read of an alert, under the keys that its code names (see [Kinds]).
// Text is what people read, in French. Alerts are messages: nothing is decided by them, so they are
// not sealed; the acts on them are.
package worklist
