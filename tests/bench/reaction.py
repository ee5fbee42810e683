# SPDX-License-Identifier: MIT
"""Reaction: from the last write of a renewal to the first byte of the API's first request."""

import os
import subprocess
import time
from contextlib import contextmanager
from pathlib import Path

from fleet import Fleet, Lineage, wait_until_looked
from issuing import QuickAuthority
from results import Results, at_least, at_most
from support.daemon import account_table, daemon_table
from support.node import install
from support.paths import build_directory
from support.sandbox import SECRET_ID, SECRET_KEY, Sandbox
from support.waiting import wait_until

RIVALS = Path(__file__).parent / "rivals"
CREDENTIALS = {"SECRET_ID": SECRET_ID, "SECRET_KEY": SECRET_KEY}
DEFAULT_SETTLE_MS = 1000


def measure(results: Results, extent, place: Path):
    repeats = 3 if extent.quick else 25
    authority = QuickAuthority()
    with Sandbox(place / "sandbox") as sandbox:
        course = Course(sandbox, authority)
        floor = of_floor(course, place / "floor", repeats)
        warm = of_daemon(course, place / "warm", 0, repeats)
        settled = of_daemon(course, place / "settled", DEFAULT_SETTLE_MS, max(3, repeats // 3))
        shell = of_shell(course, place / "shell", repeats)
        node = of_node(course, place / "node", repeats)
    report(results, floor, warm, settled, shell, node)


def report(results: Results, floor: list, daemon: list, settled: list, shell: list, node: list):
    name = "reaction"
    base = results.add(name, "floor: raw inotify, kept TLS, prepared request", floor, "ms").middle
    ours = results.add(name, "certferryd, without settling", daemon, "ms").middle
    results.add(name, "certferryd / floor", [ours / base], "x", at_most(1.3))
    results.add(name, "inotifywait + openssl + curl", shell, "ms")
    results.add(name, "inotifywait / certferryd", [results.rows[-1].middle / ours], "x")
    results.add(name, "deploy hook in Node, official SDK", node, "ms")
    results.add(name, "Node hook / certferryd", [results.rows[-1].middle / ours], "x", at_least(20))
    whole = results.add(name, f"certferryd, settle.min = {DEFAULT_SETTLE_MS} ms, the default", settled, "ms").middle
    results.add(name, "what settling adds beyond its minimum", [whole - ours - DEFAULT_SETTLE_MS], "ms", at_most(2))
    results.add(name, "certferryd / floor, both with settling", [whole / (base + DEFAULT_SETTLE_MS)], "x")


class Course:
    """A sandbox in which renewals are timed, one after the other."""

    def __init__(self, sandbox: Sandbox, authority: QuickAuthority):
        self.sandbox, self.authority = sandbox, authority
        self._days = 30
        self._balancers = 0

    def bound_certificate(self) -> str:
        """The id of a certificate that a listener of its own has."""
        self._balancers += 1
        cert_id = self.sandbox.add_certificate(self.authority.issue(days=30))
        self.sandbox.add_listener("lbl-1", cert_id, load_balancer=f"lb-{self._balancers}")
        return cert_id

    def time_renewal(self, lineage: Lineage, at_renewal=lambda: None) -> float:
        """In milliseconds. Each renewal is valid for longer than the one before."""
        self._days += 1
        lineage.stage(self.authority.issue(days=self._days))
        known = self._last_number()
        written = lineage.renew()
        at_renewal()
        first = wait_until(lambda: self._first_after(known), "a request comes", interval=0.05)
        return first["first_byte_us"] / 1e3 - written / 1e6

    def come_to_rest(self):
        """Until no request has come for a while: a rotation is several."""
        quiet_since, last = time.monotonic(), self._last_number()
        while time.monotonic() - quiet_since < 1.5:
            time.sleep(0.1)
            if (number := self._last_number()) != last:
                quiet_since, last = time.monotonic(), number

    def _last_number(self) -> int:
        return max((call["number"] for call in self.sandbox.requests()), default=0)

    def _first_after(self, number: int):
        return next((call for call in self.sandbox.requests() if call["number"] > number), None)


def of_floor(course: Course, place: Path, repeats: int) -> list:
    lineage = Lineage(place, 0)
    with floor_program(course.sandbox, lineage):
        return [timed_apart(course, lineage) for _ in range(repeats)]


def timed_apart(course: Course, lineage: Lineage, at_renewal=lambda: None) -> float:
    took = course.time_renewal(lineage, at_renewal)
    course.come_to_rest()
    return took


@contextmanager
def floor_program(sandbox: Sandbox, lineage: Lineage):
    request = prepared_request(sandbox)
    with subprocess.Popen([build_directory() / "certferry_floor", lineage.live, "fullchain.pem", str(sandbox.port),
                           sandbox.ca], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        try:
            process.stdin.write(request)
            process.stdin.close()
            assert process.stdout.readline() == b"ready\n"
            yield
        finally:
            process.kill()


def prepared_request(sandbox: Sandbox) -> bytes:
    """A call that anybody may make, so that it stays good; what comes of it is of no interest here."""
    return (f"POST / HTTP/1.1\r\nHost: 127.0.0.1:{sandbox.port}\r\nAuthorization: SKIP\r\nX-TC-Action: AssumeRoleWithWebIdentity"
            "\r\nX-TC-Version: 2018-08-13\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}").encode()


def of_daemon(course: Course, place: Path, settle_ms: int, repeats: int) -> list:
    """By a daemon that has just called the API: its connection is warm, as the floor's is."""
    fleet = Fleet(place, 1, course.authority)
    fleet.ids = [course.bound_certificate()]
    daemon = fleet.daemon(settings(settle_ms), account_table(course.sandbox, api='"3.0"', requests_per_second="100.0"))
    with daemon:
        wait_until_looked(daemon)
        took = [timed_apart(course, fleet.lineages[0]) for _ in range(repeats + 1)]
    return took[1:]  # the first one had to connect


def settings(settle_ms: int) -> str:
    return daemon_table(rescan='"5m"', settle=f'{{ min = "{settle_ms}ms", max = "30s" }}')


def of_shell(course: Course, place: Path, repeats: int) -> list:
    lineage = Lineage(place, 0)
    with subprocess.Popen(["bash", RIVALS / "inotify_hook.sh", lineage.live, course.sandbox.api, course.sandbox.ca],
                          stdout=subprocess.DEVNULL, env=os.environ | CREDENTIALS, start_new_session=True) as process:
        try:
            wait_until(lambda: watches_something(process.pid), "inotifywait watches")
            return [timed_apart(course, lineage) for _ in range(repeats)]
        finally:
            os.killpg(process.pid, 9)


def watches_something(group: int) -> bool:
    """Whether a process of the group has an inotify watch."""
    for place in Path("/proc").glob("[0-9]*"):
        try:
            if os.getpgid(int(place.name)) == group and any(
                    "inotify wd:" in info.read_text() for info in (place / "fdinfo").iterdir()):
                return True
        except OSError:
            continue
    return False


def of_node(course: Course, place: Path, repeats: int) -> list:
    lineage, old_id = Lineage(place, 0), course.bound_certificate()
    environment = node_environment(course.sandbox) | {"RENEWED_LINEAGE": str(lineage.live)}
    took = []
    for _ in range(repeats):
        hooks = []
        took.append(timed_apart(course, lineage, lambda: hooks.append(subprocess.Popen(
            ["node", RIVALS / "node_hook.js", f"127.0.0.1:{course.sandbox.port}", old_id], env=environment))))
        if hooks[0].wait() != 0:
            raise AssertionError("the Node hook failed")
    return took


def node_environment(sandbox: Sandbox) -> dict:
    return os.environ | CREDENTIALS | {"NODE_EXTRA_CA_CERTS": str(sandbox.ca),
                                       "NODE_PATH": str(install("node") / "node_modules")}
