# SPDX-License-Identifier: MIT
"""A renewal of which inotify says nothing, since its queue was full: the kernel says so, and the daemon looks at
everything."""

import os
import signal
import unittest
from pathlib import Path

from support.daemon import daemon_table
from support.daemon_case import DaemonCase

QUEUE_LIMIT = Path("/proc/sys/fs/inotify/max_queued_events")


def fill_queue(directory: Path):
    """More events than the queue holds, none of which is merged with the one before it."""
    files = list(directory.iterdir())[:2]
    for number in range(int(QUEUE_LIMIT.read_text()) + 1):
        os.utime(files[number % 2], follow_symlinks=False)


class LostEvents(DaemonCase):
    def test_a_renewal_while_the_queue_is_full(self):
        flooded, quiet = (self.site(name, on_disk=self.old) for name in ("flooded", "quiet"))
        # Nothing but an event makes it look.
        daemon = self.daemon(flooded.mapping(), quiet.mapping(), settings=daemon_table(rescan='"1h"'))
        with daemon:
            for site in (flooded, quiet):
                self.wait_until_done(daemon, site, self.old)
            daemon.process.send_signal(signal.SIGSTOP)
            fill_queue(flooded.lineage.live)
            quiet.write(self.new)
            daemon.process.send_signal(signal.SIGCONT)
            self.wait_until_done(daemon, quiet, self.new)
            self.assert_succession(daemon, quiet, self.old, self.new)
            self.assert_succession(daemon, flooded, self.old)


if __name__ == "__main__":
    unittest.main()
