#!/usr/bin/env python3
"""Every lesson in the real window, by keyboard alone, on a laptop's screen and on a projector's.

usage: lessons.py PROGRAM [FOLDER_FOR_SCREENSHOTS [PHOTO MODEL]]
with the photo and the model in place of the samples
needs what run.py needs
"""
import glob
import os
import subprocess
import sys
import tempfile
import time
import tomllib

import run

LESSONS = os.path.join(run.HERE, "..", "..", "assets", "lessons", "*.toml")


def lessons():
    found = []
    for path in sorted(glob.glob(LESSONS)):
        with open(path, "rb") as f:
            found.append(tomllib.load(f))
    return found


def is_not_empty(picture):
    """Neither the text on the left nor the exhibit on the right."""
    width, height = picture.size
    text, shown = (0, 60, width // 3, height - 60), (width // 3 + 20, 60, width - 10, height - 60)
    return min(run.colours(picture, text), run.colours(picture, shown)) >= 12


def go_through(window, name, presenting):
    """From the list to the last step of the last lesson, with answers shown."""
    window.key("ctrl+4", "Return")
    if presenting:
        window.key("F5")
    for number, lesson in enumerate(lessons()):
        for step in range(len(lesson["steps"])):
            there = lambda e: e["event"] == "lesson_ready" and (e["lesson"], e["step"]) == (number, step)
            window.wait_for(f"lesson {number + 1}, step {step + 1}", there, seconds=120)
            window.key("Return")
            what = f"{name}: lesson {number + 1}, {lesson['title']}, step {step + 1} is not empty"
            window.shows(f"{name}-{number + 1:02}-{step + 1}", what, is_not_empty)
            window.key("Right")
    slow = [round(e["frame_ms"]) for e in window.events() if e["event"] == "slow_frame" and e["frame_ms"] > 50]
    print(f"{name}: frames over 50 ms: {slow}")


def session(size, name, theme_key, presenting):
    run.WIDTH, run.HEIGHT = size
    env = dict(os.environ, DISPLAY=f":{run.random.randint(100, 999)}", HOME=tempfile.mkdtemp())
    for key in ("WAYLAND_DISPLAY", "XDG_DATA_HOME"):
        env.pop(key, None)
    screen = f"{size[0]}x{size[1]}x24"
    server = subprocess.Popen(["Xvfb", env["DISPLAY"], "-screen", "0", screen, "+extension", "GLX", "-nolisten", "tcp"])
    window = None
    try:
        time.sleep(1)
        window = run.Window(env, os.path.join(tempfile.mkdtemp(), "timings.jsonl"), *sys.argv[3:])
        window.wait_for("the samples", lambda e: e["event"] == "tensor_report")
        if theme_key:
            window.key("t")
        go_through(window, name, presenting)
    finally:
        if window:
            window.process.terminate()
        server.terminate()


if __name__ == "__main__":
    session((1280, 800), "laptop", False, False)
    session((1920, 1080), "projector", True, True)
    print(f"\n{run.passed} passed, 0 failed")
