"""A TCP proxy that can look at what passes and end every connection."""
import contextlib
import socket
import threading

class Proxy:
    """@host:port → 127.0.0.1:@target.  @look(connection, is_upward, data) sees each piece before
    it goes on."""

    def __init__(self, target, look=None, host="127.0.0.1"):
        self.target = target
        self.look = look
        self.accepted = 0
        self.lock = threading.Lock()
        self.open = set()
        self.listener = socket.create_server((host, 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                below, _ = self.listener.accept()
            except OSError:
                return
            self.accepted += 1
            try:
                above = self._connect()
            except OSError:
                drop(below)
                continue
            above.settimeout(None)
            for end in (below, above):
                end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with self.lock:
                self.open |= {below, above}
            number = self.accepted
            threading.Thread(target=self._pump, args=[number, True, below, above], daemon=True).start()
            threading.Thread(target=self._pump, args=[number, False, above, below], daemon=True).start()

    def _connect(self):
        return socket.create_connection(("127.0.0.1", self.target), 2)

    def _pump(self, number, is_upward, source, sink):
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                if self.look:
                    self.look(number, is_upward, data)
                sink.sendall(data)
        self._close(source, sink)

    def _close(self, *ends):
        with self.lock:
            ours = [end for end in ends if end in self.open]
            self.open -= set(ours)
        for end in ours:
            drop(end)

    def cut(self):
        """Ends every connection; new ones are taken."""
        with self.lock:
            ends = list(self.open)
        self._close(*ends)

    def stop(self):
        with contextlib.suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.cut()


def drop(end):
    with contextlib.suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
    end.close()
