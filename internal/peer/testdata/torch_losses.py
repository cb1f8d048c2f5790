#!/usr/bin/env python3
"""Trains the network of a folder with PyTorch and prints the loss of every step as a JSON list.

The folder holds spec.json (nodes, hyperparameters, names of decayed parameters, shape and number of the batches),
weights.safetensors (the initial state) and batches.bin (for every step the images in NHWC order as float32 and the
labels as int32, little endian). TestLossesFollowThoseOfPyTorch writes it. The arithmetic is float64, so that the
losses are a truth to compare with and not another rounding.
"""
import json
import struct
import sys

import numpy as np
import torch
import torch.nn.functional as F

folder = sys.argv[1]
spec = json.load(open(folder + "/spec.json"))
torch.set_num_threads(1)


def safetensors(path):
    raw = open(path, "rb").read()
    (n,) = struct.unpack("<Q", raw[:8])
    out = {}
    for name, e in json.loads(raw[8:8 + n]).items():
        if name != "__metadata__":
            a, b = e["data_offsets"]
            out[name] = torch.from_numpy(np.frombuffer(raw[8 + n + a:8 + n + b], "<f4").reshape(e["shape"]).astype("f8"))
    return out


state = safetensors(folder + "/weights.safetensors")
params = {k: v.requires_grad_() for k, v in state.items() if not k.endswith((".mean", ".variance"))}
decayed = [v for k, v in params.items() if k in spec["decayed"]]
spared = [v for k, v in params.items() if k not in spec["decayed"]]
optimizer = torch.optim.SGD([{"params": decayed, "weight_decay": spec["decay"]}, {"params": spared, "weight_decay": 0}],
                            spec["rate"], momentum=spec["momentum"], nesterov=spec["nesterov"])
ACTS = {"relu": F.relu, "relu6": F.relu6, "hswish": F.hardswish, "silu": F.silu, "sigmoid": torch.sigmoid,
        "hsigmoid": F.hardsigmoid, "tanh": torch.tanh, "gelu": F.gelu}


def project(name, x):
    y = x @ state[name + ".weight"]
    return y + state[name + ".bias"] if name + ".bias" in state else y


def attention(node, name, x):
    """Attention over positions, computed as in its definition; N×C×H×W in and out."""
    op, heads = node["op"], node["op"]["Heads"]
    queries, memory = x[0].flatten(2).transpose(1, 2), x[1 if op["Cross"] else 0].flatten(2).transpose(1, 2)
    if op["Cross"]:
        q, (k, v) = project(name + ".q", queries), project(name + ".kv", memory).chunk(2, -1)
    else:
        q, k, v = project(name + ".qkv", queries).chunk(3, -1)
    q, k, v = (y.unflatten(-1, (heads, -1)).transpose(1, 2) for y in (q, k, v))
    scores = q @ k.transpose(-1, -2) * q.shape[-1] ** -0.5
    if op["Padded"]:
        scores = scores.masked_fill(torch.arange(k.shape[2]) >= x[-1].reshape(-1, 1, 1, 1), -torch.inf)
    if op["Causal"]:
        scores = scores.masked_fill(torch.ones_like(scores, dtype=torch.bool).triu(1), -torch.inf)
    y = project(name + ".out", (scores.softmax(-1) @ v).transpose(1, 2).flatten(2))
    return y.transpose(1, 2).reshape(x[0].shape)


def sequence(node, name, x):
    kind, op = node["kind"], node["op"]
    last = x[0].movedim(1, -1)  # channels last
    w = state.get(name + ".weight", state.get(name + ".scale"))
    if kind in ("conv1d", "depthwise1d"):
        w = w.permute(2, 1, 0) if kind == "conv1d" else w.t().unsqueeze(1)
        reach = op["Dilation"] * (op["Kernel"] - 1)
        pad = (reach, 0) if op["Causal"] else (0, 0) if op["Valid"] else (reach // 2, reach // 2)
        groups = op["Groups"] if kind == "conv1d" else len(w)
        return F.conv1d(F.pad(x[0].squeeze(2), pad), w, state.get(name + ".bias"), op["Stride"], 0, op["Dilation"], groups).unsqueeze(2)
    if kind == "layernorm":
        return F.layer_norm(last, last.shape[-1:], w, state[name + ".shift"], 1e-5).movedim(-1, 1)
    if kind == "rmsnorm":
        return (last * (last.square().mean(-1, keepdim=True) + 1e-5).rsqrt() * w).movedim(-1, 1)
    if kind == "glu":
        a, b = x[0].chunk(2, 1)
        return a * list(ACTS.values())[op["Gate"]](b)
    if kind == "embedding":
        return F.embedding(x[0].squeeze(1).long(), w).movedim(-1, 1)
    if kind == "positions":
        return x[0] + w.movedim(-1, 0)
    if kind == "lengths":
        ids = x[0].flatten(1)
        return torch.where(ids != op["Pad"], torch.arange(1, ids.shape[1] + 1), 0).amax(1).double()[:, None, None, None]
    if kind == "slice":
        return x[0][:, op["From"]:op["From"] + op["Size"]]
    if kind == "mean":
        if op["Padded"]:
            seen = (torch.arange(x[0].shape[3]) < x[1]).double()
            return (x[0] * seen).sum(3, keepdim=True) / seen.sum(3, keepdim=True)
        return x[0].mean([d for d, axis in ((2, "Height"), (3, "Width"), (1, "Channels")) if op[axis]], keepdim=True)
    return {"softmax": lambda: x[0].softmax(1), "attention": lambda: attention(node, name, x)}[kind]()


def apply(node, name, x):
    kind, op = node["kind"], node["op"]
    pad = 0 if op.get("Valid") else op.get("Dilation", 1) * (op.get("Kernel", 1) - 1) // 2
    if kind == "conv":
        return F.conv2d(x[0], state[name + ".weight"].permute(3, 2, 0, 1), state.get(name + ".bias"), op["Stride"], pad,
                        op["Dilation"], op["Groups"])
    if kind == "depthwise":
        w = state[name + ".weight"].permute(2, 0, 1).unsqueeze(1)
        return F.conv2d(x[0], w, state.get(name + ".bias"), op["Stride"], pad, op["Dilation"], w.shape[0])
    if kind in ("lstm", "gru"):
        weights = [state[name + end].t() for end in (".input", ".state")] + [state[name + end] for end in (".inputbias", ".statebias")]
        steps = x[0].squeeze(2).transpose(1, 2)  # N, T, C
        zeros = torch.zeros(1, len(steps), op["Hidden"], dtype=steps.dtype)
        run = {"lstm": torch._VF.lstm, "gru": torch._VF.gru}[kind]
        y = run(steps, (zeros, zeros) if kind == "lstm" else zeros, weights, True, 1, 0.0, True, False, True)[0]
        return (y[:, -1:] if op["Last"] else y).transpose(1, 2)[:, :, None]
    if kind == "dense":
        y = x[0].flatten(1) @ state[name + ".weight"]
        return (y + state[name + ".bias"] if name + ".bias" in state else y)[:, :, None, None]
    if kind == "batchnorm":
        return F.batch_norm(x[0], state[name + ".mean"], state[name + ".variance"], state[name + ".scale"],
                            state[name + ".shift"], True, 0.1, 1e-5)
    if kind == "maxpool":
        return F.max_pool2d(x[0], op["Kernel"], op["Stride"], pad)
    if kind == "avgpool":
        return F.avg_pool2d(x[0], op["Kernel"], op["Stride"], pad, count_include_pad=False)
    return {"activation": lambda: ACTS[node["text"]](x[0]), "globalavgpool": lambda: x[0].mean((2, 3), keepdim=True),
            "add": lambda: sum(x), "concat": lambda: torch.cat(x, 1), "multiply": lambda: x[0] * x[1],
            "flatten": lambda: x[0].permute(0, 2, 3, 1).flatten(1)[:, :, None, None], "identity": lambda: x[0],
            "zero": lambda: torch.zeros_like(x[0])}.get(kind, lambda: sequence(node, name, x))()


losses = []
batches = open(folder + "/batches.bin", "rb")
n, h, w, c = spec["shape"]
for _ in range(spec["steps"]):
    images = torch.from_numpy(np.frombuffer(batches.read(4 * n * h * w * c), "<f4").reshape(n, h, w, c).astype("f8"))
    labels = torch.from_numpy(np.frombuffer(batches.read(4 * n), "<i4").astype(np.int64))
    values = [images.permute(0, 3, 1, 2)]
    for node in spec["nodes"][1:]:
        values.append(apply(node, node["name"], [values[i] for i in node["inputs"]]))
    loss = F.cross_entropy(values[spec["output"]].flatten(1), labels, label_smoothing=spec["smoothing"])
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    losses.append(loss.item())
print(json.dumps(losses))
