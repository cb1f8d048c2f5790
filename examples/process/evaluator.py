#!/usr/bin/env python3
"""An evaluator for Trellis in plain Python, with nothing but the standard library.

It trains a perceptron to read dot-matrix digits under noise, and speaks the protocol of docs/formats/process.md: one JSON object a
line on standard input and output. Only the class Trellis and main() know the protocol: to use another training, replace the rest.

    trellis search examples/process.yaml
"""

import json
import math
import os
import queue
import random
import sys
import threading

FONT = {  # 7 rows of 5 dots
    0: "01110 10001 10011 10101 11001 10001 01110",
    1: "00100 01100 00100 00100 00100 00100 01110",
    2: "01110 10001 00001 00010 00100 01000 11111",
    3: "11111 00010 00100 00010 00001 10001 01110",
    4: "00010 00110 01010 10010 11111 00010 00010",
    5: "11111 10000 11110 00001 00001 10001 01110",
    6: "00110 01000 10000 11110 10001 10001 01110",
    7: "11111 00001 00010 00100 01000 01000 01000",
    8: "01110 10001 10001 01110 10001 10001 01110",
    9: "01110 10001 10001 01111 00001 00010 01100",
}
SAMPLES = {"train": 300, "validation": 300, "test": 600}
FULL = 9  # epochs, unless the study says otherwise


class Trellis:
    """The other side of the conversation. Nothing else may be printed on standard output; print on sys.stderr instead."""

    def __init__(self):
        self.messages = queue.Queue()
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self):
        for line in sys.stdin:
            if line.strip():
                self.messages.put(json.loads(line))
        self.messages.put({"type": "bye"})  # the end of the input means that Trellis is gone

    def next(self):
        return self.messages.get()

    def cancelled(self):
        """Reports whether the trial in work is to end. Nothing but cancel and bye can arrive meanwhile."""
        return not self.messages.empty()

    def say(self, type, **fields):
        sys.stdout.write(json.dumps({"type": type, **fields}) + "\n")
        sys.stdout.flush()


def digits(split, noise):
    """Makes the samples of a split, the same whenever they are made: pairs of 35 numbers and a label."""
    r = random.Random(f"digits/{split}")
    samples = []
    for i in range(SAMPLES[split]):
        label = i % 10
        dots = [float(c) for c in FONT[label] if c != " "]
        flipped = [1 - d if r.random() < noise else d for d in dots]
        samples.append(([d + r.gauss(0, 0.1) for d in flipped], label))
    return samples


ACTIVATIONS = {  # the function, and its derivative by the value of the function
    "relu": (lambda x: x if x > 0 else 0.0, lambda y: 1.0 if y > 0 else 0.0),
    "tanh": (math.tanh, lambda y: 1 - y * y),
    "sigmoid": (lambda x: 0.5 + 0.5 * math.tanh(x / 2), lambda y: y * (1 - y)),
}


class Perceptron:
    """Layers of weights, each row with its bias last."""

    def __init__(self, sizes, act, seed):
        self.f, self.df = ACTIVATIONS[act]
        r = random.Random(f"weights/{seed}")
        self.layers = [
            [[r.gauss(0, 1 / math.sqrt(n)) for _ in range(n)] + [0.0] for _ in range(m)] for n, m in zip(sizes, sizes[1:])
        ]

    def forward(self, x):
        values = [x]
        for k, layer in enumerate(self.layers):
            x = [sum(map(float.__mul__, row, x)) + row[-1] for row in layer]
            if k + 1 < len(self.layers):
                x = [self.f(v) for v in x]
            values.append(x)
        return values

    def step(self, x, label, rate):
        """One step of gradient descent on one sample."""
        values = self.forward(x)
        gradient = softmax(values[-1])
        gradient[label] -= 1
        for k in reversed(range(len(self.layers))):
            layer, below = self.layers[k], values[k]
            if k > 0:
                back = [sum(g * row[i] for g, row in zip(gradient, layer)) * self.df(y) for i, y in enumerate(below)]
            for g, row in zip(gradient, layer):
                d = rate * g
                for i, y in enumerate(below):
                    row[i] -= d * y
                row[-1] -= d
            if k > 0:
                gradient = back

    def measure(self, samples):
        """The accuracy and the mean cross-entropy; the latter is NaN when training has diverged."""
        right, loss = 0, 0.0
        for x, label in samples:
            p = softmax(self.forward(x)[-1])
            right += p[label] == max(p)
            loss -= math.log(max(p[label], 1e-30)) if p[label] == p[label] else p[label]
        return {"accuracy": right / len(samples), "loss": loss / len(samples)}


def softmax(x):
    top = max(x)
    e = [math.exp(v - top) if v - top < 700 else math.inf for v in x]
    total = sum(e)
    return [v / total for v in e]


def sizes(decisions):
    """The numbers of units of the layers. Decisions have the names of the space file."""
    return [35] + int(decisions["layers.depth"]) * [int(decisions["width"])] + [10]


def evaluate(trellis, settings, trial):
    """Trains the network of a trial and reports every epoch."""
    id, amount = trial["trial"], trial["fidelity"]["amount"]
    if "decisions" not in trial:
        return trellis.say("result", trial=id, status="failed", reason="only networks of the space can be trained")
    train, validation = digits("train", settings["noise"]), digits("validation", settings["noise"])
    train = train[: math.ceil(trial["fidelity"]["data"] * len(train))]
    shape = sizes(trial["decisions"])
    net = Perceptron(shape, trial["decisions"]["act"], trial["seed"])
    begun = 0
    if "from" in trial:
        with open(trial["from"]["path"]) as f:
            state = json.load(f)
        begun, net.layers = state["epoch"], state["layers"]
    macs = 3 * len(train) * sum(n * m for n, m in zip(shape, shape[1:]))  # of an epoch, forward and backward
    metrics = net.measure(validation) if begun == amount else None
    for epoch in range(begun + 1, amount + 1):
        if trellis.cancelled():
            return trellis.say("result", trial=id, status="cancelled")
        order = train[:]
        random.Random(f"order/{trial['seed']}/{epoch}").shuffle(order)  # by the epoch alone, so that a checkpoint can go on
        for x, label in order:
            net.step(x, label, settings["learning_rate"])
        metrics = net.measure(validation)
        trellis.say("progress", trial=id, amount=epoch, metrics=metrics, spent={"macs": macs * (epoch - begun)})
        print(f"epoch {epoch}: {metrics}", file=sys.stderr)  # into the trial's log
    artifacts = []
    for kind, wanted in (("weights", trial.get("keep")), ("checkpoint", trial.get("checkpoint"))):
        if wanted:
            with open(os.path.join(trial["folder"], kind + ".json"), "w") as f:
                json.dump({"epoch": amount, "layers": net.layers}, f)
            artifacts.append({"name": kind, "kind": kind, "path": kind + ".json"})
    trellis.say(
        "result", trial=id, status="ok", metrics=metrics, spent={"macs": macs * (amount - begun)}, artifacts=artifacts
    )


def test(trellis, settings, request):
    """Measures the weights that a trial left on the test split, which nobody makes before."""
    weights = [a["path"] for a in request.get("artifacts", []) if a["kind"] == "weights"]
    if not weights:
        return trellis.say("error", message="the trial left no weights")
    net = Perceptron(sizes(request["decisions"]), request["decisions"]["act"], request["seed"])
    with open(weights[0]) as f:
        net.layers = json.load(f)["layers"]
    trellis.say("tested", trial=request["trial"], metrics=net.measure(digits("test", settings["noise"])))


def main():
    trellis = Trellis()
    hello = trellis.next()
    if hello["protocol"] != 1:
        return trellis.say("error", message=f"protocol {hello['protocol']} is not known; this program speaks 1")
    settings = {"learning_rate": 0.1, "noise": 0.15}
    for name, value in hello.get("settings", {}).items():
        if name not in settings:
            return trellis.say("error", message=f"unknown setting {name}; there are {', '.join(settings)}")
        settings[name] = value
    trellis.say(
        "hello",
        protocol=1,
        name="perceptrons in plain Python",
        resource={"name": "epochs", "full": hello.get("resource", {}).get("full", FULL)},
        resumes=True,
        tests=True,
        reductions=["data"],
        metrics=[
            {"name": "accuracy", "direction": "maximise", "show": "percent", "help": "share of validation digits that are read right"},
            {"name": "loss", "unit": "nats", "direction": "minimise", "help": "cross-entropy on validation"},
        ],
    )
    while True:
        message = trellis.next()
        if message["type"] == "trial":
            evaluate(trellis, settings, message)
        elif message["type"] == "test":
            test(trellis, settings, message)
        elif message["type"] == "bye":
            return
        elif message["type"] != "cancel":  # of a trial that is over: it came too late
            return trellis.say("error", message=f"a message of the unknown type {message['type']}")


if __name__ == "__main__":
    main()
