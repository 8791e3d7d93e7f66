"""Makes assets/ggml_grids.bin and the fixtures tests/fixtures/grids.gguf and grids.f32.

    pip install gguf==0.17.1 numpy
    python3 tests/e2e/make_grids.py

The grids are tables of the file format (ggml-common.h of llama.cpp, MIT licence; the Python package gguf
has them, too). The asset holds the number of each coordinate's level, a grid after the other in the order
below: four 2-bit numbers to a byte for IQ2 and IQ1, two 4-bit numbers for IQ3, the lowest bits first.
The fixture has random blocks of each type, and what the package decodes them to.
"""

import pathlib

import numpy as np
from gguf import GGMLQuantizationType as Type, GGUFWriter, quants

ROOT = pathlib.Path(__file__).resolve().parents[2]
GRIDS = ["IQ2_XXS", "IQ2_XS", "IQ2_S", "IQ3_XXS", "IQ3_S", "IQ1_S"]
TYPES = [*GRIDS, "IQ1_M"]
BLOCKS = 4


def packed(name):
    kind = getattr(quants, name)
    kind.init_grid()
    levels = {level: number for number, level in enumerate(kind.grid_map)}
    numbers = np.array([levels[int(x)] for x in kind.grid.reshape(-1)], dtype=np.uint8)
    width = 2 if len(kind.grid_map) <= 4 else 4
    numbers = numbers.reshape(-1, 8 // width)
    return (numbers << (np.arange(8 // width, dtype=np.uint8) * width)).sum(axis=1).astype(np.uint8).tobytes()


def blocks(name, random):
    """Any bytes, under scales that are finite."""
    size = quants.quant_shape_to_byte_shape((256,), Type[name])[0]
    out = random.integers(0, 256, (BLOCKS, size), dtype=np.uint8)
    scales = np.array([0.0123, -3.5, 6e-8, 60000.0], dtype=np.float16).view(np.uint16)
    for block, scale in zip(out, scales):
        if name == "IQ1_M":
            for part in range(4):
                block[49 + 2 * part] = (block[49 + 2 * part] & 15) | ((int(scale) >> (4 * part) & 15) << 4)
        else:
            block[:2] = np.frombuffer(int(scale).to_bytes(2, "little"), dtype=np.uint8)
    return out


def main():
    (ROOT / "assets/ggml_grids.bin").write_bytes(b"".join(map(packed, GRIDS)))
    random = np.random.default_rng(7)
    folder, decoded = ROOT / "tests/fixtures", []
    writer = GGUFWriter(folder / "grids.gguf", "llama")
    for name in TYPES:
        data = blocks(name, random)
        decoded.append(quants.dequantize(data, Type[name]).astype(np.float32).reshape(-1))
        writer.add_tensor(name.lower(), data, raw_dtype=Type[name])
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    (folder / "grids.f32").write_bytes(np.concatenate(decoded).tobytes())


main()
