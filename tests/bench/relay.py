"""A relay box on Modbus TCP that takes what it is told: the far end of an output."""
import socket
import socketserver
import struct
import threading


class _Handler(socketserver.BaseRequestHandler):
    def handle(self):
        self.request.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        while request := self.request.recv(260):
            function, address, value = struct.unpack(">BHH", request[7:12])
            if function == 5:
                self.server.coils[address] = int(value == 0xFF00)
                self.server.writes += 1
                answer = request[7:12]
            else:  # 1: one byte of coils
                answer = bytes([function, 1, self.server.coils.get(address, 0)])
            self.request.sendall(request[:4] + struct.pack(">HB", len(answer) + 1, request[6])
                                 + answer)


class Relay(socketserver.ThreadingTCPServer):
    """`port` is chosen by the kernel; `writes` counts the commands that arrived."""
    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.port = self.server_address[1]
        self.coils = {}
        self.writes = 0
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def handle_error(self, request, client_address):
        """A gateway that hangs up is no news."""

    def stop(self):
        self.shutdown()
        self.server_close()
