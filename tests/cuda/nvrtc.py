#!/usr/bin/env python3
"""Compiles files of CUDA C with NVRTC, which needs no graphics processor and no header.

    python3 tests/cuda/nvrtc.py FILE.cu ...

libnvrtc is looked for in the folder PDEC_CUDA_LIBS, among Python's packages (`pip install
nvidia-cuda-nvrtc-cu12`) and where the system keeps libraries. Exit status: 0 if everything compiles,
1 if something does not, 77 if there is no NVRTC.
"""

import ctypes
import importlib.util
import os
import pathlib
import sys

ARCHITECTURES = ["sm_80", "sm_90"]


def main(paths):
    library = load()
    if library is None:
        print("no libnvrtc on this machine")
        return 77
    kernels = 0
    for path in paths:
        text = pathlib.Path(path).read_bytes()
        for architecture in ARCHITECTURES:
            complaint = compile_text(library, text, architecture)
            if complaint is not None:
                print(f"{path}, {architecture}:\n{complaint}")
                return 1
        kernels += text.count(b"__global__ void ")
    major, minor = ctypes.c_int(), ctypes.c_int()
    library.nvrtcVersion(ctypes.byref(major), ctypes.byref(minor))
    print(f"{kernels} kernels for {' and '.join(ARCHITECTURES)} by NVRTC {major.value}.{minor.value}")
    return 0


def load():
    folders = [pathlib.Path(os.environ["PDEC_CUDA_LIBS"])] if "PDEC_CUDA_LIBS" in os.environ else []
    packages = importlib.util.find_spec("nvidia")
    for place in packages.submodule_search_locations if packages else []:
        folders += sorted(pathlib.Path(place).glob("*/lib"))
    folders.append(pathlib.Path("/usr/local/cuda/lib64"))
    candidates = [str(path) for folder in folders for path in sorted(folder.glob("libnvrtc.so*"))]
    for candidate in [*candidates, "libnvrtc.so", "libnvrtc.so.13", "libnvrtc.so.12"]:
        try:
            return ctypes.CDLL(candidate)
        except OSError:
            continue
    return None


def compile_text(library, text, architecture):
    """What is wrong with the text, or nothing."""
    program = ctypes.c_void_p()
    library.nvrtcCreateProgram(ctypes.byref(program), text, b"kernels.cu", 0, None, None)
    options = [f"--gpu-architecture={architecture}".encode(), b"--fmad=false"]
    status = library.nvrtcCompileProgram(
        program, len(options), (ctypes.c_char_p * len(options))(*options)
    )
    complaint = None
    if status != 0:
        complaint = string(library, program, "ProgramLog") or f"status {status}"
    elif string(library, program, "PTX").count(".visible .entry") != text.count(b"__global__ void "):
        complaint = "some kernels are missing from the PTX"
    else:
        size = ctypes.c_size_t()
        if library.nvrtcGetCUBINSize(program, ctypes.byref(size)) != 0 or size.value == 0:
            complaint = "there is no machine code"
    library.nvrtcDestroyProgram(ctypes.byref(program))
    return complaint


def string(library, program, name):
    size = ctypes.c_size_t()
    getattr(library, f"nvrtcGet{name}Size")(program, ctypes.byref(size))
    buffer = ctypes.create_string_buffer(size.value + 1)
    getattr(library, f"nvrtcGet{name}")(program, buffer)
    return buffer.value.decode("utf-8", "replace")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
