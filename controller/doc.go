// Package controller trains recurrent controllers to design networks: reinforcement learning on the engine, behind the interface of a
// search strategy.
//
// A controller (Zoph & Le, "Neural architecture search with reinforcement learning", 2017; Pham et al., "Efficient neural
// architecture search via parameter sharing", 2018) decides an architecture option by option: an LSTM is fed the embedding of the
// option taken last, and a softmax over the options of the decision at hand says how likely each is to be taken next. It is masked:
// options after which no architecture of the region is left take no part in the softmax (search.Derivations), so whatever a controller
// draws is feasible, before it has learnt anything and when it has learnt too much. Depths and other decisions that open further ones need
// nothing special.
//
// The package joins the towers: search.PolicyGradient drives the controller as it does every policy, and the controller's network is recorded on the tape of
// autograd. Everything runs on one thread, and a run gives the same bits on every machine that the engine gives the same bits on.
package controller
