"""The program in a real window under Xvfb, with its log of timings: what the measuring scripts share."""
import json
import os
import random
import subprocess
import tempfile
import time


class Shown:
    def __init__(self, program, *files):
        self.env = dict(os.environ, DISPLAY=f":{random.randint(100, 999)}", HOME=tempfile.mkdtemp())
        self.env.pop("WAYLAND_DISPLAY", None)
        self.log = os.path.join(tempfile.mkdtemp(), "timings.jsonl")
        screen = ["-screen", "0", "1280x800x24", "+extension", "GLX", "-nolisten", "tcp"]
        self.server = subprocess.Popen(["Xvfb", self.env["DISPLAY"], *screen])
        time.sleep(1)
        self.window = subprocess.Popen([os.path.abspath(program), "--log-timings", self.log, *files], env=self.env)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.window.terminate()
        self.window.wait()
        self.server.terminate()

    def events(self):
        try:
            with open(self.log) as f:
                # Whole lines only: the log is written while it is read.
                return [json.loads(line) for line in f if line.endswith("\n")]
        except FileNotFoundError:
            return []

    def run(self, *command):
        """One xdotool command; what it prints."""
        return subprocess.run(["xdotool", *command], env=self.env, check=True, capture_output=True, text=True).stdout

    def focus(self):
        """Gives the window the keyboard; its handle."""
        handle = self.run("search", "--sync", "--name", "^Quantscope").split()[-1]
        self.run("mousemove", "640", "20")
        # A window that is not on the screen yet refuses the focus.
        while subprocess.run(["xdotool", "windowfocus", handle], env=self.env, capture_output=True).returncode:
            time.sleep(0.05)
        # Keys sent before the window knows of its focus are lost.
        time.sleep(0.3)
        return handle
