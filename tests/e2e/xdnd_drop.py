#!/usr/bin/env python3
"""Drops files onto an X11 window as a file manager would (XDND version 5).

usage: xdnd_drop.py WINDOW_ID X Y SECONDS_OF_HOVERING FILE...      needs python3-xlib
"""
import os
import select
import sys
import time
import urllib.parse

from Xlib import X, Xatom, display
from Xlib.protocol import event

VERSION = 5
window_id, x, y, hover = int(sys.argv[1], 0), int(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4])
uris = "".join(f"file://{urllib.parse.quote(os.path.abspath(f))}\r\n" for f in sys.argv[5:]).encode()

screen = display.Display()
root = screen.screen().root
atom = screen.intern_atom
uri_list = atom("text/uri-list")


def aware(window):
    """The window at or below this one that takes drops."""
    if window.get_full_property(atom("XdndAware"), X.AnyPropertyType):
        return window
    for child in window.query_tree().children:
        if found := aware(child):
            return found
    return None


target = aware(screen.create_resource_object("window", window_id))
assert target, "no window takes drops"
source = root.create_window(0, 0, 1, 1, 0, screen.screen().root_depth)
source.set_selection_owner(atom("XdndSelection"), X.CurrentTime)


def send(name, *data):
    values = [source.id, *data] + [0] * (4 - len(data))
    message = event.ClientMessage(window=target, client_type=atom(name), data=(32, values))
    target.send_event(message, event_mask=0)
    screen.flush()


def answer(request):
    """Hands over the list of files, or the names of the kinds it can be had in."""
    prop = request.property or request.target
    if request.target == uri_list:
        request.requestor.change_property(prop, uri_list, 8, uris)
    elif request.target == atom("TARGETS"):
        request.requestor.change_property(prop, Xatom.ATOM, 32, [atom("TARGETS"), uri_list])
    else:
        prop = X.NONE
    notify = event.SelectionNotify(
        time=request.time, requestor=request.requestor, selection=request.selection, target=request.target, property=prop
    )
    request.requestor.send_event(notify)
    screen.flush()


def wait_for(name, seconds):
    end = time.time() + seconds
    while time.time() < end:
        while screen.pending_events():
            got = screen.next_event()
            if got.type == X.SelectionRequest:
                answer(got)
            elif got.type == X.ClientMessage and screen.get_atom_name(got.client_type) == name:
                return got.data[1]
        select.select([screen.fileno()], [], [], 0.1)
    return None


corner = target.translate_coords(root, 0, 0)
place = ((-corner.x + x) & 0xFFFF) << 16 | ((-corner.y + y) & 0xFFFF)
send("XdndEnter", VERSION << 24, uri_list)
send("XdndPosition", 0, place, X.CurrentTime, atom("XdndActionCopy"))
status = wait_for("XdndStatus", 5)
assert status and status[1] & 1, "the drop was not accepted"
end = time.time() + hover
while time.time() < end:
    send("XdndPosition", 0, place, X.CurrentTime, atom("XdndActionCopy"))
    wait_for("XdndStatus", 0.3)
send("XdndDrop", 0, X.CurrentTime)
assert wait_for("XdndFinished", 5), "the drop was not finished"
