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
	"internal/strict":     {0, neither, "one voice for the mistakes of study files and space files"},

	"space":    {1, search, "says what may be built, of networks"},
	"autograd": {1, engine, "gradients over tensors and kernels"},
	"data":     {1, engine, "samples for the engine; the search never sees one"},
	"draw":     {1, neither, "pictures of networks and numbers; keeps Graphviz and gonum/plot out of network"},

	"lattice": {2, search, "a space compiled"},
	"device":  {2, search, "what the operators of a space cost on a device: tables that are read, whoever measured them"},
	"trial":   {2, search, "the vocabulary of a search; architectures are of a space"},
	"nn":      {2, engine, "parameters of the variables of autograd"},
	"optim":   {2, engine, "updates of the variables of autograd"},

	"model":   {3, engine, "a network made trainable: where the engine meets the graph"},
	"store":   {3, search, "events about trials"},
	"predict": {3, search, "what is believed of architectures that were not tried; strategies stand on it"},

	"search":        {4, search, "strategies propose trials from a region"},
	"internal/peer": {4, engine, "the networks of the comparison with PyTorch, trained"},

	"timing": {4, neither, "what networks and their operators take on this machine: measures graphs of spaces by the engine"},

	"train": {4, neither, "makes an evaluator of the engine: where the towers meet"},

	"bench":          {5, search, "runs strategies on published tables, a study without a journal a thousand times over"},
	"explain":        {5, search, "why architectures are good: sums over a region of a score fitted to trials; commands and pages stand on it, no strategy does"},
	"internal/drawn": {2, search, "random spaces for the tests of lattices"},
	"lattice/proof":  {6, search, "tests only: all that lattices and explanations answer, against brute force"},
	"study":          {5, search, "drives a strategy, an evaluator and a journal"},
	"report":         {5, neither, "a picture of a journal"},
	"controller":     {5, neither, "strategies that train a network to design networks: a policy of search on the tape of autograd"},

	"internal/overhead": {6, search, "measures what strategies, journals and fronts cost: it needs them all and is needed by the command only"},

	"spec": {6, neither, "makes a study of a file: names become constructors here and nowhere else"},

	"cmd/trellis": {7, neither, "wiring"},
}

// sideways lists the imports within a level that are allowed, each with its reason.
var sideways = map[[2]string]string{
	{"internal/strict", "internal/nearest"}: "an unknown key names the nearest known one",
	{"network", "internal/nearest"}:         "an unknown operator names the nearest known one",
	{"lattice", "device"}:                   "a cost file of a lattice may hold a table of operators",
}

// suites holds the packages that only tests import.
const suites = "internal/conform"
