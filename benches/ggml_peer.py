"""ggml's own encoders and decoders on the same weights, beside `cargo bench --bench formats`.

    pip install libggml-python numpy
    python3 benches/ggml_peer.py [--values N] [MODEL.safetensors]

One thread. GB/s of f32: the best of several rounds over a buffer of N weights (32,768 unless told) that
stays in the cache, as in the bench. Without a model the weights are Gaussian.
"""

import argparse
import ctypes
import json
import pathlib
import struct
import time

import libggml
import numpy as np

ROUNDS = 60
# ggml's number of each type, and the ending of its functions' names.
TYPES = {
    "q8_0": (8, "q8_0"), "q4_0": (2, "q4_0"), "q4_1": (3, "q4_1"), "q5_0": (6, "q5_0"), "q5_1": (7, "q5_1"),
    "iq4_nl": (20, "iq4_nl"), "iq4_xs": (23, "iq4_xs"), "q2_k": (10, "q2_K"), "q3_k": (11, "q3_K"),
    "q4_k": (12, "q4_K"), "q5_k": (13, "q5_K"), "q6_k": (14, "q6_K"), "tq1_0": (34, "tq1_0"),
    "tq2_0": (35, "tq2_0"), "mxfp4": (39, "mxfp4"), "nvfp4": (40, "nvfp4"),
}


def library():
    folder = pathlib.Path(libggml.__file__).parent
    found = sorted(folder.rglob("libggml-base.so")) + sorted(folder.rglob("libggml-base.dylib"))
    lib = ctypes.CDLL(str(found[0]))
    lib.ggml_row_size.restype = ctypes.c_size_t
    lib.ggml_row_size.argtypes = [ctypes.c_int, ctypes.c_int64]
    lib.ggml_quantize_chunk.restype = ctypes.c_size_t
    lib.ggml_quantize_chunk.argtypes = [ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int64,
                                        ctypes.c_int64, ctypes.c_int64, ctypes.c_void_p]
    return lib


def weights(path, count):
    """The first large f32 matrix of a safetensors file, or Gaussian numbers."""
    if path is None:
        return np.random.default_rng(5).normal(0, 0.05, count).astype(np.float32)
    with open(path, "rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(length))
        for name, info in header.items():
            if name != "__metadata__" and info["dtype"] == "F32" and len(info["shape"]) == 2:
                start, end = info["data_offsets"]
                if (end - start) // 4 >= count:
                    file.seek(8 + length + start)
                    return np.frombuffer(file.read(count * 4), dtype=np.float32).copy()
    raise SystemExit(f"{path} has no f32 matrix of {count} weights")


def least_seconds(work):
    best = float("inf")
    for _ in range(ROUNDS):
        start = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - start)
    return best


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--values", type=int, default=1 << 15)
    parser.add_argument("model", nargs="?")
    arguments = parser.parse_args()
    count = arguments.values // 256 * 256
    x = weights(arguments.model, count)
    lib = library()
    y = np.zeros_like(x)
    print(f"{'format':<10}{'encode GB/s':>14}{'decode GB/s':>14}{'SQNR dB':>10}")
    for name, (kind, ending) in TYPES.items():
        dequantize = getattr(lib, f"dequantize_row_{ending}", None)
        if dequantize is None:
            print(f"{name:<10}  not in this version")
            continue
        dequantize.restype = None
        dequantize.argtypes = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int64]
        encoded = np.zeros(lib.ggml_row_size(kind, count), dtype=np.uint8)
        lib.ggml_quantize_init(kind)
        source, bytes_, target = x.ctypes.data, encoded.ctypes.data, y.ctypes.data
        encode = least_seconds(lambda: lib.ggml_quantize_chunk(kind, source, bytes_, 0, count // 256, 256, None))
        decode = least_seconds(lambda: dequantize(bytes_, target, count))
        error = ((x - y).astype(np.float64) ** 2).sum()
        sqnr = 10 * np.log10((x.astype(np.float64) ** 2).sum() / error)
        print(f"{name:<10}{4 * count / encode / 1e9:>14.3f}{4 * count / decode / 1e9:>14.2f}{sqnr:>10.2f}")


if __name__ == "__main__":
    main()
