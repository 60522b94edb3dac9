"""Bugs planted in what a family of payments left behind: in the terminal's
record, in the branch's rows, in what a customer was shown.  Each must be seen,
or the judge proves nothing."""
import copy

FEE = 4400


def twice(record, rows, customer):
    """charged twice under two numbers"""
    sale = sold(record)
    record["payments"].append(dict(sale, service_id="9999999999"))
    record["charged"][sale["order"]] += FEE
    customer.case_no = sale["order"]


def for_nothing(record, rows, customer):
    """a fee that a cancelled case never got back"""
    sale = sold(record)
    customer.case_no, customer.case = sale["order"], {"state": "CANCELLED"}


def never(record, rows, customer):
    """paid here, and nothing was charged"""
    sale = sold(record)
    record["charged"][sale["order"]] = 0
    customer.case_no, customer.case = sale["order"], {"state": "PAID"}


def forgotten(record, rows, customer):
    """given up here, and the charge stands"""
    sale = sold(record)
    rows[:] = [(s, 6 if s == sale["service_id"] else state, no)
               for s, state, no in rows]


def unwritten(record, rows, customer):
    """charged, and not a row about it"""
    sale = sold(record)
    rows[:] = [r for r in rows if r[0] != sale["service_id"]]


def half(record, rows, customer):
    """left in the middle"""
    rows[0] = (rows[0][0], 1, rows[0][2])


BUGS = (twice, for_nothing, never, forgotten, unwritten, half)


def sold(record):
    """A payment that stands."""
    return [p for p in record["payments"] if p["kind"] == "payment"
            and p.get("result") == "Success" and not p.get("reversed_by")
            and record["charged"].get(p["order"]) == FEE][0]


def missed(money, customer):
    """The planted bugs that the judge did not see."""
    record, rows, out = money.record(), money.rows(), []
    for bug in BUGS:
        bad, changed = copy.deepcopy(record), list(rows)
        c = copy.copy(customer)
        c.told, c.done = [], True
        bug(bad, changed, c)
        if not seen(money, bad, changed, c):
            out.append(bug.__doc__)
    return out


def seen(money, record, rows, customer):
    """Whether the judge finds anything in the changed record and rows."""
    lines = []
    real = money.found, money.record, money.rows, money.patience_s
    money.found = lambda label, found: lines.extend(found)
    money.record, money.rows = lambda: record, lambda: rows
    money.patience_s = 0
    try:
        money.check_case("planted", customer)
        money.check_rows(rows)
    finally:
        money.found, money.record, money.rows, money.patience_s = real
    return bool(lines)
