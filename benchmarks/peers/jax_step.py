"""Loss and gradient in JAX on one thread: jax_step.py VARIANT CASE WIDTH DATA GRADIENT REPEATS

jets        hand-written stacked jets
pointwise   derivatives of the network at one point, mapped over points (jaxpi's way)
newton      the parts of a Gauss-Newton step: Jacobian in JAX, the algebra by SciPy's OpenBLAS
"""

import sys

import jax

import cases

jax.config.update("jax_enable_x64", not cases.SINGLE)

import jax.flatten_util
import jax.numpy as np
import numpy
import scipy.linalg


def network(layers, x):
    *hidden, last = layers
    for weights, biases in hidden:
        x = np.tanh(x @ weights.T + biases)
    return x @ last[0].T + last[1]


def jets(case, layers, points):
    count = cases.coefficients(case)
    (weights, biases), *others = layers
    z = points @ weights.T + biases
    wx, wt = (np.broadcast_to(weights[:, k], z.shape) for k in (0, 1))
    z = cases.first_jets(case, z, wx, wt, np.zeros_like(z))
    for weights, biases in others:
        a = np.concatenate(cases.activation_jets(case, np.tanh(z[0]), z))
        z = list((a @ weights.T).reshape(count, len(points), -1))
        z[0] = z[0] + biases
    return cases.residuals(case, z)


def pointwise(case, layers, points):
    def field(k):
        return lambda x, t: network(layers, np.stack([x, t]))[k]

    def at(x, t):
        u = field(0)
        if case == "navier_stokes":
            fields = [field(k) for k in range(3)]
            value = np.stack([f(x, t) for f in fields])
            first = [jax.grad(f, (0, 1))(x, t) for f in fields]
            second = [jax.hessian(f, (0, 1))(x, t) for f in fields[:2]]
            jets = [value]
            for c in (0, 1):
                jets += [np.stack([d[c] for d in first]), np.stack([h[c][c] for h in second])]
            return jets
        derivatives = [u]
        for _ in range(2 if case == "burgers" else 4):
            derivatives.append(jax.grad(derivatives[-1], 0))
        return [np.stack([d(x, t)]) for d in [*derivatives, jax.grad(u, 1)]]

    return cases.residuals(case, jax.vmap(at)(points[:, 0], points[:, 1]))


def step(variant, case, layers, points, boundary, values):
    inside = {"jets": jets, "pointwise": pointwise}[variant]

    def loss(layers):
        mismatch = network(layers, boundary)[:, : values.shape[1]] - values
        return sum(np.mean(r * r) for r in inside(case, layers, points)) + np.mean(mismatch**2)

    return jax.jit(jax.value_and_grad(loss))


def newton(layers, points, repeats):
    flat, shape = jax.flatten_util.ravel_pytree(layers)
    scale = 1 / numpy.sqrt(len(points))

    def residual(flat, point):
        return scale * jets("newton", shape(flat), point[None])[0][0]

    row = jax.value_and_grad(residual)
    jacobian = jax.jit(jax.vmap(row, (None, 0)))
    residuals = jax.jit(lambda flat: scale * jets("newton", shape(flat), points)[0])
    r, matrix = (numpy.asfortranarray(part) for part in jacobian(flat, points))
    matrix = numpy.asfortranarray(numpy.column_stack([matrix, r]))
    gram = scipy.linalg.blas.dsyrk(1.0, matrix, trans=1, lower=1)
    count = len(flat)
    damped = gram[:count, :count] + 1e-4 * numpy.diag(gram)[:count].max() * numpy.eye(count)
    cases.report(
        jacobian=cases.shortest(repeats, lambda: jax.block_until_ready(jacobian(flat, points))),
        gram=cases.shortest(repeats, lambda: scipy.linalg.blas.dsyrk(1.0, matrix, trans=1, lower=1)),
        cholesky=cases.shortest(repeats, lambda: scipy.linalg.cholesky(damped, lower=True, check_finite=False)),
        residuals=cases.shortest(repeats, lambda: residuals(flat).block_until_ready()),
        norm=float(numpy.linalg.norm(matrix)),
    )


def main():
    variant, case, width, data, gradient, repeats = sys.argv[1:]
    layers, points, boundary, values = cases.read(case, int(width), data)
    layers = [tuple(np.array(part) for part in layer) for layer in layers]
    points, boundary, values = (np.array(part) for part in (points, boundary, values))
    if variant == "newton":
        newton(layers, points, int(repeats))
        return
    compiled = step(variant, case, layers, points, boundary, values)
    loss, gradients = compiled(layers)
    parts = [numpy.asarray(part).ravel() for layer in gradients for part in layer]
    numpy.concatenate(parts).astype("f8").tofile(gradient)
    milliseconds = cases.shortest(int(repeats), lambda: jax.block_until_ready(compiled(layers)))
    cases.report(loss=float(loss), milliseconds=milliseconds)


main()
