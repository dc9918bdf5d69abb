// Runs generated kernels on the CPU: the words of CUDA C that they use, as C++17.
//
// The kernels neither share memory nor wait for each other, so the threads of a grid may run one after
// another, in any order; this does it from the last to the first, which a kernel must not notice.
#pragma once
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>

#define __global__

struct Coordinates {
    unsigned x, y, z;
};
static Coordinates threadIdx, blockIdx, blockDim, gridDim;

template <class To, class From>
static inline To same_bits(From from) {
    static_assert(sizeof(To) == sizeof(From), "a number has as many bits as its pattern");
    To to;
    std::memcpy(&to, &from, sizeof to);
    return to;
}
static inline double __longlong_as_double(long long bits) { return same_bits<double>(bits); }
static inline float __int_as_float(int bits) { return same_bits<float>(bits); }

template <class Thread>
static void launch(unsigned blocks, unsigned threads, Thread thread) {
    gridDim = {blocks, 1, 1};
    blockDim = {threads, 1, 1};
    for (unsigned block = blocks; block-- > 0;) {
        for (unsigned number = threads; number-- > 0;) {
            blockIdx = {block, 0, 0};
            threadIdx = {number, 0, 0};
            thread();
        }
    }
}
