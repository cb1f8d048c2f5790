// Package study runs a study, stage by stage: it takes the next trial from the source of the stage, writes the journal, has the trial
// evaluated, writes the journal, and hands the result to the source.
//
// # The window rule
//
// A stage has a window W. Its trial i is asked for when its results 0…i−W have been observed, in that order, and no others:
// first W trials are asked for; then result 0 is observed and trial W asked for, and so on. Results that arrive before their turn
// wait, durably if the journal is a store.Spooler. So what a strategy knows when it proposes does not depend on how many
// workers there are or which trial ends first, and one study file has one sequence of events.
//
// # Limits
//
// Every stage has limits of its own, which are looked at before each proposal. Trials under
// way when a limit is met are finished and observed, so up to W−1 of them may exceed it. The sums of MACs and amounts are over observed
// results, so these limits and the number of trials fall at the same place in every run. Wall time is active time, pauses
// between a stop and a resume left out; it is the one limit by which two runs may differ, and once the journal says that it
// closed the stage, every resume follows the journal.
//
// # Resume
//
// There is no snapshot. A resumed study asks and tells its new strategy everything the journal holds, and verifies that what
// the strategy proposes is what the journal says it proposed. Where the journal ends the study goes on; trials without
// a result are evaluated again.
//
// # Durability
//
// A result is durable before the strategy observes it. A proposal is durable before the driver waits for results. What is left
// after SIGKILL at any moment is a prefix of the one sequence of events, and perhaps results that wait for their turn.
package study
