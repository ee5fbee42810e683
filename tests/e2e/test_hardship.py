# SPDX-License-Identifier: MIT
"""A daemon that is short of descriptors, stopped for a while, or writes a log that nobody reads."""

import fcntl
import os
import resource
import signal
import subprocess
import sys
import termios
import time
import unittest
from pathlib import Path

from support.daemon_case import DaemonCase
from support.paths import build_directory
from support.waiting import wait_until


def cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def unread(pipe) -> int:
    """How many bytes wait in it."""
    return int.from_bytes(fcntl.ioctl(pipe, termios.FIONREAD, b"\0" * 4), sys.byteorder)


class Descriptors(DaemonCase):
    def test_none_is_left_for_a_while(self):
        site = self.site(on_disk=self.old)
        with self.daemon(site.mapping()) as daemon:
            self.wait_until_done(daemon, site, self.old)
            pid = daemon.process.pid
            usual = resource.prlimit(pid, resource.RLIMIT_NOFILE)
            # Those it has it keeps, and gets no other.
            resource.prlimit(pid, resource.RLIMIT_NOFILE, (3, usual[1]))
            site.write(self.new)
            daemon.wait_for_log("Too many open files")
            asking = subprocess.Popen(daemon.command_line("status"), stdout=subprocess.DEVNULL,
                                      stderr=subprocess.DEVNULL)
            used, began = cpu_seconds(pid), time.monotonic()
            time.sleep(1)
            share = (cpu_seconds(pid) - used) / (time.monotonic() - began)
            self.assertLess(share, 0.5, "it does not spin while nothing can be accepted")
            resource.prlimit(pid, resource.RLIMIT_NOFILE, usual)
            self.wait_until_done(daemon, site, self.new)
            self.assert_succession(daemon, site, self.old, self.new)
            asking.wait(timeout=30)


class Stopped(DaemonCase):
    def test_what_was_renewed_meanwhile_is_found_at_once_and_tried_once(self):
        site = self.site(on_disk=self.old)
        with self.daemon(site.mapping()) as daemon:
            self.wait_until_done(daemon, site, self.old)
            daemon.process.send_signal(signal.SIGSTOP)
            site.write(self.new)
            time.sleep(3)  # several rescans that do not happen
            daemon.process.send_signal(signal.SIGCONT)
            self.wait_until_done(daemon, site, self.new)
            self.assert_succession(daemon, site, self.old, self.new)
            self.assertEqual(len(self.sandbox.requests("ReplaceCert")), 1)

    def test_in_the_middle_of_a_call_whose_answer_is_too_late_then(self):
        site = self.site(on_disk=self.new)
        self.sandbox.add_fault("hold", action="ReplaceCert", executed=True)
        with self.daemon(site.mapping()) as daemon:
            wait_until(lambda: self.sandbox.requests("ReplaceCert"), "the replacement is held")
            daemon.process.send_signal(signal.SIGSTOP)
            time.sleep(7)  # longer than its timeout
            self.sandbox.clear_faults()
            daemon.process.send_signal(signal.SIGCONT)
            self.wait_until_done(daemon, site, self.new)
            self.assert_succession(daemon, site, self.old, self.new)
            self.assertEqual(len(self.sandbox.requests("ReplaceCert")), 1)


class UnreadLog(DaemonCase):
    def test_a_reader_that_stalls_stops_nothing(self):
        sites = [self.site(f"www{number}", on_disk=self.new) for number in range(3)]
        daemon = self.daemon(*(site.mapping() for site in sites))
        reader, writer = os.pipe()
        fcntl.fcntl(writer, fcntl.F_SETPIPE_SZ, 4096)
        daemon.process = subprocess.Popen([build_directory() / "certferryd", "--config", daemon.config],
                                          stdin=subprocess.DEVNULL, stdout=writer, stderr=writer)
        os.close(writer)
        with open(reader, encoding="utf-8") as log:
            for site in sites:
                wait_until(lambda site=site: self.sandbox.bound(site.listener) != site.old_id, f"{site.name} is renewed")
            wait_until(lambda: unread(log) > 4096 - 512, "the pipe is full")
            daemon.ask_to_end()
            text = log.read()
        self.assertEqual(daemon.wait(), 0)
        for site in sites:
            self.assertIn(f"rotation.accepted mapping={site.name}", text)


if __name__ == "__main__":
    unittest.main()
