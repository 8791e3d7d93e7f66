#!/usr/bin/env python3
"""How fast the table of tensors is in the real window, under Xvfb: 10,000 of them, sorted, scrolled, grouped.

usage: table.py PROGRAM [TENSORS]
needs xvfb and xdotool, and an otherwise idle machine
"""
import json
import os
import random
import struct
import sys
import tempfile
import time

from shown import Shown

count = int(sys.argv[2]) if len(sys.argv) > 2 else 10_000
model = os.path.join(tempfile.mkdtemp(), "many.safetensors")
kinds = ["self_attn.q_proj.weight", "self_attn.o_proj.weight", "mlp.up_proj.weight", "input_layernorm.weight"]
seeded = random.Random(7)
values = struct.pack("<256f", *(seeded.gauss(0, 0.02) for _ in range(256)))
header = {}
for i in range(count):
    name = f"model.layers.{i // len(kinds)}.{kinds[i % len(kinds)]}"
    header[name] = {"dtype": "F32", "shape": [8, 32], "data_offsets": [i * 1024, (i + 1) * 1024]}
text = json.dumps(header).encode()
with open(model, "wb") as f:
    f.write(struct.pack("<Q", len(text)) + text + values * count)

with Shown(sys.argv[1], model) as shown:
    run, events = shown.run, shown.events
    name = shown.focus()
    run("windowsize", "--sync", name, "1280", "800")
    end = time.time() + 300
    loaded = lambda e: e["event"] == "table_complete" and e["document"] > 2
    while time.time() < end and not any(loaded(e) for e in events()):
        time.sleep(0.2)
    time.sleep(2)
    for what, actions in [
        ("still", []),
        ("scrolling", [("mousemove", "--window", name, "200", "400")] + [("click", "--repeat", "40", "--delay", "15", "5")] * 4),
        ("sorting", [("mousemove", "--window", name, x, "145", "click", "1") for x in ("360", "360", "400", "312", "30", "30")]),
        ("scrolling again", [("mousemove", "--window", name, "200", "400"), ("click", "--repeat", "60", "--delay", "15", "4")]),
        ("walking", [("key", "--repeat", "20", "--delay", "60", "Down")]),
    ]:
        before = len(events())
        for action in actions:
            run(*action)
            time.sleep(0.3)
        time.sleep(1)
        slow = [e["frame_ms"] for e in events()[before:] if e["event"] == "slow_frame"]
        print(f"{what:<16} {len(slow)} frames over 33 ms, the longest {max(slow, default=0):.0f} ms")
