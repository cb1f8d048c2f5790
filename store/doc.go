// Package store keeps what happened in a study: the journal, an append-only sequence of events, and views of it.
//
// The sequence of events is decided by the study file alone: whatever the number of workers, whichever trial ends
// first, killed and resumed or not, the bodies of the events and their order are the same. What differs from run to run
// (the clock, machine names, seconds spent) stands beside the body, not in it.
//
// There are two journals, SQLite for a file and Memory for tests and throw-away studies, and one interface, Journal.
// Views (History and what is derived from it: leaderboard, front, curves, totals, progress) are folds over the events
// and never stored. The file format is documented column by column in docs/formats/journal.md.
package store
