#!/usr/bin/env python3
"""How fast the real window is, under Xvfb: what its log of timings says of one run.

usage: window.py PROGRAM [FILE…]
needs xvfb and xdotool, and an otherwise idle machine
"""
import os
import sys
import time

from shown import Shown

files = [os.path.abspath(f) for f in sys.argv[2:]]
started = time.time()
with Shown(sys.argv[1], *files) as shown:

    def memory(field):
        with open(f"/proc/{shown.window.pid}/status") as f:
            return next((int(line.split()[1]) // 1024 for line in f if line.startswith(field)), 0)

    # Still for three seconds: done.
    seen, since = -1, time.time()
    while time.time() - since < 3 and time.time() - started < 120:
        time.sleep(0.1)
        if len(shown.events()) != seen:
            seen, since = len(shown.events()), time.time()
    print(f"memory: {memory('RssAnon')} MB of its own, {memory('RssFile')} MB of mapped files")
found = shown.events()
opened = [e for e in found if e["event"] == "opened"][-1]["ms"] if files else 0
for e in found:
    what = {k: v for k, v in e.items() if k not in ("ms", "event")}
    print(f"{e['ms']:8.0f} ms  {e['event']:<16} {what}")
last = [e["ms"] for e in found if e["event"] in ("photo_preview", "photo_report", "table_complete")]
frames = [e["frame_ms"] for e in found if e["event"] == "slow_frame" and e["ms"] > opened]
print(f"\nlast result {max(last, default=0) - opened:.0f} ms after opening; longest frame after it {max(frames, default=0):.0f} ms (0: none over 33)")
