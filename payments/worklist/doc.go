// Package worklist is what somebody must look at: the alerts that runs, imports and deadlines
// raise, and what the coordinators do about them.
//
// # Rules
//
// An alert is a fact: its day, code, mandate, amount and words never change. Its source names the
// event that raised it, and is unique: raising twice is harmless ([RaiseTx]). What people do with an
// alert stands beside the fact: who looks after it (the coordinator of the mandate, unless it was
// given to somebody else), until when it sleeps, who closed it and why. Each of these is an act in
// the log, in the same transaction. A closed alert stays closed; the same trouble under another
// source is a new alert, which says how often it came before.
//
// # Deadlines
//
// [Service.Deadlines] is called each day. A deadline (deadlines.go) is a query of what is true today:
// what is newly true is raised, what is true no longer is closed without a person. So a contract that
// is renewed, money that has left and rent that is paid take their alerts away. What becomes true
// again after that is raised again; what a person has closed is not. The alerts of runs and imports
// are closed the same way once the benefit has come, the line is identified, the due is paid or the
// money has left ([CureTx]). What a day closes is one act in the log.
//
// # Payers
//
// A payer is asked to pay to another account when a measure starts and when it ends, and confirms
// . Both are acts; a request without an answer is a deadline.
//
// # Questions
//
// What a person asks from her own page is an alert of her coordinator's (Ask, PERSON_ASKS), with the day until
// which we have promised an answer. She asks with one tap; the same words twice on a day are one question. Closing
// the alert says what was answered.
//
// # What goes in
//
// Details hold what programs read of an alert, under the keys that belong to its code ([Kinds]).
// Text is what people read, in French. Alerts are messages: nothing is decided by them, so they are
// not sealed; the acts on them are, and the requests to payers stand under the registers.
package worklist
