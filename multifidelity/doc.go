// Package multifidelity spends little on most architectures and much on few: schedulers and stopping rules, each of which wraps any
// search.Strategy and is one.
//
// A scheduler asks the strategy inside, the inner strategy, for architectures, evaluates them at a low fidelity first, and promotes the best to
// higher ones. The fidelities are rungs: amounts that grow by the factor eta up to the full one. A promotion is a proposal of the same
// architecture with a larger amount, whose From names the evaluation that it continues; going from amount r to R costs R−r.
//
//   - [SuccessiveHalving]: rung by rung, the best 1/eta of each goes on to the next.
//   - [Hyperband]: successive halving with several lowest rungs in turn, in case a low fidelity misleads.
//   - [ASHA]: promotes as soon as it can, without waiting for a rung to be complete.
//   - [BOHB]: Hyperband, with proposals from a model of the highest rung that has enough results.
//   - [DEHB]: Hyperband, with an evolving population on each rung in place of proposals from a strategy.
//
// Stopping rules end single trials by their learning curves: [NewMedianRule] and [NewPatience]. They may be inside a scheduler or around it.
//
// # What the inner strategy observes
//
// Results are compared within a rung and never across rungs, and no strategy gets results of different rungs. So a scheduler holds one instance
// of the inner strategy for each rung at which architectures start. An instance gets the result of each of its proposals once, on the
// rung where it started and at once. Results of its rung that come from elsewhere, such as promotions from below, are observed by an
// instance that is a search.WarmStarter. Results of its own proposals on higher rungs it does not get.
//
// # What is never evaluated twice
//
// An (architecture, fidelity) is evaluated once. Where the inner strategy proposes one that was evaluated on this rung already, it gets that
// result and is asked again. Where one comes to a rung by promotion and has a result there, that result counts. Any proposal of an architecture with a
// completed evaluation on a lower rung continues it, whoever proposed it.
//
// # Failed and stopped trials
//
// Within a rung, completed results come first, then those that a stopping rule ended early (at less than the amount of the rung they say too little
// to be compared), then failed ones. Only completed ones are promoted. An inner strategy gets a stopped result as it is, with the value at
// which the trial was stopped, as it would be without a scheduler. Promotions keep the stopping rule of the first
// proposal, so that training in parts gives what training at once would.
package multifidelity
