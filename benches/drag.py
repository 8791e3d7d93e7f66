#!/usr/bin/env python3
"""What a hand at the photo's settings waits for, in the real window under Xvfb: the dial turned on the bridge, then the
field of colours and that of the dither's strength dragged in the Photo tab. For each: how many pictures were seen, how
long after the last wish its preview was shown, and the longest frame.

usage: drag.py PROGRAM PHOTO
needs xvfb and xdotool, and an otherwise idle machine
"""
import os
import statistics
import sys
import time

from shown import Shown

shown = Shown(sys.argv[1], os.path.abspath(sys.argv[2]))
run, events = shown.run, shown.events


def rest(most=120):
    """Until all is done, the packing of files too."""
    spent = lambda: sum(int(n) for n in open(f"/proc/{shown.window.pid}/stat").read().rsplit(")", 1)[1].split()[11:13])
    start, before = time.time(), -100
    while time.time() - start < most and spent() - before > 3:
        before = spent()
        time.sleep(2)


def drag(name, points):
    """One point every 60 ms with the button down."""
    before = len(events())
    run("mousemove", *map(str, points[0]))
    time.sleep(0.3)
    run("mousedown", "1")
    for point in points[1:]:
        run("mousemove", *map(str, point))
        time.sleep(0.06)
    run("mouseup", "1")
    rest()
    found = events()[before:]
    pictures = [e for e in found if e["event"] in ("photo_preview", "photo_report")]
    waits = [e["after_ms"] for e in pictures if e["event"] == "photo_preview" and e["after_ms"] is not None]
    frames = [e["frame_ms"] for e in found if e["event"] == "slow_frame"]
    if not pictures:
        return print(f"{name:<24} no picture: did the hand meet the field?")
    gaps = []
    for pane in {e["pane"] for e in pictures}:
        times = [e["ms"] for e in pictures if e["pane"] == pane and e["event"] == "photo_preview"]
        gaps += [b - a for a, b in zip(times, times[1:])]
    print(
        f"{name:<24}{len(pictures):3} pictures, {max(gaps, default=0):4.0f} ms between two of a pane at most; a preview after "
        f"{statistics.median(waits or [0]):3.0f} ms, at most {max(waits, default=0):3.0f}; "
        f"{len(frames)} frames over 33 ms, the longest {max(frames, default=0):.0f}"
    )


with shown:
    shown.focus()
    rest()
    # Places in a window of 1280 x 800 with the settings of a first start.
    run("key", "ctrl+2")
    run("mousemove", "530", "52")
    drag("colours of 16, dragged", [(530 + 12 * k, 52) for k in range(16)])
    run("mousemove", "235", "52", "click", "1")
    time.sleep(0.5)
    run("mousemove", "245", "112", "click", "1")
    rest()
    drag("strength of the dither", [(347 - 8 * k, 52) for k in range(12)])
    run("key", "ctrl+1")
    rest()
    drag("dial on the bridge", [(640, 191), (608, 198), (585, 230), (584, 247), (600, 287), (584, 247), (600, 207), (640, 191), (680, 207), (696, 247)])
