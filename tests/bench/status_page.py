#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""How long the status page, its data and the metrics take with many mappings, and how long they hold up the loop.

    CERTFERRY_BUILD_DIR=$PWD/build/release python3 tests/bench/status_page.py [MAPPINGS]        (10000)

All mappings are deployed: their journal is written by hand, so that no cloud is needed. Meanwhile /healthz is asked
again and again; what it waits for is an upper bound of how long the loop was busy with something else."""

import http.client
import sqlite3
import statistics
import sys
import tempfile
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "e2e"))

from support.certificates import Authority, Leaf  # noqa: E402
from support.daemon import Daemon, daemon_table, http_table  # noqa: E402
from support.ports import free_port  # noqa: E402
from support.waiting import wait_until  # noqa: E402
from support.web import get  # noqa: E402

REPEATED = 5
PATHS = ("/", "/status.json", "/metrics")


def main(mappings: int):
    with tempfile.TemporaryDirectory() as place:
        directory, port = Path(place), free_port()
        leaf = Authority().issue("www.test.example", days=60)
        daemon = Daemon(directory, configuration(mappings, port))
        with daemon:
            wait_until(lambda: ready(port), "each mapping was looked at", timeout=600)
        fill_journal(directory / "state" / "journal.db", mappings, leaf)
        (directory / "fullchain.pem").write_text(leaf.fullchain)
        (directory / "privkey.pem").write_text(leaf.key)
        with daemon:
            wait_until(lambda: ready(port), "each mapping was looked at", timeout=600)
            measure(mappings, port)


def configuration(mappings: int, port: int) -> str:
    mapping = ('[[mapping]]\nname = "site-{0:05}.example.com"\nold_cert_id = "old{0:05}"\n'
               'certificate = {{ chain = "{{directory}}/fullchain.pem", key = "{{directory}}/privkey.pem" }}\n'
               'gate = {{ trust = "any" }}\n')
    return "\n".join([daemon_table(rescan='"1h"'), http_table(f"127.0.0.1:{port}"), "[account.default]\n",
                      *(mapping.format(number) for number in range(mappings))])


def ready(port: int) -> bool:
    try:
        return get(port, "/readyz").status == 200
    except OSError:
        return False


def fill_journal(path: Path, mappings: int, leaf: Leaf):
    """Every target has been rotated to `leaf`, and that is proven."""
    now = int(time.time())
    facts = (leaf.fingerprint, now - 3600, now + 60 * 86400, '["www.test.example"]', "bench")
    with sqlite3.connect(path) as journal:
        for number in range(mappings):
            target = journal.execute("INSERT INTO target (account, configured_id) VALUES ('default', ?)",
                                     (f"old{number:05}",)).lastrowid
            journal.execute("INSERT INTO succession (target, position, certificate_id, since) VALUES (?, 0, ?, ?)",
                            (target, f"old{number:05}", now * 1000))
            journal.execute("INSERT INTO succession VALUES (?, 1, ?, ?, ?, ?, ?, ?, ?, NULL)",
                            (target, f"new{target:05}", now * 1000, *facts))
            journal.execute(
                "INSERT INTO rotation (target, mapping, fingerprint, not_before, not_after, names, issuer, stage, old_id,"
                " new_id, uploaded, bindings, request_id, failures, began, changed)"
                " VALUES (?, 'site', ?, ?, ?, ?, ?, 'done', ?, ?, 1, '[]', '', 0, ?, ?)",
                (target, *facts, f"old{target:05}", f"new{target:05}", now * 1000, now * 1000))


class Pinger(threading.Thread):
    """Asks /healthz over one connection until it is told to stop; how long each answer took, in seconds."""

    def __init__(self, port: int):
        super().__init__()
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self._over = threading.Event()
        self.took = []

    def run(self):
        while not self._over.is_set():
            began = time.perf_counter()
            self._connection.request("GET", "/healthz")
            answer = self._connection.getresponse()
            answer.read()
            self.took.append(time.perf_counter() - began)
            if answer.will_close:
                self._connection.close()
            time.sleep(0.001)

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self._over.set()
        self.join()
        self._connection.close()


def measure(mappings: int, port: int):
    with Pinger(port) as idle:
        time.sleep(3)
    print(f"{mappings} mappings; /healthz without other work: {milliseconds(idle.took)}")
    print(f"{'path':14} {'first byte ms':>14} {'whole ms':>9} {'bytes':>9}   longest wait of /healthz ms")
    for path in PATHS:
        with Pinger(port) as pinger:
            runs = [fetch(port, path) for _ in range(REPEATED)]
        first, whole, size = (statistics.median(values) for values in zip(*runs))
        print(f"{path:14} {first * 1000:14.1f} {whole * 1000:9.1f} {size:9.0f}   {max(pinger.took) * 1000:.1f}")


def fetch(port: int, path: str) -> tuple:
    """Times of the first byte and of the whole, and the size, when nothing is cached."""
    time.sleep(8)
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    began = time.perf_counter()
    connection.request("GET", path)
    answer = connection.getresponse()
    first = time.perf_counter() - began
    size = len(answer.read())
    whole = time.perf_counter() - began
    connection.close()
    return first, whole, size


def milliseconds(took: list) -> str:
    return f"median {statistics.median(took) * 1000:.1f} ms, longest {max(took) * 1000:.1f} ms"


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10000)
