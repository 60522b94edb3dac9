"""The agent's socket from both ends: one JSON object per SEQPACKET datagram."""
import array
import json
import socket


def listen(path):
    s = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    s.bind(path)
    s.listen(1)
    return s


class Talk:
    def __init__(self, sock):
        self.sock, self.id, self.events = sock, 100, []
        sock.settimeout(60)

    @classmethod
    def to(cls, path):
        s = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        s.connect(path)
        return cls(s)

    def send(self, body):
        self.sock.send(json.dumps(body, ensure_ascii=False).encode())

    def receive(self):
        data, extra, _, _ = self.sock.recvmsg(65536, socket.CMSG_SPACE(4))
        if not data:
            raise EOFError("the other end has gone")
        fds = array.array("i")
        for _, _, what in extra:
            fds.frombytes(what[: len(what) - len(what) % fds.itemsize])
        return json.loads(data), list(fds)

    def ask(self, method, params):
        """The answer (result, or error with its code) and descriptors."""
        self.id += 1
        self.send({"id": self.id, "method": method, "params": params})
        while True:
            body, fds = self.receive()
            if body.get("id") == self.id and "method" not in body:
                return body.get("result", body.get("error")), fds
            self.events.append(body)

    def await_event(self, name, fits=lambda p: True):
        while True:
            for e in self.events:
                if e.get("event") == name and fits(e["params"]):
                    return e["params"]
            self.events = [self.receive()[0]]
