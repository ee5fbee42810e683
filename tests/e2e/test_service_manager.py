# SPDX-License-Identifier: MIT
"""What the daemon tells the service manager that started it, over $NOTIFY_SOCKET."""

import socket
import unittest

from support.daemon_case import DaemonCase


class Notify(DaemonCase):
    def listen(self) -> socket.socket:
        """What systemd listens on. Asking it for a message that does not come is a failure."""
        manager = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.addCleanup(manager.close)
        manager.settimeout(20)
        manager.bind(str(self.directory / "notify"))
        return manager

    def test_it_says_when_it_is_ready_and_when_it_stops(self):
        manager = self.listen()
        daemon = self.daemon(self.site(on_disk=self.old).mapping())
        daemon.start(NOTIFY_SOCKET=manager.getsockname())
        self.assertRegex(manager.recv(512).decode(), "^READY=1\n")
        daemon.ask_to_end()
        self.assertRegex(manager.recv(512).decode(), "^STOPPING=1\n")
        self.assertEqual(daemon.wait(), 0)

    def test_a_daemon_that_cannot_start_is_never_ready(self):
        manager = self.listen()
        daemon = self.daemon(self.site().mapping())
        (self.directory / "state" / "journal.db").write_text("no database at all")
        self.assertNotEqual(daemon.run(NOTIFY_SOCKET=manager.getsockname()), 0)
        manager.setblocking(False)
        self.assertRaises(BlockingIOError, manager.recv, 512)


if __name__ == "__main__":
    unittest.main()
