#!/usr/bin/env python3
"""Checks written model files with the packages of Python: `pip install gguf safetensors numpy`.

    check_files.py QUANTSCOPE MODEL [FORMAT…]

For each format, writes a GGUF and a .safetensors of MODEL and demands that the `gguf` package dequantizes
every tensor of the first to the very floats that the `safetensors` package reads from the second.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
from gguf import GGUFReader
from gguf.quants import dequantize
from safetensors.numpy import load_file

ALL = (
    "q8_0 q5_1 q5_0 q4_1 q4_0 q6_k q5_k q4_k q3_k q2_k iq4_nl iq4_xs tq2_0 tq1_0 mxfp4 nvfp4 "
    "q4_k+ q2_k+ q6_k+ iq4_xs+"
).split()


def main() -> int:
    program, model, *formats = sys.argv[1:]
    wrong = 0
    for name in formats or ALL:
        with tempfile.TemporaryDirectory() as folder:
            outs = [Path(folder) / f"out.{kind}" for kind in ("gguf", "safetensors")]
            for out in outs:
                subprocess.run([program, "convert", model, "--format", name, "-o", out, "--force"], check=True, capture_output=True)
            expected = load_file(outs[1])
            reader = GGUFReader(outs[0])
            types, compared, unequal = {}, 0, []
            for tensor in reader.tensors:
                kind = tensor.tensor_type.name
                types[kind] = types.get(kind, 0) + 1
                values = np.asarray(dequantize(tensor.data, tensor.tensor_type))
                wanted = expected[tensor.name]
                same = np.array_equal(values.reshape(-1), wanted.astype(values.dtype).reshape(-1), equal_nan=True)
                compared += values.size
                if not same:
                    unequal.append(tensor.name)
            missing = set(expected) - {t.name for t in reader.tensors}
            print(f"{name}: {compared} values, types {types}, {len(unequal)} tensors differ, {len(missing)} missing")
            wrong += len(unequal) + len(missing)
            for name in unequal[:3]:
                print("   ", name)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
