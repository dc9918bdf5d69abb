"""Loss and gradient in PyTorch on one thread: torch_step.py VARIANT CASE WIDTH DATA GRADIENT REPEATS

nested         autograd inside autograd, as people write it
jets           hand-written stacked jets
jets_compile   the same under torch.compile
"""

import sys

import numpy
import torch

import cases

torch.set_num_threads(1)
torch.set_default_dtype(torch.float32 if cases.SINGLE else torch.float64)


def network(layers, x):
    *hidden, last = layers
    for weights, biases in hidden:
        x = torch.tanh(x @ weights.T + biases)
    return x @ last[0].T + last[1]


def nested(case, layers, points):
    x = points.detach().requires_grad_(True)
    y = network(layers, x)

    def gradient(value):
        return torch.autograd.grad(value.sum(), x, create_graph=True)[0]

    if case == "navier_stokes":
        first = [gradient(y[:, k]) for k in range(3)]
        jets = [y]
        for coordinate in (0, 1):
            along = [g[:, coordinate] for g in first]
            second = [gradient(d)[:, coordinate] for d in along[:2]]
            jets += [torch.stack(along, 1), torch.stack(second, 1)]
        return cases.residuals(case, jets)
    first = gradient(y)
    along = [y[:, 0], first[:, 0]]
    for _ in range(1 if case == "burgers" else 3):
        along.append(gradient(along[-1])[:, 0])
    return cases.residuals(case, [jet[:, None] for jet in [*along, first[:, 1]]])


def jets(case, layers, points):
    count = cases.coefficients(case)
    (weights, biases), *others = layers
    z = points @ weights.T + biases
    wx, wt = (weights[:, k].expand_as(z) for k in (0, 1))
    z = cases.first_jets(case, z, wx, wt, torch.zeros_like(z))
    for weights, biases in others:
        a = torch.cat(cases.activation_jets(case, torch.tanh(z[0]), z))
        z = list((a @ weights.T).view(count, len(points), -1).unbind(0))
        z[0] = z[0] + biases
    return cases.residuals(case, z)


def main():
    variant, case, width, data, gradient, repeats = sys.argv[1:]
    layers, points, boundary, values = cases.read(case, int(width), data)
    layers = [tuple(torch.tensor(part, requires_grad=True) for part in layer) for layer in layers]
    points, boundary, values = (torch.tensor(part) for part in (points, boundary, values))
    inside = nested if variant == "nested" else jets

    def loss():
        mismatch = network(layers, boundary)[:, : values.shape[1]] - values
        return sum((r * r).mean() for r in inside(case, layers, points)) + (mismatch**2).mean()

    if variant == "jets_compile":
        loss = torch.compile(loss)
    parameters = [part for layer in layers for part in layer]

    def step():
        for part in parameters:
            part.grad = None
        value = loss()
        value.backward()
        return value

    value = step().item()
    numpy.concatenate([part.grad.double().numpy().ravel() for part in parameters]).tofile(gradient)
    cases.report(loss=value, milliseconds=cases.shortest(int(repeats), step))


main()
