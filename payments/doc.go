// Package payments decides what is paid and carries it out.
//
// # The decision
//
// Allocate is a pure function: a Question (what one mandate has available, its
// policy, its lines) gives an Allotment (each line with status and reason, the
// transfers, the remittances, what is carried forward). It has no clock and no
// database, so a proposal, a simulation and an approved run decide alike.
//
// The order of events for one mandate:
//
//  1. Senior lines (rent and rental charges in progress) take what they need
//     from everything available.
//  2. While one of them is not paid in full, nothing else leaves: lower lines
//     are BLOCKED with RENT_FIRST and the person gets nothing.
//  3. Other lines take what is above the living floor. The first that
//     cannot be paid stops the rest under STOP, not under SKIP.
//  4. What is left goes to the person: all of it, or at most the floor while
//     some line waits. The rest is carried forward.
//
// A line that the law blocks neither stops others nor counts as unpaid rent.
//
// # What one more cent may do
//
// The first line whose payment changes is paid more, never less; when no line
// changes, the person does not get less. Nobody at all gets less under STOP when
// the senior classes may be paid in part. Otherwise one more cent can let an
// earlier line be paid whole with money that a later one had: that is the
// priority at work, and the tests state it exactly.
package payments
