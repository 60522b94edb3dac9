"""Between dasi-net and the card terminal: carries nexo over TLS, and does one
wrong thing with the Nth message about money.

  cut_before  closed before the terminal sees it
  late        likewise, but it reaches the terminal 3 s after that
  cut_after   the terminal acts, its answer is lost
  cut_half    half of the answer, then closed
  truncate    half of the answer as if it were the whole
  delay       the answer comes when nobody waits any more
  duplicate   the message reaches the terminal twice, its second answer counts
  echo        twice, its first answer counts
  stale       the answer to an earlier message of this kind, about another case
  swap        the answer to the message before this one, whatever it was"""
import http.server
import json
import os
import ssl
import subprocess
import threading
import time
import urllib.error
import urllib.request

ACTIONS = ("cut_before late cut_after cut_half truncate delay duplicate echo "
           "stale swap").split()
MONEY = ("Payment", "TransactionStatus", "Abort", "Reversal")
LATE_S = 3.0


def make_certificate(folder):
    """An authority of one leaf, for 127.0.0.1."""
    ca, leaf = (os.path.join(folder, n) for n in ("proxy-ca", "proxy"))

    def openssl(*args):
        subprocess.run(["openssl", *args], check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
    openssl("req", "-x509", *curve, "-keyout", ca + ".key", "-out",
            ca + ".crt", "-days", "2", "-subj", "/CN=proxy authority",
            "-addext", "keyUsage=critical,keyCertSign")
    openssl("req", "-x509", *curve, "-keyout", leaf + ".key", "-out",
            leaf + ".crt", "-days", "2", "-subj", "/CN=proxy",
            "-CA", ca + ".crt", "-CAkey", ca + ".key",
            "-addext", "basicConstraints=critical,CA:FALSE",
            "-addext", "subjectAltName=IP:127.0.0.1")
    return ca + ".crt", leaf + ".crt", leaf + ".key"


def kind_of(body):
    try:
        header = json.loads(body)["SaleToPOIRequest"]["MessageHeader"]
        return header["MessageCategory"]
    except (ValueError, KeyError, TypeError):
        return ""


class Plan:
    def __init__(self, peer, peer_ca, delay_s):
        self.peer, self.delay_s = peer, delay_s
        self.context = ssl.create_default_context(cafile=peer_ca)
        self.lock = threading.Lock()
        self.earlier, self.recent = {}, {}  # kind -> answer
        self.begin(0, None)

    def begin(self, at, action):
        with self.lock:
            self.earlier.update(self.recent)
            self.recent, self.last = {}, None
            self.at, self.action, self.seen, self.fired = at, action, 0, ""

    def turn(self, kind):
        """The action for this message."""
        with self.lock:
            if kind not in MONEY:
                return None
            self.seen += 1
            if self.seen != self.at:
                return None
            self.fired = kind
            return self.action

    def forward(self, body):
        request = urllib.request.Request(
            self.peer, data=body,
            headers={"Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(request, timeout=30,
                                        context=self.context) as r:
                return r.status, r.read()
        except urllib.error.HTTPError as e:
            return e.code, e.read()
        except OSError:
            return 502, b""

    def answer(self, action, kind, body):
        mine = self.forward(body)
        if action in ("duplicate", "echo"):
            again = self.forward(body)
            mine = again if action == "duplicate" else mine
        with self.lock:
            before, self.last = self.last, mine
            self.recent[kind] = mine
            if action == "stale":
                return self.earlier.get(kind, mine)
            return before if action == "swap" and before else mine


class Handler(http.server.BaseHTTPRequestHandler):
    def log_message(self, *args):
        pass

    def send(self, status, body, keep=None):
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body[:keep])

    def hang_up(self):
        self.close_connection = True
        self.connection.close()

    def do_POST(self):
        plan = self.server.plan
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        kind = kind_of(body)
        action = plan.turn(kind)
        if action in ("cut_before", "late"):
            if action == "late":
                threading.Timer(LATE_S, plan.forward, (body,)).start()
            return self.hang_up()
        status, answer = plan.answer(action, kind, body)
        try:
            if action == "cut_after":
                return self.hang_up()
            if action == "cut_half":
                self.send(status, answer, len(answer) // 2)
                return self.hang_up()
            if action == "truncate":
                answer = answer[:len(answer) // 2]
            if action == "delay":
                time.sleep(plan.delay_s)
            return self.send(status, answer)
        except OSError:
            return None


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        pass    # whoever hung up has its reasons


def serve(folder, peer, peer_ca, delay_s):
    """(plan, port, authority); until the process ends."""
    authority, cert, key = make_certificate(folder)
    server = Server(("127.0.0.1", 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    server.plan = Plan(peer, peer_ca, delay_s)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server.plan, server.server_address[1], authority
