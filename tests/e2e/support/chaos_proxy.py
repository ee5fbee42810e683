# SPDX-License-Identifier: MIT
"""A proxy in front of the sandbox's API that spoils connections as networks do, and not as servers do."""

import select
import socket
import struct
import threading

RESET = struct.pack("ii", 1, 0)  # SO_LINGER: close with a reset
END_OF_HANDSHAKE = 300  # bytes; what a client sends after the server's first flight without asking for anything is less


class ChaosProxy:
    """Passes bytes on from `port` to the port `target` on loopback, while the `with` block lasts. A connection that is
    struck by a trouble has its request passed on, and then

    reset      is reset when the answer begins
    half       gets the answer's first bytes, and the end of the stream
    blackhole  gets nothing any more
    drip       gets the answer a byte at a time, for longer than anyone waits

    or is closed at once (refuse). `struck` are the troubles that have struck.
    """

    def __init__(self, target: int):
        self.struck = []
        self._troubles = []
        self._target = target
        self._lock = threading.Lock()
        self._ended = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]

    def __enter__(self):
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_):
        self._ended.set()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def strike(self, trouble: str, connections_before: int = 0):
        """Once, after so many further connections."""
        with self._lock:
            self._troubles = ["none"] * connections_before + [trouble]

    def _accept(self):
        while not self._ended.is_set():
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            with self._lock:
                trouble = self._troubles.pop(0) if self._troubles else "none"
                self.struck += [trouble] if trouble != "none" else []
            threading.Thread(target=self._serve, args=(client, trouble), daemon=True).start()

    def _serve(self, client: socket.socket, trouble: str):
        with client:
            if trouble == "refuse":
                return
            with socket.create_connection(("127.0.0.1", self._target)) as server:
                try:
                    self._pass_on(client, server, trouble)
                except OSError:
                    pass  # either side has gone away

    def _pass_on(self, client: socket.socket, server: socket.socket, trouble: str):
        """The handshake goes through, and the request too: what comes after it from the server is the answer."""
        sent_since_hello, server_has_spoken = 0, False
        while not self._ended.is_set():
            for source in select.select([client, server], [], [], 0.1)[0]:
                data = source.recv(65536)
                if not data:
                    return
                if source is client:
                    sent_since_hello += len(data) if server_has_spoken else 0
                    server.sendall(data)
                elif trouble == "none" or sent_since_hello < END_OF_HANDSHAKE:
                    server_has_spoken = True
                    client.sendall(data)
                else:
                    self._spoil(client, data, trouble)
                    return

    def _spoil(self, client: socket.socket, answer: bytes, trouble: str):
        if trouble == "reset":
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        elif trouble == "half":
            client.sendall(answer[:len(answer) // 2])
        elif trouble == "drip":
            for byte in answer:
                client.sendall(bytes([byte]))
                if self._ended.wait(0.1):
                    return
        elif trouble == "blackhole":
            while not self._ended.wait(0.05):
                if select.select([client], [], [], 0)[0] and not client.recv(65536):
                    return
