"""What the peers take for the measurements of this package: a line of JSON for each. Read from standard input by peer.go."""
import importlib.util, json, math, tempfile, time, warnings

warnings.filterwarnings("ignore")


def has(module):
    return importlib.util.find_spec(module) is not None


def out(figure, peer, value):
    print(json.dumps({"figure": figure, "peer": peer, "value": value}), flush=True)


def ms(f, runs):
    times = []
    for _ in range(runs):
        t = time.perf_counter()
        f()
        times.append(time.perf_counter() - t)
    return 1e3 * min(times)


def optuna_rate(sampler, trials, storage=None):
    """Trials a second over the last tenth: 24 categorical parameters of 4, ask, suggest and tell."""
    study = optuna.create_study(direction="maximize", sampler=sampler, storage=storage)
    for n in range(trials):
        if n == trials - trials // 10:
            start = time.perf_counter()
        t = study.ask()
        study.tell(t, sum(t.suggest_categorical("x%d" % i, (0, 1, 2, 3)) for i in range(24)))
    return (trials // 10) / (time.perf_counter() - start)


for module in ("optuna", "moocore", "pymoo"):
    if not has(module):
        print(json.dumps({"absent": module}), flush=True)

if has("optuna"):
    import optuna

    optuna.logging.set_verbosity(optuna.logging.ERROR)
    out("random, 10,000 results", "optuna at 2,000", optuna_rate(optuna.samplers.RandomSampler(seed=1), 2000))
    out("evolution, 10,000 results", "optuna NSGA-II at 1,000", optuna_rate(optuna.samplers.NSGAIISampler(seed=1), 1000))
    out("tpe, 500 results", "optuna", 1e3 / optuna_rate(optuna.samplers.TPESampler(seed=1), 500))
    with tempfile.TemporaryDirectory() as d:
        rate = optuna_rate(optuna.samplers.RandomSampler(seed=1), 60, "sqlite:///%s/o.db" % d)
        out("durable trials of a study, window of 1", "optuna, SQLite", rate)

if has("numpy"):
    import numpy as np

    def sphere(n, d):
        x = np.abs(np.random.default_rng(2).normal(size=(n, d)))
        return 1 - x / np.linalg.norm(x, axis=1, keepdims=True)

    if has("moocore"):
        import moocore

        for d in (2, 3):
            points = np.random.default_rng(1).random((5000, d))
            out("non-dominated ranks, 5,000 × %d" % d, "moocore", ms(lambda: moocore.pareto_rank(points), 20))
        for d in (2, 3, 4):
            points = sphere(1000, d)
            out("hypervolume, 1,000 × %d" % d, "moocore", ms(lambda: moocore.hypervolume(points, ref=[1.1] * d), 20))
    elif has("optuna"):
        from optuna._hypervolume import WFG

        out("hypervolume, 1,000 × 2", "optuna WFG", ms(lambda: WFG().compute(sphere(1000, 2), np.ones(2) * 1.1), 2))

if has("pymoo"):
    from pymoo.algorithms.moo.nsga2 import NSGA2
    from pymoo.core.problem import Problem
    from pymoo.operators.crossover.ux import UniformCrossover
    from pymoo.operators.mutation.pm import PM
    from pymoo.operators.repair.rounding import RoundingRepair
    from pymoo.operators.sampling.rnd import IntegerRandomSampling

    class Chain(Problem):
        def __init__(self):
            super().__init__(n_var=20, n_obj=2, xl=0, xu=7, vtype=int)
            self.tables = np.random.default_rng(3).random((2, 20, 8))

        def _evaluate(self, X, out, *args, **kwargs):
            X = X.astype(int)
            out["F"] = np.stack([sum(t[j, X[:, j]] for j in range(20)) for t in self.tables], 1)

    algorithm = NSGA2(pop_size=1000, sampling=IntegerRandomSampling(), crossover=UniformCrossover(),
                      mutation=PM(prob=1.0, eta=3.0, vtype=float, repair=RoundingRepair()), eliminate_duplicates=True)
    algorithm.setup(Chain(), termination=("n_gen", 20), seed=1, verbose=False)
    algorithm.next()
    out("NSGA-II generation of 1,000, 2 objectives", "pymoo", ms(algorithm.next, 10))
