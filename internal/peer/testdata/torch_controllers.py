#!/usr/bin/env python3
"""Trains the DARTS supernet or the recurrent controller with PyTorch and prints the loss of every step as a JSON list.

    torch_controllers.py darts|lstm-ctrl FOLDER

The folder holds spec.json (batch, steps, rate), weights.safetensors (the initial state) and batches.bin: for every step
of darts the validation images and labels and the training images and labels, for every step of lstm-ctrl the decisions of
all samples, place after place. The arithmetic is float64. The networks are those of the comparison of speed; darts is
trained by a first-order step and its loss is that of the training batch.
"""
import json
import struct
import sys

import numpy as np
import torch
import torch.nn.functional as F

net, folder = sys.argv[1:]
spec = json.load(open(folder + "/spec.json"))
torch.set_num_threads(1)
N = spec["batch"]


def safetensors(path):
    raw = open(path, "rb").read()
    (n,) = struct.unpack("<Q", raw[:8])
    out = {}
    for name, e in json.loads(raw[8:8 + n]).items():
        if name != "__metadata__":
            a, b = e["data_offsets"]
            out[name] = torch.from_numpy(np.frombuffer(raw[8 + n + a:8 + n + b], "<f4").reshape(e["shape"]).astype("f8"))
    return out


state = {k: v.requires_grad_() for k, v in safetensors(folder + "/weights.safetensors").items()}
batches = open(folder + "/batches.bin", "rb")


def numbers(n, kind, to):
    return torch.from_numpy(np.frombuffer(batches.read(4 * n), kind).astype(to))


def norm(x):
    return F.batch_norm(x, None, None, None, None, True, 0.1, 1e-5)


def conv(x, name, groups=1, **window):
    return F.conv2d(x, state[name + ".weight"].permute(3, 2, 0, 1), groups=groups, **window)


def separable(x, name, k, stride, dilation):
    w = state[name + ".depthwise"].permute(2, 0, 1).unsqueeze(1)
    y = F.conv2d(x, w, None, stride, dilation * (k - 1) // 2, dilation, w.shape[0])
    return conv(y, name + ".pointwise")


def factorized(x, name):
    x = F.relu(x)
    return norm(conv(torch.cat([x[:, :, ::2, ::2], x[:, :, 1::2, 1::2]], 1), name, 2))


def edge(x, name, w, stride):
    y = w[1] * norm(F.max_pool2d(x, 3, stride, 1)) + w[2] * norm(F.avg_pool2d(x, 3, stride, 1, count_include_pad=False))
    y = y + w[3] * (x if stride == 1 else factorized(x, name + ".skip"))
    r = F.relu(x)
    for i, k in enumerate((3, 5)):
        half = F.relu(norm(separable(r, f"{name}.separable{k}.first", k, stride, 1)))
        y = y + w[4 + i] * norm(separable(half, f"{name}.separable{k}.second", k, 1, 1))
        y = y + w[6 + i] * norm(separable(r, f"{name}.dilated{k}", k, stride, 2))
    return y


def cell(name, before, last, w, reduce, halved):
    first = factorized(before, name + ".before") if halved else norm(conv(F.relu(before), name + ".before"))
    states, at = [first, norm(conv(F.relu(last), name + ".last"))], 0
    for i in range(4):
        states.append(sum(edge(s, f"{name}.edge{at + j}", w[at + j], 2 if reduce and j < 2 else 1) for j, s in enumerate(states)))
        at += 2 + i
    return torch.cat(states[2:], 1)


def darts(x):
    stem = F.batch_norm(conv(x, "stem", padding=1), None, None, state["stem.scale"], state["stem.shift"], True, 0.1, 1e-5)
    before, last, halved = stem, stem, False
    for i in range(3):
        w = state["reduce" if i else "normal"].view(14, 8).softmax(-1)
        before, last, halved = last, cell(f"cell{i}", before, last, w, i > 0, halved), i > 0
    return last.mean((2, 3)) @ state["head.weight"] + state["head.bias"]


def controller(decisions):
    table = state["embedding"].view(7, 100)
    hx, last, logp, entropy = (torch.zeros(N, 100).double(),) * 2, torch.full((N,), 6), 0, 0
    weights = [state["lstm." + k] for k in ("input", "state", "inputbias", "statebias")]
    for d in decisions:
        hx = torch._VF.lstm_cell(table[last], hx, weights[0].t(), weights[1].t(), *weights[2:])
        l = (hx[0] @ state["head.weight"] + state["head.bias"]).log_softmax(-1)
        last = d
        logp, entropy = logp + l.gather(1, d[:, None]).squeeze(1), entropy - (l.exp() * l).sum(1)
    return logp, entropy


losses = []
if net == "darts":
    alphas = [state["normal"], state["reduce"]]
    weights = [v for k, v in state.items() if k not in ("normal", "reduce")]
    search = torch.optim.Adam(alphas, 3e-4, betas=(0.5, 0.999), weight_decay=1e-3)
    train = torch.optim.SGD(weights, spec["rate"], momentum=0.9, weight_decay=5e-4)
    for _ in range(spec["steps"]):
        for optimizer in (search, train):
            x = numbers(N * 32 * 32 * 3, "<f4", "f8").view(N, 32, 32, 3).permute(0, 3, 1, 2)
            y = numbers(N, "<i4", np.int64)
            for v in state.values():
                v.grad = None
            loss = F.cross_entropy(darts(x), y)
            loss.backward()
            if optimizer is train:
                torch.nn.utils.clip_grad_norm_(weights, 5.0)
            optimizer.step()
        losses.append(loss.item())
else:
    optimizer, baseline = torch.optim.Adam(state.values(), 3.5e-4), 0.0
    for _ in range(spec["steps"]):
        decisions = numbers(N * 20, "<i4", np.int64).view(20, N)
        reward = (decisions == 2).double().mean(0)
        baseline = 0.95 * baseline + 0.05 * reward.mean().item()
        logp, entropy = controller(decisions)
        loss = -(logp * (reward - baseline)).mean() - 1e-4 * entropy.mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
print(json.dumps(losses))
