#!/usr/bin/env python3
"""What a hand at the photo's settings waits for, in the real window under Xvfb: the dial turned on the bridge, then the
field of colours and that of the dither's strength dragged in the Photo tab. For each: how long after a wish the first
picture of it was shown, and the longest frame.

usage: drag.py PROGRAM PHOTO
needs xvfb and xdotool, and an otherwise idle machine
"""
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time

program, photo = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
env = dict(os.environ, DISPLAY=f":{random.randint(100, 999)}", HOME=tempfile.mkdtemp())
env.pop("WAYLAND_DISPLAY", None)
log = os.path.join(tempfile.mkdtemp(), "timings.jsonl")
server = subprocess.Popen(["Xvfb", env["DISPLAY"], "-screen", "0", "1280x800x24", "+extension", "GLX", "-nolisten", "tcp"])
time.sleep(1)
window = subprocess.Popen([program, "--log-timings", log, photo], env=env)


def events():
    try:
        with open(log) as f:
            return [json.loads(line) for line in f if line.endswith("\n")]
    except FileNotFoundError:
        return []


def run(*command):
    subprocess.run(["xdotool", *command], env=env, check=True, capture_output=True)


def rest(seconds=3, most=120):
    """Nothing was logged for so long."""
    seen, since, start = -1, time.time(), time.time()
    while time.time() - since < seconds and time.time() - start < most:
        time.sleep(0.1)
        if len(events()) != seen:
            seen, since = len(events()), time.time()


def drag(name, points):
    """One point every 60 ms with the button down."""
    before = len(events())
    run("mousemove", *map(str, points[0]))
    run("mousedown", "1")
    for point in points[1:]:
        run("mousemove", *map(str, point))
        time.sleep(0.06)
    run("mouseup", "1")
    rest()
    found = events()[before:]
    first = {}
    for e in found:
        if e["event"] in ("photo_preview", "photo_report") and e.get("after_ms") is not None:
            first.setdefault((e["event"], e["colors"]), []).append(e["after_ms"])
    previews = [ms for (event, _), times in first.items() if event == "photo_preview" for ms in times]
    frames = [e["frame_ms"] for e in found if e["event"] == "slow_frame"]
    if not previews:
        return print(f"{name:<28} no preview: did the hand meet the field?")
    print(
        f"{name:<28}{len(previews):4} previews, median {statistics.median(previews):4.0f} ms, longest {max(previews):4.0f} ms; "
        f"{len(frames)} frames over 33 ms, longest {max(frames, default=0):.0f} ms"
    )


run("search", "--sync", "--name", "^Quantscope")
run("mousemove", "640", "20")
run("search", "--name", "^Quantscope", "windowfocus", "--sync")
rest()
DIAL = [(640, y) for y in (300, 330, 360, 390, 420, 390, 360, 330, 300, 270)]
drag("dial on the bridge", DIAL)
run("key", "2")
rest()
server_done = [window.terminate(), window.wait(), server.terminate()]
