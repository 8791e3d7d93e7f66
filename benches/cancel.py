#!/usr/bin/env python3
"""How soon the first row of the table is there, and how soon a cancel is obeyed, in the real window.

usage: cancel.py PROGRAM MODEL [ROUNDS]
needs xvfb and xdotool, and an otherwise idle machine

Each round opens the model, presses Escape while the table fills, then opens the budget's panel, which measures
every tensor under seven formats, and presses Escape again. "obeyed" is when no thread works on it any more.
"""
import os
import sys
import time

from shown import Shown

model = os.path.abspath(sys.argv[2])
rounds = int(sys.argv[3]) if len(sys.argv) > 3 else 5
worst = {"first": 0, "table": 0, "budget": 0}


def measure(turn, shown):
    def events(name):
        return [e for e in shown.events() if e["event"] == name]

    def wait(name, count=1, after=0):
        start = time.time()
        while len(found := [e for e in events(name) if e["ms"] >= after]) < count:
            assert time.time() - start < 60, f"no {name}"
            time.sleep(0.01)
        return found[count - 1]

    wait("first_frame")
    shown.focus()
    opened = wait("opened", 3)
    # The table of the sample may have begun before, or not.
    first = wait("table_first", after=opened["ms"])
    time.sleep(0.05 * turn)
    shown.run("key", "Escape")
    table = wait("cancelled")
    shown.run("key", "b")
    time.sleep(0.3 + 0.3 * turn)
    shown.run("key", "Escape")
    budget = wait("cancelled", 2)
    took = first["ms"] - opened["ms"]
    print(f"first row {took:.0f} ms after the model was opened; "
          f"table: cancel obeyed after {table['after_ms']:.0f} ms, {table['cells_kept']} cells kept; "
          f"budget: after {budget['after_ms']:.0f} ms, {budget['cells_kept'] - table['cells_kept']} more kept")
    for name, ms in (("first", took), ("table", table["after_ms"]), ("budget", budget["after_ms"])):
        worst[name] = max(worst[name], ms)


for turn in range(rounds):
    with Shown(sys.argv[1], model) as shown:
        measure(turn, shown)
print("at most, ms:", {name: round(ms) for name, ms in worst.items()})
