#!/usr/bin/env python3
"""How soon the first row of the table is there, and how soon a cancel is obeyed, in the real window.

usage: cancel.py PROGRAM MODEL [ROUNDS]
needs xvfb and xdotool, and an otherwise idle machine

Each round opens the model, presses Escape while the table fills, then opens the budget's panel, which measures
every tensor under seven formats, and presses Escape again. "obeyed" is when no thread works on it any more.
"""
import json
import os
import random
import subprocess
import sys
import tempfile
import time

program, model = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
rounds = int(sys.argv[3]) if len(sys.argv) > 3 else 5
worst = {"first": 0, "table": 0, "budget": 0}


def measure(turn):
    env = dict(os.environ, DISPLAY=f":{random.randint(100, 999)}", HOME=tempfile.mkdtemp())
    env.pop("WAYLAND_DISPLAY", None)
    log = os.path.join(tempfile.mkdtemp(), "timings.jsonl")
    server = subprocess.Popen(["Xvfb", env["DISPLAY"], "-screen", "0", "1280x800x24", "+extension", "GLX", "-nolisten", "tcp"])
    time.sleep(1)
    window = subprocess.Popen([program, "--log-timings", log, model], env=env)
    try:
        use(turn, env, log)
    finally:
        window.terminate()
        window.wait()
        server.terminate()


def use(turn, env, log):
    def events(name):
        try:
            with open(log) as f:
                # Whole lines only: the log is written while it is read.
                lines = [json.loads(line) for line in f.read().splitlines(keepends=True) if line.endswith("\n")]
        except FileNotFoundError:
            return []
        return [e for e in lines if e["event"] == name]

    def wait(name, count=1, after=0):
        start = time.time()
        while len(found := [e for e in events(name) if e["ms"] >= after]) < count:
            assert time.time() - start < 60, f"no {name}"
            time.sleep(0.01)
        return found[count - 1]

    def keys(*names):
        for name in names:
            subprocess.run(["xdotool", "key", name], env=env, check=True)

    wait("first_frame")
    found = subprocess.run(["xdotool", "search", "--sync", "--name", "^Quantscope"], env=env, capture_output=True, text=True)
    handle = found.stdout.split()[-1]
    subprocess.run(["xdotool", "mousemove", "640", "20"], env=env, check=True)
    # A window that is not on the screen yet refuses the focus.
    while subprocess.run(["xdotool", "windowfocus", handle], env=env, capture_output=True).returncode:
        time.sleep(0.05)
    # Keys sent before the window knows of its focus are lost.
    time.sleep(0.3)
    opened = wait("opened", 3)
    # The table of the sample may have begun before, or not.
    first = wait("table_first", after=opened["ms"])
    time.sleep(0.05 * turn)
    keys("Escape")
    table = wait("cancelled")
    keys("b")
    time.sleep(0.3 + 0.3 * turn)
    keys("Escape")
    budget = wait("cancelled", 2)
    took = first["ms"] - opened["ms"]
    print(f"first row {took:.0f} ms after the model was opened; "
          f"table: cancel obeyed after {table['after_ms']:.0f} ms, {table['cells_kept']} cells kept; "
          f"budget: after {budget['after_ms']:.0f} ms, {budget['cells_kept'] - table['cells_kept']} more kept")
    for name, ms in (("first", took), ("table", table["after_ms"]), ("budget", budget["after_ms"])):
        worst[name] = max(worst[name], ms)


for turn in range(rounds):
    measure(turn)
print("at most, ms:", {name: round(ms) for name, ms in worst.items()})
