#!/usr/bin/env python3
"""A terminal's screen as a grey picture, for readers of QR codes.

stdin: `tmux capture-pane -p -e -N`; stdout: PGM.  A cell is 8 x 16 pixels, an
upper half block is drawn as two colours, other characters as their background.
"""
import re
import sys
import unicodedata

WHITE = {7, 15, 231}
CELL = 8


def colours(numbers, ink, paper):
    at = 0
    while at < len(numbers):
        n = numbers[at]
        if n == 0:
            ink = paper = None
        elif n in (38, 48) and numbers[at + 1:at + 2] == [5]:
            if n == 38:
                ink = numbers[at + 2]
            else:
                paper = numbers[at + 2]
            at += 2
        elif 30 <= n <= 37 or 90 <= n <= 97:
            ink = n - 30 if n < 90 else n - 82
        elif 40 <= n <= 47 or 100 <= n <= 107:
            paper = n - 40 if n < 100 else n - 92
        elif n == 39:
            ink = None
        elif n == 49:
            paper = None
        at += 1
    return ink, paper


def rows(text):
    ink = paper = None  # they last over the end of a line
    for line in text.rstrip("\n").split("\n"):
        upper, lower = [], []
        for part in re.finditer(r"\x1b\[([0-9;]*)m|(.)", line):
            if part.group(2) is None:
                ink, paper = colours([int(n or 0) for n in part.group(1).split(";")], ink, paper)
                continue
            c = part.group(2)
            wide = 2 if unicodedata.east_asian_width(c) in "WF" else 1
            upper += [(ink if c == "\u2580" else paper) in WHITE] * wide
            lower += [paper in WHITE] * wide
        yield upper
        yield lower


def main():
    picture = list(rows(sys.stdin.buffer.read().decode()))
    width = max(len(row) for row in picture)
    out = sys.stdout.buffer
    out.write(b"P5 %d %d 255\n" % (width * CELL, len(picture) * CELL))
    for row in picture:
        dots = b"".join((b"\xff" if white else b"\0") * CELL for white in row)
        out.write(dots.ljust(width * CELL, b"\0") * CELL)


main()
