#!/usr/bin/python3
"""Reads ESC/POS as a Korean printer does: decode.py FILE prints what is on the
paper, a line [dots WxH ink N] for each picture.  Knows the commands from the
printers' manuals, not from our source; an unknown one is an error."""
import sys

ESC, FS, GS = 0x1B, 0x1C, 0x1D
# how many bytes follow the two of the command
MORE = {(ESC, "@"): 0, (ESC, "R"): 1, (ESC, "E"): 1, (ESC, "d"): 1, (ESC, "a"): 1,
        (FS, "&"): 0, (FS, "."): 0, (GS, "!"): 1, (GS, "r"): 1}


def decode(data):
    lines, line, hangul, cuts, i = [], b"", False, 0, 0
    while i < len(data):
        byte = data[i]
        if byte in (ESC, FS, GS):
            name = (byte, chr(data[i + 1]))
            if name == (GS, "v"):
                width, rows = data[i + 4] + 256 * data[i + 5], data[i + 6] + 256 * data[i + 7]
                dots = data[i + 8 : i + 8 + width * rows]
                if data[i + 2 : i + 4] != b"0\0" or len(dots) != width * rows:
                    sys.exit("a picture that is not whole")
                ink = sum(bin(b).count("1") for b in dots)
                lines.append("[dots %dx%d ink %d]" % (width * 8, rows, ink))
                i += 8 + width * rows
                continue
            if name == (GS, "V"):
                if data[i + 2] != 66:
                    sys.exit("a cut without a feed")
                cuts += 1
                i += 4
                continue
            if name not in MORE:
                sys.exit("unknown command %r at %d" % (name, i))
            hangul = {(FS, "&"): True, (FS, "."): False, (ESC, "@"): False}.get(name, hangul)
            i += 2 + MORE[name]
        elif byte == 0x0A:
            lines.append(line.decode("cp949"))
            line = b""
            i += 1
        else:
            if byte >= 0x80 and not hangul:
                sys.exit("Hangul before FS &")
            line += data[i : i + 1]
            i += 1
    if line or cuts != 1:
        sys.exit("not one whole slip: %d cuts" % cuts)
    return lines


if __name__ == "__main__":
    print("\n".join(decode(open(sys.argv[1], "rb").read())))
