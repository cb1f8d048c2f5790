package proof_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"testing"

	"github.com/trellis-nas/trellis/internal/stream"
)

// operation is something that lattices and regions are asked, with a check of the answer against all architectures one by one.
type operation struct {
	of    string // what is exported, as "CountedRegion.Count"; several are separated by spaces
	whole bool   // does not depend on limits: asked once of every lattice
	holds func(t failer, q *question)
}

// operations is the table of all that is proved by brute force. TestEveryExportedOperationIsInTheTable keeps it complete.
func operations() []operation {
	return []operation{
		{"Lattice.Count", true, latticeCountIs},
		{"Lattice.Cost Lattice.WithCosts", true, costsAre},
		{"Lattice.Decisions", true, decisionsAre},
		{"Lattice.Parameters Lattice.ParametersOf Lattice.Features Lattice.Options Lattice.Steps", true, featuresAre},
		{"Lattice.Score", true, scoresAre},
		{"Lattice.Mutate Lattice.Crossover Lattice.Neighbours", true, variesAsTheSpace},
		{"Lattice.Operators", true, operatorsAre},
		{"Fold", true, foldsOfAllAre},
		{"Lattice.Within CountedRegion.Count Lattice.Feasible FeasibleSet.Counted", false, countIs},
		{"FoldWithin", false, foldsWithinAre},
		{"CountedRegion.Range FeasibleSet.Least FeasibleSet.Greatest", false, rangesAre},
		{"CountedRegion.Rank CountedRegion.Unrank", false, ranksAre},
		{"FeasibleSet.Contains", false, membersAre},
		{"CountedRegion.Sample", false, samplesAreInside},
		{"CountedRegion.Histogram", false, histogramIs},
		{"CountedRegion.Strata Strata.Histogram Strata.Unrank Strata.Sample", false, strataAre},
		{"CountedRegion.Derive Derivation.Decision Derivation.Open Derivation.Completions Derivation.Take Derivation.Arch", false, derivationsAre},
		{"CountedRegion.Best", false, bestIs},
		{"FeasibleSet.Best", false, uncountedBestIs},
		{"FeasibleSet.Front", false, frontIs},
		{"FeasibleSet.FrontNear", false, nearFrontIs},
		{"FeasibleSet.Surface", false, surfaceIs},
		{"CountedRegion.Repair", false, repairIs},
		{"FeasibleSet.Repair", false, uncountedRepairIs},
		{"CountedRegion.Distinct", false, distinctIs},
		{"CountedRegion.Gibbs CountedRegion.GibbsOf Gibbs.LogPartition", false, partitionIs},
		{"Gibbs.LogProb", false, probabilitiesAre},
		{"Gibbs.Entropy", false, entropyIs},
		{"Gibbs.Moments Gibbs.Mean", false, momentsAre},
		{"Gibbs.Marginals", false, marginalsAre},
		{"Gibbs.Joints", false, jointsAre},
		{"Gibbs.Sample", false, policySamplesAreInside},
		{"Gibbs.LogPartitionGrad", false, logPartitionGradIs},
		{"Gibbs.LogProbGrad", false, logProbGradIs},
		{"Gibbs.ExpectationGrad", false, expectationGradIs},
		{"Gibbs.EachStepGrad Gibbs.EachStep", false, gradientsOfStepsAre},
		{"Gibbs.VarianceGrad", false, varianceGradIs},
		{"Gibbs.EntropyGrad", false, entropyGradIs},
		{"Gibbs.FisherTimes", false, fisherIs},
		{"Lattice.ForScore Lattice.Remember CountedRegion.ForScore FeasibleSet.ForScore", false, forScoreIs},
		{"Lattice.TrackCounters", false, countedIs},
		{"Lattice.WithScore", false, scoringIs},
		{"Lattice.Rounded", true, roundedIs},
		{"explain.Effects", false, effectsAre},
		{"explain.Numbers", false, numbersAre},
		{"explain.Summary.Contributions", false, contributionsAre},
		{"explain.CostFront explain.MarginalValueAt", false, marginalValueIs},
	}
}

// elsewhere is what is exported and not in the table, with the reason.
func elsewhere() map[string]string {
	return map[string]string{
		"Compile":                    "every question begins with it",
		"NamedMetrics":               "lists names",
		"Lattice.WithPrevious":       "a third of all questions is about such lattices",
		"Lattice.WithMetric":         "a metric, of which questions are made",
		"Lattice.Space":              "gives what it was given",
		"Lattice.NewScore":           "makes the scores of questions: score_test.go",
		"Lattice.CounterRange":       "a fold for each end",
		"Lattice.MaxPairs":           "says how often a pair counts, for the digits of a score: score_test.go",
		"Lattice.DecisionsOf":        "resolves a rule: score_test.go",
		"Lattice.CandidateOperators": "what Lattice.Operators counts",
		"Lattice.UsesOf":             "what Lattice.Operators returns",
		"Lattice.MemoryLimit":        "says how much an answer may hold",
		"Lattice.WithMemoryLimit":    "says how much an answer may hold",
		"CountedRegion.MemoryRange":  "what CountedRegion.Range says of memory, with an error: lattice/memory_test.go",
		"explain.Choose":             "chooses among surrogates, which is no sum over architectures: explain_test.go",
		"explain.Spearman":           "is about two lists of numbers: explain_test.go",
		"Lattice.Metrics":            "gives what it was given",
		"Lattice.Size":               "says how large the lattice is, not the space",
		"Lattice.Amount":             "writes a number",
		"Lattice.DOT":                "draws: dot_test.go",
		"Lattice.Decimal":            "writes a number",
		"Lattice.Unit":               "names a unit",
		"Lattice.ParseAmount":        "reads a number",
		"Lattice.ParseCost":          "reads a number",
		"ParseBytes":                 "reads a number",
		"FeasibleSet.Lattice":        "gives what it was given",
		"FeasibleSet.Space":          "gives what it was given",
		"FeasibleSet.Limits":         "gives what it was given",
		"CountedRegion.States":       "says how large the table is, not the region",
		"AtMost":                     "a limit, of which questions are made",
		"AtLeast":                    "a limit, of which questions are made",
		"OptionCount":                "a counter, of which questions are made",
		"explain.Describe":           "gives costs and ranks, which Lattice.Cost and Region.Rank are",
		"explain.Observe":            "reads a journal",
		"explain.Score":              "puts together what is in the table, for a score file: cmd/trellis/testdata/script/space-explain.txtar",
		"explain.Study":              "puts together what is in the table, for a surrogate: cmd/trellis/testdata/script/search.txtar",
		"explain.New":                "fits a surrogate to trials, which is no sum over architectures: explain_test.go",
		"explain.Ridge":              "fits a surrogate to trials, which is no sum over architectures: explain_test.go",
		"explain.Surrogate.Of":       "a weight, as the scores of questions are",

		"explain.Surrogate.Effects": "what explain.Effects says of explain.Surrogate.Of, with errors over trials: jackknife_test.go",
		"explain.Surrogate.Negated": "turns the signs of a surrogate: jackknife_test.go",
		"explain.Surrogate.Predict": "the sum of a weight along one path, with its error over trials: jackknife_test.go",
	}
}

// TestEveryExportedOperationIsInTheTable reads what the packages export.
func TestEveryExportedOperationIsInTheTable(t *testing.T) {
	known := elsewhere()
	for _, o := range operations() {
		for _, name := range strings.Fields(o.of) {
			known[name] = "in the table"
		}
	}
	exported := map[string]bool{}
	for folder, prefix := range map[string]string{"..": "", "../../explain": "explain."} {
		files, err := filepath.Glob(filepath.Join(folder, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range files {
			if strings.HasSuffix(path, "_test.go") {
				continue
			}
			file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
			if err != nil {
				t.Fatal(err)
			}
			for _, d := range file.Decls {
				if name := exportedName(d); name != "" {
					exported[prefix+name] = true
				}
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(exported)) {
		if known[name] == "" {
			t.Errorf("%s is not proved by brute force: add it to the table of operations, or to what is tested elsewhere with the reason", name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(known)) {
		if !exported[name] {
			t.Errorf("%s is in the table, and nothing of that name is exported", name)
		}
	}
}

// exportedName returns the name of a function, or of a method of a type that answers questions.
func exportedName(d ast.Decl) string {
	f, ok := d.(*ast.FuncDecl)
	if !ok || !f.Name.IsExported() {
		return ""
	}
	if f.Recv == nil {
		return f.Name.Name
	}
	receiver := f.Recv.List[0].Type
	if pointer, ok := receiver.(*ast.StarExpr); ok {
		receiver = pointer.X
	}
	name, ok := receiver.(*ast.Ident)
	if !ok || !slices.Contains([]string{"Lattice", "FeasibleSet", "CountedRegion", "Gibbs", "Strata", "Derivation", "Surrogate", "Summary"}, name.Name) {
		return ""
	}
	return name.Name + "." + f.Name.Name
}

// failed is how a check ends the operation that it is about.
type failed string

// stopper is a failer that panics.
type stopper struct{}

func (stopper) Helper() {}

func (stopper) Fatalf(format string, args ...any) { panic(failed(fmt.Sprintf(format, args...))) }

// attempt runs a check, and returns what it found wrong.
func attempt(check func(t failer)) (wrong string) {
	defer func() {
		switch said := recover().(type) {
		case nil:
		case failed:
			wrong = string(said)
		default:
			wrong = fmt.Sprintf("panic: %v\n%s", said, debug.Stack())
		}
	}()
	check(stopper{})
	return ""
}

// tally counts how often every operation was compared, and keeps the failure of the smallest space.
type tally struct {
	compared map[string]int
	worst    string
	size     int
	failures int
}

func (y *tally) note(q *question, what, wrong string) {
	if wrong == "" {
		return
	}
	y.failures++
	if y.worst == "" || len(q.archs) < y.size {
		y.size = len(q.archs)
		y.worst = fmt.Sprintf("%s\n%s: %s\n%s", q, what, wrong, q.space.YAML())
	}
}

// ask asks everything about a question; what depends on no limits only if whole.
func (y *tally) ask(q *question, whole bool) {
	feasible := false
	y.note(q, "Lattice.Within", attempt(func(t failer) { feasible = q.ask(t) }))
	if !feasible {
		return
	}
	for _, o := range operations() {
		if o.whole && !whole {
			continue
		}
		q.random = stream.New(1, o.of, uint64(len(q.archs)), uint64(len(q.inside)))
		y.compared[o.of]++
		y.note(q, o.of, attempt(func(t failer) { o.holds(t, q) }))
	}
}
