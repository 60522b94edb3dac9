"""Whole cases with one fault each, and the checker after every one.

    sweep.py FAMILY DIR BUILD [--full] [--seed N] [--point POINT]...

A point printed with a violation runs again alone with --point.  DIR is made
and left for a look when there was a violation.  Prints TAP lines and
"FAMILY: runs N, violations V", or "FAMILY: skipped: why"."""
import argparse
import signal
import sys

import calls
import clocks
import paying
import shipping
import sticks
import system
import tokens

FAMILIES = {
    "kill": calls.Kill,
    "again": calls.Again,
    "proxy": calls.Proxy,
    "stick": sticks.Stick,
    "disk": system.Disk,
    "heap": system.Heap,
    "low": system.Low,
    "time": clocks.Time,
    "back": clocks.Back,
    "ship": shipping.Ship,
    "token": tokens.Token,
    "pay": paying.PayProxy,
    "paykill": paying.PayKill,
}


def main():
    # ended from outside: nothing may stay mounted or running
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    p = argparse.ArgumentParser()
    p.add_argument("family", choices=list(FAMILIES))
    p.add_argument("dir")
    p.add_argument("build")
    p.add_argument("--full", action="store_true")
    p.add_argument("--verbose", action="store_true")
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--point", action="append")
    args = p.parse_args()
    why = FAMILIES[args.family].missing()
    if why:
        print(f"ok - {args.family} # skip {why}")
        print(f"{args.family}: skipped: {why}")
        return 0
    return FAMILIES[args.family](args).main()


if __name__ == "__main__":
    sys.exit(main())
