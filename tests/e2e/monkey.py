#!/usr/bin/env python3
"""Random clicks, drags, wheel, keys, resizes and drops on the real window, which must survive them and come to rest.

usage: monkey.py PROGRAM SECONDS [--seed N] [--measure] [FILE...]     without files: some of the project's own
needs xvfb xdotool python3-xlib (Debian)

Fails when the program ends or panics. With --measure also when it does not come to rest afterwards (no CPU), or when it
then holds more memory of its own than it did at rest after its start, with the same files, and MOST_MORE on top.
"""
import argparse
import glob
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
WIDTHS, HEIGHTS = [900, 1024, 1280, 1600, 1900], [560, 700, 800, 1060]
KEYS = """1 2 3 4 5 6 8 0 Left Right Up Down Return space Escape Tab Home End Prior Next BackSpace plus minus F1 F5
    s d v e c m k l b p i o r f t g ctrl+1 ctrl+2 ctrl+3 ctrl+4 ctrl+z bracketleft bracketright""".split()
MOST_MORE = 150  # MB
REST_SECONDS = 300


class Display:
    """An X server of its own, on a number that is free."""

    def __enter__(self):
        read, write = os.pipe()
        command = ["Xvfb", "-displayfd", str(write), "-screen", "0", "1920x1080x24", "+extension", "GLX", "-nolisten", "tcp"]
        self.server = subprocess.Popen(command, pass_fds=[write], stderr=subprocess.DEVNULL)
        os.close(write)
        with os.fdopen(read) as number:
            self.name = f":{number.readline().strip()}"
        return self

    def __exit__(self, *_):
        self.server.terminate()
        self.server.wait()


class Window:
    def __init__(self, program, display, files):
        home = tempfile.mkdtemp()
        self.env = {k: v for k, v in os.environ.items() if k != "WAYLAND_DISPLAY"} | {"DISPLAY": display.name, "HOME": home}
        self.errors = open(os.path.join(home, "errors"), "w+")
        self.process = subprocess.Popen([program, *files], env=self.env, stderr=self.errors, cwd=home)
        found = self.xdotool("search", "--sync", "--onlyvisible", "--name", "^Quantscope", seconds=60).split()
        if not found:
            self.fail("no window came")
        self.id = found[-1]
        self.xdotool("windowmove", self.id, 0, 0)
        self.size = (1280, 800)
        self.resize(*self.size)
        self.xdotool("windowfocus", self.id)

    def xdotool(self, *words, seconds=20):
        command = ["xdotool", *map(str, words)]
        try:
            return subprocess.run(command, env=self.env, capture_output=True, text=True, timeout=seconds).stdout
        except subprocess.TimeoutExpired:
            return ""

    def resize(self, width, height):
        self.size = (width, height)
        self.xdotool("windowsize", self.id, width, height)

    def point(self, at, *then):
        self.xdotool("mousemove", "--window", self.id, *at, *then)

    def drop(self, files):
        script = [sys.executable, os.path.join(HERE, "xdnd_drop.py"), self.id, "600", "300", "0.1", *files]
        try:
            subprocess.run(script, env=self.env, capture_output=True, timeout=60)
        except subprocess.TimeoutExpired:
            pass

    def said(self):
        self.errors.flush()
        self.errors.seek(0)
        return self.errors.read().strip()

    def check(self):
        if self.process.poll() is not None:
            self.fail(f"the program ended with {self.process.returncode}")
        if "panicked" in self.said():
            self.fail("a thread panicked")

    def fail(self, why):
        print(f"FAILED: {why}\n{self.said()}", flush=True)
        sys.exit(1)

    def memory(self):
        with open(f"/proc/{self.process.pid}/status") as status:
            return next(int(line.split()[1]) for line in status if line.startswith("RssAnon")) / 1024

    def threads(self):
        return len(os.listdir(f"/proc/{self.process.pid}/task"))

    def cpu(self):
        """Share of a core over the next seconds."""
        ticks = lambda: sum(map(int, open(f"/proc/{self.process.pid}/stat").read().rsplit(")", 1)[1].split()[11:13]))
        before, start = ticks(), time.time()
        time.sleep(4)
        return (ticks() - before) / os.sysconf("SC_CLK_TCK") / (time.time() - start)

    def wait_for_rest(self, must):
        """Or, where it need not come, for a tenth of the time."""
        end = time.time() + (REST_SECONDS if must else REST_SECONDS / 10)
        while (share := self.cpu()) > 0.005:
            self.check()
            if time.time() > end:
                if must:
                    self.fail(f"{100 * share:.1f} % CPU with nothing to do")
                print(f"not at rest yet: {100 * share:.1f} % CPU", flush=True)
                break
        self.check()


class Hands:
    """What they do next is told by the seed alone."""

    def __init__(self, seed, window, files):
        self.chance, self.window, self.files = random.Random(seed), window, files
        self.done = []

    def spot(self):
        width, height = self.window.size
        return self.chance.randrange(width), self.chance.randrange(height)

    def act(self):
        kinds = {self.click: 45, self.drag: 10, self.wheel: 7, self.key: 31, self.resize: 3, self.drop: 4}
        act = self.chance.choices(list(kinds), list(kinds.values()))[0]
        self.done.append((act.__name__, act()))

    def click(self):
        at = self.spot()
        self.window.point(at, "click", 1)
        return at

    def drag(self):
        start, end = self.spot(), self.spot()
        self.window.point(start, "mousedown", 1, "mousemove", "--window", self.window.id, *end, "mouseup", 1)
        return start, end

    def wheel(self):
        at, button = self.spot(), self.chance.choice([4, 4, 5, 5, 3])
        self.window.point(at, "click", button)
        return at, button

    def key(self):
        key = self.chance.choice(KEYS)
        self.window.xdotool("key", key)
        return key

    def resize(self):
        size = self.chance.choice(WIDTHS), self.chance.choice(HEIGHTS)
        self.window.resize(*size)
        return size

    def drop(self):
        file = self.chance.choice(self.files)
        self.window.drop([file])
        return os.path.basename(file)


def usual_files():
    """Photos, models, a file that is broken, and a lesson: the first photo and the last model are those on show in the end."""
    photos = sorted(glob.glob(os.path.join(ROOT, "tests/fixtures/photos/*")))
    broken = sorted(glob.glob(os.path.join(ROOT, "tests/fixtures/bad/*")))
    own = ["tests/fixtures/every_type.gguf", "assets/lessons/09-jpeg.toml", "assets/parrots.png", "assets/stories260K.safetensors"]
    return photos[:2] + broken[:2] + [os.path.join(ROOT, file) for file in own]


def copied(files):
    """What is saved goes beside what is open: so not into the project."""
    folder = tempfile.mkdtemp()
    for i, file in enumerate(files):
        os.mkdir(os.path.join(folder, str(i)))
    return [shutil.copy(file, os.path.join(folder, str(i))) for i, file in enumerate(files)]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("seconds", type=int)
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    parser.add_argument("--measure", action="store_true")
    parser.add_argument("files", nargs="*")
    given = parser.parse_args()
    files = copied([os.path.abspath(f) for f in given.files] or usual_files())
    print(f"seed {given.seed}, {given.seconds} s, {len(files)} files", flush=True)
    with Display() as display:
        window = Window(os.path.abspath(given.program), display, files)
        window.wait_for_rest(given.measure)
        fresh = window.memory()
        hands = Hands(given.seed, window, files)
        end, peak = time.time() + given.seconds, fresh
        try:
            while time.time() < end:
                hands.act()
                window.check()
                peak = max(peak, window.memory())
            # As after the start: the same photo and model are open, and no view is on show that plays.
            window.drop(files)
            window.xdotool("key", "ctrl+1")
            window.wait_for_rest(given.measure)
        except SystemExit:
            print("the last acts:", *hands.done[-12:], sep="\n  ")
            raise
        rest, threads = window.memory(), window.threads()
        print(f"{len(hands.done)} acts; {fresh:.0f} MB when fresh, {peak:.0f} at most, {rest:.0f} at rest; {threads} threads")
        if given.measure and rest > fresh + MOST_MORE:
            window.fail(f"{rest - fresh:.0f} MB more at rest than when fresh")
        window.process.terminate()
        window.process.wait()


if __name__ == "__main__":
    main()
