"""Between dasi-net and its peers: carries HTTP, and does one wrong thing with
the Nth exchange of a run.

  cut_before   closed before the peer sees the request
  cut_after    the peer acts, its answer is lost
  cut_half     half of the answer, then closed
  truncate     half of the answer as if it were the whole
  delay        the answer comes when nobody waits any more
  duplicate    the request reaches the peer twice, its second answer counts
  echo         twice, its first answer counts
  stale        the answer of an earlier exchange of this kind, by somebody else
  swap         two exchanges of this kind under way get each other's answer"""
import http.server
import socket
import threading
import urllib.error
import urllib.request

ACTIONS = ("cut_before cut_after cut_half truncate delay duplicate echo "
           "stale swap").split()
SWAP_S = 2.0


class Plan:
    """What to do with which exchange; kinds are paths."""

    def __init__(self, peer, delay_s):
        self.peer, self.delay_s = peer, delay_s
        self.lock = threading.Condition()
        self.earlier = {}   # path -> answer of an earlier run
        self.recent = {}    # path -> answer of this run
        self.begin(0, None)

    def begin(self, at, action):
        with self.lock:
            self.earlier.update(getattr(self, "recent", {}))
            self.recent = {}
            # two are under way: the first to come to the Nth waits
            self.at = 2 * at - 1 if action == "swap" else at
            self.seen, self.action = 0, action
            self.fired, self.partner = "", None

    def turn(self, path):
        """The action for this exchange, and whether it was the one."""
        with self.lock:
            self.seen += 1
            if self.seen != self.at:
                return None
            self.fired = path
            return self.action

    def forward(self, path, body, kind):
        request = urllib.request.Request(self.peer + path, data=body)
        if kind:
            request.add_header("Content-Type", kind)
        try:
            with urllib.request.urlopen(request, timeout=20) as r:
                return r.status, r.headers.get("Content-Type", ""), r.read()
        except urllib.error.HTTPError as e:
            return e.code, e.headers.get("Content-Type", ""), e.read()

    def wait_partner(self, path, mine):
        """Exchange `mine` with the next answer of this kind, if one comes."""
        with self.lock:
            self.partner = [path, mine, None]
            self.lock.wait_for(lambda: self.partner[2] is not None, SWAP_S)
            theirs, self.partner = self.partner[2], None
        return theirs if theirs is not None else mine

    def meet(self, path, mine):
        with self.lock:
            p = self.partner
            if p is None or p[0] != path or p[2] is not None:
                return mine
            p[2] = mine
            self.lock.notify_all()
            return p[1]


class Handler(http.server.BaseHTTPRequestHandler):
    def log_message(self, *args):
        pass

    def do_GET(self):
        self.send(*self.server.plan.forward(self.path, None, None))

    def send(self, status, kind, body, keep=None):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body[:keep])

    def hang_up(self):
        try:
            self.connection.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass

    def do_POST(self):
        plan, path = self.server.plan, self.path
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        kind = self.headers.get("Content-Type")
        action = plan.turn(path)
        if action == "cut_before":
            return self.hang_up()
        answer = plan.forward(path, body, kind)
        if action in ("duplicate", "echo"):
            again = plan.forward(path, body, kind)
            answer = again if action == "duplicate" else answer
        with plan.lock:
            plan.recent[path] = answer
        if action == "stale":
            answer = plan.earlier.get(path, answer)
        answer = plan.wait_partner(path, answer) if action == "swap" \
            else plan.meet(path, answer)
        return self.finish_with(action, answer)

    def finish_with(self, action, answer):
        status, kind, body = answer
        try:
            if action == "cut_after":
                return self.hang_up()
            if action == "cut_half":
                self.send(status, kind, body, len(body) // 2)
                return self.hang_up()
            if action == "truncate":
                body = body[:len(body) // 2]
            if action == "delay":
                threading.Event().wait(self.server.plan.delay_s)
            return self.send(status, kind, body)
        except OSError:
            return None


def serve(peer, delay_s):
    """(plan, port); serves from threads of its own until the process ends."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.plan = Plan(peer, delay_s)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server.plan, server.server_address[1]
