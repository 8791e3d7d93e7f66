#!/usr/bin/env python3
"""Checks written pictures and palettes with a decoder of another house: Pillow (python3-pil).

    check_images.py QUANTSCOPE PHOTO…

For each photo and each of some settings, writes a PNG, a GIF and the palette in every kind of file, and demands that
the PNG has as many entries as were asked for, that its decoded pixels have the very error that the program printed,
that GIF and PNG decode to the same pixels, and that every palette file, read here by hand, holds the PNG's entries in
its order.
"""

import json
import math
import struct
import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image, ImageChops

SETTINGS = {
    "256 colours": ["--colors", "256", "--goal", "nearest"],
    "16 colours, best for the eye": ["--colors", "16"],
    "64 colours in Oklab": ["--colors", "64", "--space", "oklab"],
    "16 colours, diffused": ["--colors", "16", "--dither", "floyd-steinberg", "--serpentine"],
    "4 colours": ["--colors", "4", "--goal", "nearest"],
    "2 colours, best for the eye": ["--colors", "2"],
    "128 colours by Wu": ["--colors", "128", "--method", "wu"],
    "16 colours, one locked": ["--colors", "16", "--lock", "#12ab34"],
    "8 colours by octree, blue noise": ["--colors", "8", "--method", "octree", "--dither", "blue-noise"],
}
KINDS = ("gpl", "hex", "act", "pal", "ase", "png")


def read_palette(path):
    """The colours of a palette file as (red, green, blue)."""
    data = path.read_bytes()
    if path.suffix == ".png":
        return list(Image.open(path).convert("RGB").getdata())
    if path.suffix == ".act":
        count = struct.unpack(">H", data[768:770])[0] if len(data) == 772 else 256
        return [tuple(data[3 * i : 3 * i + 3]) for i in range(count)]
    if path.suffix == ".ase":
        return read_ase(data)
    lines = data.decode().splitlines()
    if path.suffix == ".hex":
        return [tuple(bytes.fromhex(line.strip().lstrip("#"))[:3]) for line in lines if line.strip()]
    if path.suffix == ".pal":
        assert lines[:2] == ["JASC-PAL", "0100"], lines[:2]
        colors = [tuple(map(int, line.split()[:3])) for line in lines[3:] if line.strip()]
        assert len(colors) == int(lines[2]), (len(colors), lines[2])
        return colors
    assert lines[0] == "GIMP Palette", lines[0]
    return [tuple(map(int, line.split()[:3])) for line in lines[1:] if line.strip()[:1].isdigit()]


def read_ase(data):
    """Adobe Swatch Exchange: blocks of a kind, a length, and for a colour its name, model and floats."""
    assert data[:4] == b"ASEF"
    (blocks,) = struct.unpack(">I", data[8:12])
    at, colors = 12, []
    for _ in range(blocks):
        kind, length = struct.unpack(">HI", data[at : at + 6])
        body = data[at + 6 : at + 6 + length]
        at += 6 + length
        if kind == 1:
            (name,) = struct.unpack(">H", body[:2])
            model = body[2 + 2 * name : 6 + 2 * name]
            assert model == b"RGB ", model
            colors.append(tuple(round(v * 255) for v in struct.unpack(">3f", body[6 + 2 * name : 18 + 2 * name])))
    return colors


def psnr(a, b):
    """Of two RGB pictures, from the histogram of their differences; None where they are the same."""
    counts = ImageChops.difference(a, b).histogram()
    squared = sum(count * (i % 256) ** 2 for i, count in enumerate(counts))
    return 10 * math.log10(255**2 * 3 * a.width * a.height / squared) if squared else None


def check(program, photo, arguments, folder):
    """What is wrong with the files of one setting."""
    png, gif = folder / "out.png", folder / "out.gif"

    def run(*more):
        command = [program, "image", photo, "--force", *arguments, *map(str, more)]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    said = json.loads(run("-o", png, "--json"))
    said = said[0] if isinstance(said, list) else said
    run("-o", gif)
    original, decoded = Image.open(photo).convert("RGB"), Image.open(png)
    wrong = []
    asked = int(arguments[arguments.index("--colors") + 1])
    palette = decoded.getpalette("RGB")
    entries = [tuple(palette[i : i + 3]) for i in range(0, len(palette), 3)]
    if decoded.mode != "P" or len(entries) != asked or len(set(entries)) != asked:
        wrong.append(f"mode {decoded.mode}, {len(entries)} entries, {len(set(entries))} different, {asked} asked for")
    if max(decoded.getdata()) >= asked:
        wrong.append("a pixel beyond the palette")
    found = psnr(original, decoded.convert("RGB"))
    if (found is None) != (said["psnr_db"] is None) or found and abs(found - said["psnr_db"]) > 1e-4:
        wrong.append(f"PSNR {found} decoded, {said['psnr_db']} said")
    if png.stat().st_size != said.get("png_bytes", png.stat().st_size):
        wrong.append(f"{png.stat().st_size} bytes written, {said['png_bytes']} said")
    if psnr(decoded.convert("RGB"), Image.open(gif).convert("RGB")) is not None:
        wrong.append("GIF and PNG differ")
    if "--lock" in arguments and (0x12, 0xAB, 0x34) not in entries:
        wrong.append("the locked colour is gone")
    for kind in KINDS:
        path = folder / f"palette.{kind}"
        run("--save-palette", path)
        if read_palette(path) != entries:
            wrong.append(f"the .{kind} palette differs: {len(read_palette(path))} colours")
        # Read back it makes the same picture, wherever no pixel was moved by a dither.
        if "nearest" in arguments:
            again = folder / "again.png"
            command = [program, "image", photo, "--palette", path, "--goal", "nearest", "-o", again, "--force"]
            subprocess.run(command, check=True, capture_output=True)
            if psnr(Image.open(again).convert("RGB"), decoded.convert("RGB")) is not None:
                wrong.append(f"read back from .{kind} it makes another picture")
    return wrong


def main() -> int:
    program, *photos = sys.argv[1:]
    failures = 0
    for photo in photos:
        for name, arguments in SETTINGS.items():
            with tempfile.TemporaryDirectory() as folder:
                wrong = check(program, photo, arguments, Path(folder))
            failures += len(wrong)
            print(f"{Path(photo).name}, {name}: {'; '.join(wrong) or 'as it should be'}")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
