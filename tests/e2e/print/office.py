#!/usr/bin/python3
"""Plays the agent for dasi-print: office.py SOCKET OUT DOCUMENT...
prints every document in both languages; a form's PDF and answer, or the error,
go to OUT/NAME.LANG.{pdf,json}.  With PAPER=1 forms go to paper too."""
import json
import os
import sys

from talk import Talk, listen

FORMS = ("application", "loss_report", "day")


def main(path, out, documents):
    server = listen(path)
    print("listening", flush=True)
    talk = Talk(server.accept()[0])
    hello, _ = talk.receive()
    if hello["method"] != "hello" or hello["params"]["role"] != "print":
        sys.exit("no hello")
    talk.send({"id": hello["id"], "result": {}})
    state = talk.await_event("print.state")
    with open(os.path.join(out, "state.json"), "w") as f:
        json.dump(state, f)
    for name in documents:
        for lang in ("ko", "en"):
            document = json.load(open(name))
            document["lang"] = lang
            stem = "%s/%s.%s" % (out, os.path.basename(name)[:-5], lang)
            if document["kind"] in FORMS:
                paper = os.environ.get("PAPER") == "1"
                answer, fds = talk.ask("print.form", {"document": document, "paper": paper})
                for fd in fds:
                    with os.fdopen(fd, "rb") as f, open(stem + ".pdf", "wb") as to:
                        to.write(f.read())
            else:
                answer, _ = talk.ask("print.slip", document)
            with open(stem + ".json", "w") as f:
                json.dump(answer, f)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3:])
