# SPDX-License-Identifier: MIT
"""What the daemon tells the service manager that started it, over $NOTIFY_SOCKET."""

import re
import signal
import socket
import unittest

from support.daemon_case import DaemonCase
from support.waiting import wait_until


class Notify(DaemonCase):
    def listen(self) -> socket.socket:
        """What systemd listens on. Asking it for a message that does not come is a failure. To be called once the daemon
        is made: it is closed before that is ended, for whoever tells a full socket waits."""
        manager = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.addCleanup(manager.close)
        manager.settimeout(20)
        manager.bind(str(self.directory / "notify"))
        return manager

    def hear(self, manager: socket.socket, pattern: str) -> list[str]:
        """All messages up to the first that matches, which is the last of them."""
        heard = []

        def is_there():
            heard.append(manager.recv(512).decode())
            return re.search(pattern, heard[-1])
        wait_until(is_there, f"a message {pattern!r}", timeout=40, interval=0)
        return heard

    def test_it_says_when_it_is_ready_how_it_is_and_when_it_stops(self):
        daemon = self.daemon(self.site(on_disk=self.old).mapping())
        manager = self.listen()
        daemon.start(NOTIFY_SOCKET=manager.getsockname())
        self.assertRegex(manager.recv(512).decode(), "^READY=1\nSTATUS=1 mapping: ")
        self.hear(manager, "^STATUS=1 mapping: 1 deployed$")
        daemon.ask_to_end()
        self.hear(manager, "^STOPPING=1\n")
        self.assertEqual(daemon.wait(), 0)

    def test_it_gives_signs_of_life_as_often_as_is_asked_for_while_the_cloud_is_down(self):
        daemon = self.daemon(self.site(on_disk=self.new).mapping())
        manager = self.listen()
        self.sandbox.stop()
        self.addCleanup(setattr, self.sandbox, "stop", lambda: 0)
        daemon.start(NOTIFY_SOCKET=manager.getsockname(), WATCHDOG_USEC="600000")
        self.hear(manager, "^STATUS=1 mapping: 1 waiting until ")
        for _ in range(5):
            self.hear(manager, "^WATCHDOG=1$")

    def test_a_reload_begins_and_ends(self):
        site = self.site(on_disk=self.old)
        daemon = self.daemon(site.mapping())
        manager = self.listen()
        daemon.start(NOTIFY_SOCKET=manager.getsockname())
        self.hear(manager, "^READY=1")
        daemon.certferry("reload")
        self.assertRegex(self.hear(manager, "^RELOADING=1")[-1], r"^RELOADING=1\nMONOTONIC_USEC=\d+$")
        self.assertNotIn("refused", self.hear(manager, "^READY=1")[-1])
        daemon.config.write_text("this is no TOML")
        daemon.process.send_signal(signal.SIGHUP)
        self.hear(manager, "^RELOADING=1")
        self.assertIn("the last reload was refused", self.hear(manager, "^READY=1")[-1])

    def test_it_asks_for_time_while_a_rotation_comes_to_rest(self):
        self.sandbox.add_fault("hold", action="ReplaceCert")
        daemon = self.daemon(self.site(on_disk=self.new).mapping())
        manager = self.listen()
        daemon.start(NOTIFY_SOCKET=manager.getsockname())
        wait_until(lambda: any(not call["answered"] for call in self.sandbox.requests("ReplaceCert")), "it hangs")
        daemon.ask_to_end()
        self.assertIn("stopping: 1 rotation coming to rest", self.hear(manager, "^STOPPING=1")[-1])
        self.hear(manager, r"^EXTEND_TIMEOUT_USEC=\d+$")
        self.sandbox.clear_faults()
        self.assertEqual(daemon.wait(), 0)

    def test_a_daemon_that_cannot_start_is_never_ready(self):
        daemon = self.daemon(self.site().mapping())
        manager = self.listen()
        (self.directory / "state" / "journal.db").write_text("no database at all")
        self.assertNotEqual(daemon.run(NOTIFY_SOCKET=manager.getsockname()), 0)
        manager.setblocking(False)
        self.assertRaises(BlockingIOError, manager.recv, 512)


if __name__ == "__main__":
    unittest.main()
