// Package trial holds the vocabulary of a search: what is proposed, what is tried, what came out, what it cost.
//
// A Strategy makes a Proposal: an architecture and the Fidelity to try it at. The driver of a study turns it into a Trial, which holds everything
// needed to repeat it. An Evaluator answers with a Result. Objectives say which metrics of a result matter and in which
// direction; Constraints bound metrics that are only known after the trial; MetricInfo says what a metric means.
//
// Three kinds of mishap are told apart everywhere. A trial that Failed (it diverged, ran out of its time, could not be
// built) is a Result with a reason: it says something about the architecture and the search goes on. One that was Preempted was taken off its
// machine and is evaluated again. An error, a BrokenError where the machine is known, says that the machine is broken: after a few attempts the
// study stops and can be resumed.
//
// All types are values with a stable JSON form, documented in docs/formats/journal.md. A journal of trials holds no
// number that is not finite; see Result.Settled.
package trial
