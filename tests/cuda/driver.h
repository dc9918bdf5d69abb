// Reads rows of lanes from the standard input, runs kernels over them, writes what comes out.
//
// For each kernel: the number of lanes as 64 bits, then the uniforms and the rows of the inputs. What is
// written is the rows of the outputs.
#pragma once
#include "shim.h"
#include <cstdio>
#include <cstdlib>
#include <vector>

template <class Real>
struct Entry {
    size_t inputs, uniforms, outputs;
    void (*call)(const Real* const* in, const Real* uniforms, Real* const* out, size_t lanes);
};

template <class T>
static std::vector<T> take(size_t count) {
    std::vector<T> numbers(count);
    if (std::fread(numbers.data(), sizeof(T), count, stdin) != count) {
        std::fprintf(stderr, "the input ends early\n");
        std::exit(1);
    }
    return numbers;
}

template <class Real, size_t COUNT>
static int run(const Entry<Real> (&entries)[COUNT]) {
    const size_t beyond = 8;  // lanes behind the last one, which no kernel may touch
    const Real untouched = Real(-77.25);
    for (size_t number = 0; number < COUNT; number++) {
        const Entry<Real>& entry = entries[number];
        const size_t lanes = (size_t)take<uint64_t>(1)[0];
        const std::vector<Real> uniforms = take<Real>(entry.uniforms);
        std::vector<std::vector<Real>> rows, results;
        std::vector<const Real*> in;
        std::vector<Real*> out;
        for (size_t row = 0; row < entry.inputs; row++) rows.push_back(take<Real>(lanes));
        for (const auto& row : rows) in.push_back(row.data());
        results.assign(entry.outputs, std::vector<Real>(lanes + beyond, untouched));
        for (auto& row : results) out.push_back(row.data());
        launch(2, 16, [&] { entry.call(in.data(), uniforms.data(), out.data(), lanes); });
        for (const auto& row : results) {
            for (size_t lane = lanes; lane < lanes + beyond; lane++) {
                if (row[lane] != untouched) {
                    std::fprintf(stderr, "kernel %zu writes beyond its last lane\n", number);
                    return 1;
                }
            }
            std::fwrite(row.data(), sizeof(Real), lanes, stdout);
        }
    }
    return 0;
}
