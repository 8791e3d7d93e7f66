#!/usr/bin/env python3
"""The real window under Xvfb, from the outside: start, drop files, turn the dial, look at the screen.

usage: run.py PROGRAM [FOLDER_FOR_SCREENSHOTS]
needs xvfb xdotool xclip x11-apps imagemagick python3-xlib python3-pil libgl1-mesa-dri (Debian)
"""
import io
import json
import os
import random
import struct
import subprocess
import sys
import tempfile
import time
import zlib

from PIL import Image

HERE = os.path.dirname(os.path.abspath(__file__))
PROGRAM = os.path.abspath(sys.argv[1])
SHOTS = sys.argv[2] if len(sys.argv) > 2 else tempfile.mkdtemp()
WIDTH, HEIGHT = 1280, 800
# On two cores; for each more, one that computes, one that paints, and one of the driver that draws in software.
MOST_THREADS = 12 + 3 * max(os.cpu_count() - 2, 0)
passed = 0


def check(what, holds):
    global passed
    if not holds:
        sys.exit(f"FAILED: {what} (screenshots in {SHOTS})")
    passed += 1
    print(f"ok: {what}", flush=True)


def write_png(path, width, height, pixel):
    rows = b"".join(b"\0" + b"".join(bytes(pixel(x, y)) for x in range(width)) for y in range(height))
    chunk = lambda kind, data: struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    with open(path, "wb") as f:
        f.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


def write_safetensors(path):
    seeded = random.Random(1)
    tensors, data = {}, b""
    for name, rows in [("layers.0.attn.q_proj.weight", 96), ("layers.0.mlp.up_proj.weight", 128)]:
        values = struct.pack(f"<{rows * 96}f", *(seeded.gauss(0, 0.05) for _ in range(rows * 96)))
        tensors[name] = {"dtype": "F32", "shape": [rows, 96], "data_offsets": [len(data), len(data) + len(values)]}
        data += values
    header = json.dumps(tensors).encode()
    with open(path, "wb") as f:
        f.write(struct.pack("<Q", len(header)) + header + data)


class Window:
    def __init__(self, env, log, *files):
        self.env, self.log = env, log
        self.process = subprocess.Popen([PROGRAM, "--log-timings", log, *files], env=env)
        found = self.run("xdotool", "search", "--sync", "--onlyvisible", "--name", "^Quantscope").split()
        self.id = found[-1]
        self.run("xdotool", "windowmove", self.id, "0", "0")
        self.run("xdotool", "windowsize", "--sync", self.id, str(WIDTH), str(HEIGHT))
        self.run("xdotool", "windowfocus", "--sync", self.id)

    def run(self, *command):
        return subprocess.run(command, env=self.env, check=True, capture_output=True, text=True, timeout=60).stdout

    def key(self, *keys):
        self.run("xdotool", "key", "--delay", "60", *keys)

    def point(self, x, y):
        self.run("xdotool", "mousemove", "--window", self.id, str(x), str(y))
        time.sleep(0.2)

    def drag(self, start, end, steps=12):
        """As slow as a hand: where a frame takes long, press and release must not fall into the same one."""
        self.point(*start)
        self.run("xdotool", "mousedown", "1")
        for k in range(1, steps + 1):
            time.sleep(0.1)
            at = [a + (b - a) * k // steps for a, b in zip(start, end)]
            self.run("xdotool", "mousemove", "--window", self.id, *map(str, at))
        time.sleep(0.3)
        self.run("xdotool", "mouseup", "1")

    def events(self):
        with open(self.log) as f:
            return [json.loads(line) for line in f.read().splitlines(keepends=True) if line.endswith("\n")]

    def wait_for(self, what, accept, seconds=60):
        end = time.time() + seconds
        while time.time() < end:
            found = [e for e in self.events() if accept(e)]
            if found:
                return found[-1]
            if self.process.poll() is not None:
                sys.exit(f"FAILED: the window closed while waiting for {what}")
            time.sleep(0.05)
        sys.exit(f"FAILED: waited too long for {what}; events: {self.events()[-5:]}")

    def drop(self, hover, *files):
        # The source of a real drag holds the pointer; the window asks the server where it is.
        self.point(600, 300)
        script = os.path.join(HERE, "xdnd_drop.py")
        return subprocess.Popen(["/usr/bin/python3", script, self.id, "600", "300", str(hover), *files], env=self.env)

    def screenshot(self, name, pictures=6):
        """The screen once it no longer changes, or the last of so many pictures of it."""
        path = os.path.join(SHOTS, f"{name}.png")
        before, raw = None, b""
        while raw != before and pictures > 0:
            time.sleep(0.4)
            before, pictures = raw, pictures - 1
            raw = subprocess.run(["xwd", "-root", "-silent"], env=self.env, check=True, capture_output=True).stdout
        subprocess.run(["convert", "xwd:-", path], input=raw, env=self.env, check=True)
        return Image.open(path).convert("RGB")

    def shows(self, name, what, holds, seconds=30):
        """Checks a claim about the screen, which a slow machine is given time to bear; returns its picture."""
        end = time.time() + seconds
        while True:
            picture = self.screenshot(name)
            held = holds(picture)
            if held or time.time() > end:
                check(what, held)
                return picture


def differs(image, other, box):
    return image.crop(box).tobytes() != other.crop(box).tobytes()


def colours(image, box):
    return len(image.crop(box).getcolors(1 << 24))


def share_near(image, box, colour, within=40):
    crop = image.crop(box)
    near = sum(n for n, c in crop.getcolors(1 << 24) if max(abs(a - b) for a, b in zip(c, colour)) <= within)
    return near / (crop.width * crop.height)


def comes_to_rest(w):
    """Threads that were there for work end when there is none."""
    folder, end = f"/proc/{w.process.pid}/task", time.time() + 60
    while True:
        names = []
        for task in os.listdir(folder):
            try:
                with open(os.path.join(folder, task, "comm")) as f:
                    names.append(f.read().strip())
            except OSError:
                pass  # It has ended.
        if len(names) <= MOST_THREADS or time.time() > end:
            return check(f"a window at rest has at most {MOST_THREADS} threads: {sorted(names)}", len(names) <= MOST_THREADS)
        time.sleep(0.2)


def main():
    folder = tempfile.mkdtemp()
    photo = os.path.join(folder, "my photo é.png")
    model = os.path.join(folder, "model.safetensors")
    broken = os.path.join(folder, "broken.png")
    # Three quarters of one strong colour, so that the screen shows beyond doubt that the drop was taken.
    write_png(photo, 300, 200, lambda x, y: (x % 256, y, 128) if x < 75 else (230, 20 + y % 8, 200 + x % 16))
    write_safetensors(model)
    with open(broken, "wb") as f:
        f.write(b"\x89PNG\r\n\x1a\n broken")

    env = dict(os.environ, DISPLAY=f":{random.randint(100, 999)}", HOME=tempfile.mkdtemp())
    for name in ("WAYLAND_DISPLAY", "XDG_DATA_HOME"):
        env.pop(name, None)
    screen = f"{WIDTH}x{HEIGHT}x24"
    server = subprocess.Popen(["Xvfb", env["DISPLAY"], "-screen", "0", screen, "+extension", "GLX", "-nolisten", "tcp"])
    try:
        time.sleep(1)
        comes_back_on_screen(env)
        use_the_window(Window(env, os.path.join(folder, "timings.jsonl")), photo, model, broken)
    finally:
        server.terminate()
    print(f"\n{passed} passed, 0 failed")


def keep_and_save(w, photo):
    """The shelf, a palette file, and files out, read back by another decoder."""
    plain = w.screenshot("panes")
    w.key("k", "l")
    table = (10, HEIGHT - 280, WIDTH - 10, HEIGHT - 34)
    shelf = w.shows("shelf", "the shelf takes the place of the figures", lambda now: differs(now, plain, table))
    w.key("bracketright")
    w.shows("kept", "a kept result is shown", lambda now: now.tobytes() != shelf.tobytes())
    w.key("l")

    saved = os.path.join(os.path.dirname(photo), "saved.png")
    w.key("ctrl+s")
    # Without a portal there is no dialog, and the form for a path comes instead.
    time.sleep(3)
    w.screenshot("save")
    w.key("ctrl+a")
    w.run("xdotool", "type", "--delay", "20", saved)
    w.key("Return")
    event = w.wait_for("the file", lambda e: e["event"] == "saved" and e["path"] == saved)
    check("the size told is the file's", event["bytes"] == os.path.getsize(saved))
    again = os.path.join(os.path.dirname(photo), "again.png")
    subprocess.run([PROGRAM, "image", photo, "--colors", "16", "-o", again, "--force"], check=True, capture_output=True)
    picture, other = Image.open(saved), Image.open(again)
    check("it has a palette of 16 entries", picture.mode == "P" and len(picture.palette.colors) == 16)
    check("its pixels are those of the command line", picture.convert("RGB").tobytes() == other.convert("RGB").tobytes())

    palette = os.path.join(os.path.dirname(photo), "two.hex")
    with open(palette, "w") as f:
        f.write("e61898\n102030\n")
    check("a palette is dropped", w.drop(0.3, palette).wait(timeout=20) == 0)
    given = w.wait_for("the palette", lambda e: e["event"] == "opened" and e["kind"] == "palette")
    check("it goes to the pane under the pointer", given["pane"] == 0)
    w.wait_for("its reduction", lambda e: e["event"] == "photo_report" and e["ms"] > event["ms"])
    panes = (10, 96, WIDTH - 10, 520)
    w.shows("palette", "the pane shows the palette's colours", lambda now: share_near(now, panes, (230, 24, 152), 3) > 0.05)


def copied(w):
    """The picture that other programs find in the clipboard."""
    end = time.time() + 20
    while time.time() < end:
        command = ["xclip", "-selection", "clipboard", "-t", "image/png", "-o"]
        found = subprocess.run(command, env=w.env, capture_output=True, timeout=30)
        if found.returncode == 0 and found.stdout.startswith(b"\x89PNG"):
            return Image.open(io.BytesIO(found.stdout)).convert("RGB")
        time.sleep(0.1)
    sys.exit("FAILED: no picture in the clipboard")


def offer(w, data, *kind):
    """Puts something into the clipboard, as another program does."""
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    subprocess.run(["xclip", "-selection", "clipboard", *kind, "-i"], input=data, env=w.env, check=True, timeout=30, **quiet)


def copy_and_paste(w, photo):
    """The clipboard both ways, with another program at its other end."""
    w.key("ctrl+c")
    picture = copied(w)
    check("the chosen pane's picture is copied whole", picture.size == Image.open(photo).size)
    check("it has the pane's two colours", {c for _, c in picture.getcolors(1 << 24)} == {(230, 24, 152), (16, 32, 48)})
    palettes = lambda: [e for e in w.events() if e["event"] == "opened" and e["kind"] == "palette"]
    before = len(palettes())
    offer(w, b"#00ff00\n#0000ff\n")
    w.key("ctrl+v")
    w.wait_for("the pasted colours", lambda e: e["event"] == "opened" and len(palettes()) > before)
    with open(photo, "rb") as f:
        offer(w, f.read(), "-t", "image/png")
    w.key("ctrl+v")
    pasted = w.wait_for("the pasted picture", lambda e: e["event"] == "opened" and e["name"] == "Pasted picture")
    w.wait_for("its reductions", lambda e: e["event"] == "photo_report" and e["ms"] > pasted["ms"])
    check("a pasted picture is a photo", pasted["kind"] == "photo")


def comes_back_on_screen(env):
    """A window that was last where no screen is any more."""
    home = tempfile.mkdtemp()
    folder = os.path.join(home, ".local", "share", "quantscope")
    os.makedirs(folder)
    place = "(outer_position_pixels:Some((x:5000.0,y:5000.0)),scale_factor:1.0,inner_size_points:(x:1000.0,y:700.0))"
    with open(os.path.join(folder, "app.ron"), "w") as f:
        f.write('{"window":"(normal_geometry:%s,fullscreen:false,maximized:false)"}' % place)
    # Where there is a choice the window goes to X11, since on Wayland no drop arrives.
    env = dict(env, HOME=home, WAYLAND_DISPLAY="wayland-of-nobody")
    process = subprocess.Popen([PROGRAM], env=env)
    run = lambda *command: subprocess.run(command, env=env, check=True, capture_output=True, text=True, timeout=60).stdout
    window = run("xdotool", "search", "--sync", "--onlyvisible", "--name", "^Quantscope").split()[-1]
    shell = dict(line.split("=") for line in run("xdotool", "getwindowgeometry", "--shell", window).split())
    process.terminate()
    process.wait(timeout=10)
    check("it keeps its size", (shell["WIDTH"], shell["HEIGHT"]) == ("1000", "700"))
    x, y = int(shell["X"]), int(shell["Y"])
    check("a window off the screen comes back", 0 <= x <= WIDTH - 1000 and 0 <= y <= HEIGHT - 700)


def look_closer(w, shown):
    """The photo's error maps, magnifier and colours in space."""
    w.key("e")
    scale = (340, 484, 620, 518)
    maps = w.shows("error_maps", "error maps have a colour scale", lambda now: colours(now, scale) > 40)
    check("the original has none", colours(maps, (300, 466, 322, 500)) < 10)
    w.key("s")
    w.point(150, 300)
    plain = w.screenshot("hovering_a_pixel")
    w.key("m")
    around = (174, 320, 680, 500)
    w.shows("magnifier", "the magnifier shows at the pointer", lambda now: differs(now, plain, around))
    w.key("m", "c")
    w.point(700, 60)
    body = (10, 100, 780, 520)
    many = lambda now: differs(now, shown, body) and colours(now, body) > 500
    cloud = w.shows("cloud", "the many colours stand in space", many)
    w.drag((60, 140), (260, 200))
    w.point(700, 60)
    w.shows("cloud_turned", "a drag turns them", lambda now: differs(now, cloud, body))
    w.key("Home")
    w.shows("cloud_reset", "a key turns them back", lambda now: not differs(now, cloud, body))
    w.key("s")


def use_the_window(w, photo, model, broken):
    whole = (0, 40, WIDTH, HEIGHT - 40)
    w.wait_for("the sample model", lambda e: e["event"] == "table_complete")
    w.wait_for("the sample photo's reductions", lambda e: e["event"] == "photo_report" and e["colors"] == 256)
    bridge = w.shows("bridge", "the bridge is not blank", lambda now: colours(now, whole) > 3000)
    comes_to_rest(w)
    left, right = (10, 60, 280, 370), (284, 60, 552, 370)
    check("the photo is there in full colour", colours(bridge, left) > 2000)
    check("its reduction has far fewer colours", colours(bridge, right) < colours(bridge, left) / 2)

    w.key("Left", "Left")
    w.wait_for("the dial at 2 bits", lambda e: e["event"] == "tensor_report" and e["format"].startswith("int2"))
    w.shows("bridge_2_bits", "the dial moves the photo", lambda now: differs(now, bridge, right))
    weights = (728, 60, 1270, 520)
    turned = w.shows("bridge_2_bits", "the dial moves the weights", lambda now: differs(now, bridge, weights))

    drop = w.drop(6.0, photo)
    w.shows("hover", "an overlay shows while a file hovers", lambda now: differs(now, turned, whole), seconds=4)
    check("the drop is taken", drop.wait(timeout=20) == 0)
    opened = w.wait_for("the photo", lambda e: e["event"] == "opened" and e["name"] == os.path.basename(photo))
    document = lambda e: e["event"] == "photo_report" and e["colors"] == 4 and e["ms"] > opened["ms"]
    w.wait_for("its reductions", document)
    panes = (10, 96, WIDTH - 10, 530)
    there = lambda now: share_near(now, panes, (230, 24, 208)) > 0.15
    shown = w.shows("photo", "the dropped photo is on screen", there)

    look_closer(w, shown)
    keep_and_save(w, photo)
    copy_and_paste(w, photo)

    check("a model is dropped", w.drop(0.3, model).wait(timeout=20) == 0)
    w.wait_for("the model", lambda e: e["event"] == "opened" and e["name"] == "model.safetensors")
    w.wait_for("its table", lambda e: e["event"] == "table_complete" and e["ms"] > opened["ms"])
    cells = (600, 100, WIDTH - 10, 400)
    table = w.shows("weights", "the weights are on screen", lambda now: colours(now, cells) > 200)

    w.key("l")
    complete = w.wait_for("the comparison of all formats", lambda e: e["event"] == "format_comparison_complete")
    check("every format takes part", complete["formats"] > 80)
    side, figures = (10, 160, 600, 620), (640, 400, WIDTH - 10, 620)
    plot = w.shows("format_comparison", "its plot is on screen", lambda now: differs(now, table, side))
    w.key("Right", "Right", "Right", "Right", "Return")
    taken = "a format of the frontier goes into the pane"
    w.shows("format_comparison_taken", taken, lambda now: differs(now, plot, figures))
    w.key("l")

    check("a broken file is dropped", w.drop(0.3, broken).wait(timeout=20) == 0)
    refused = w.wait_for("the refusal", lambda e: e["event"] == "refused")
    check("the refusal names the file", "broken.png" in refused["message"])
    foot = (0, HEIGHT - 66, WIDTH, HEIGHT - 32)
    notice = w.shows("notice", "a notice is shown", lambda now: differs(now, table, foot))
    check("the weights stay in sight above it", colours(notice, cells) > 200)

    w.key("t")
    bar = (0, 0, WIDTH, 30)
    w.shows("weights_light", "the theme turns light", lambda now: share_near(now, bar, (247, 247, 247), 12) > 0.5)
    w.process.terminate()
    w.process.wait(timeout=10)


if __name__ == "__main__":
    main()
