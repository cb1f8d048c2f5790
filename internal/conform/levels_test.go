package conform_test

// level says where a package stands and what it is there for. A package imports only packages of lower levels.
type level struct {
	number int
	tower  tower
	why    string
}

// tower keeps the two halves of Trellis apart: neither imports the other, so that a search can drive anything and
// the engine can serve anything.
type tower string

const (
	neither tower = ""
	search  tower = "search"
	engine  tower = "engine"
)

// levels is the table of packages. A package that is not in it fails the test: a new one needs an argument, in a line
// here and in docs/architecture.md.
var levels = map[string]level{
	"network":             {0, neither, "what both towers speak about: it must need nothing of them"},
	"pareto":              {0, search, "numbers in, numbers out"},
	"tensor":              {0, engine, "shapes and memory"},
	"internal/kernel":     {0, engine, "loops over slices, which know no tensors"},
	"internal/kernel/asm": {0, engine, "the generator of the assembly; run by hand, imported by nobody"},
	"internal/stream":     {0, neither, "both towers draw from it"},
	"internal/published":  {0, neither, "tests of many packages find the published data by it"},
	"internal/nearest":    {0, neither, "what a misspelt word was meant to be"},
	"internal/files":      {0, neither, "reads files with a sentence for what is wrong, writes them whole: the command and all that reads from disk"},
	"internal/magnitude":  {0, neither, "100k and 1.5M: study files, space files and the limits of a lattice read such counts"},
	"internal/strict":     {0, neither, "one voice for the mistakes of study files and space files"},
	"internal/layout":     {0, neither, "words in lines and tables of a given width; what prints for people stands on it"},

	"space":             {1, search, "says what may be built, of networks"},
	"autograd":          {1, engine, "gradients over tensors and kernels"},
	"data":              {1, engine, "samples for the engine; the search never sees one"},
	"draw":              {1, neither, "pictures of networks and numbers; keeps Graphviz and gonum/plot out of network"},
	"internal/terminal": {1, neither, "what any command needs of a terminal, whatever it is about: waiting, counting, help, completion, exit codes"},

	"lattice": {2, search, "a space compiled"},
	"device":  {2, search, "what the operators of a space cost on a device: tables that are read, whoever measured them"},
	"trial":   {2, search, "the vocabulary of a search; architectures are of a space"},
	"nn":      {2, engine, "parameters of the variables of autograd"},
	"optim":   {2, engine, "updates of the variables of autograd"},

	"score":   {3, search, "score files and cost files: YAML about a lattice, which knows no files"},
	"model":   {3, engine, "a network made trainable: where the engine meets the graph"},
	"store":   {3, search, "events about trials"},
	"predict": {3, search, "what is believed of architectures that were not tried; strategies stand on it"},

	"search":        {4, search, "strategies propose trials from a region"},
	"internal/peer": {4, engine, "the networks of the comparison with PyTorch, trained"},

	"timing": {4, neither, "what networks and their operators take on this machine: measures graphs of spaces by the engine"},

	"train": {4, neither, "makes an evaluator of the engine: where the towers meet"},

	"explain":        {5, search, "why architectures are good: sums over a region of a score fitted to trials; commands and pages stand on it, no strategy does"},
	"internal/drawn": {2, search, "random spaces for the tests of lattices"},
	"lattice/proof":  {6, search, "tests only: all that lattices and explanations answer, against brute force"},
	"study":          {5, search, "drives a strategy, an evaluator and a journal"},
	"multifidelity":  {5, search, "schedulers and stopping rules around any strategy: they propose at what fidelity, and know no strategy but by its interface and the defaults"},
	"process":        {5, search, "evaluates trials by programs of the user's: it speaks of decisions, graphs and results, and must know neither journal nor strategy"},
	"controller":     {5, neither, "strategies that train a network to design networks: a policy of search on the tape of autograd"},

	"bench":    {6, search, "runs strategies on published tables: studies without a journal, a thousand times over"},
	"strategy": {6, neither, "the catalogue of strategies: names become constructors, those of search and of controller"},

	"internal/overhead": {6, search, "measures what strategies, journals and fronts cost: it needs them all and is needed by the command only"},

	"report": {6, neither, "what a journal and its explanation say, as text, tables, pictures and a page"},

	".":    {7, neither, "the front door: a study made in Go, or by spec of a file"},
	"spec": {8, neither, "makes a study of a file: names become constructors here and in the catalogues that it reads"},

	"cmd/trellis": {9, neither, "wiring"},

	"examples/library/own-evaluator": {8, neither, "an example of a program that makes a study in Go"},
	"examples/library/own-strategy":  {8, neither, "the same with a strategy of its own"},

	"examples/process/goevaluator": {6, search, "an example of a program that process runs"},
}

// sideways lists the imports within a level that are allowed, each with its reason.
var sideways = map[[2]string]string{
	{"internal/strict", "internal/nearest"}:   "an unknown key names the nearest known one",
	{"network", "internal/nearest"}:           "an unknown operator names the nearest known one",
	{"internal/strict", "internal/magnitude"}: "whole numbers may be written as 100k",
}

// suites holds the packages that only tests import.
const suites = "internal/conform"
