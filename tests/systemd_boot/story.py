# SPDX-License-Identifier: MIT
"""What happens on the machine, chapter by chapter; each builds on the one before. Run by run.py, inside."""

import json
import os
import re
import shutil
import subprocess
import sys
import textwrap
import time
import traceback
from pathlib import Path

import product
from machine import PROJECT

from support.certificates import Authority, Leaf, split_chain
from support.daemon import account_table
from support.pebble import Pebble, free_port
from support.sandbox import SECRET_ID, SECRET_KEY, Sandbox
from support.site import Site
from support.tls import served_fingerprint
from support.waiting import wait_until

NAME = "www.test.example"
UNIT = "certferryd"
LIVE = Path("/etc/letsencrypt/live") / NAME
CONFIGURATION = Path("/etc/certferry/certferry.toml")
HOOK = Path("/etc/letsencrypt/renewal-hooks/deploy/certferry")
DROP_INS = Path(f"/etc/systemd/system/{UNIT}.service.d")
CAP_DAC_READ_SEARCH = 1 << 2
SECCOMP_FILTER = 2


# --- what one types, and what it says

def type_in(line: str, expect: int = 0) -> str:
    """A command as a person types it; what it said, which is shown too."""
    print(f"    # {line}", flush=True)
    done = subprocess.run(["bash", "-c", line], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True, check=False, timeout=300)
    if said := done.stdout.rstrip():
        print(textwrap.indent(said, "      "), flush=True)
    if done.returncode != expect:
        raise AssertionError(f"{line}: exit code {done.returncode}, not {expect}")
    return done.stdout


def say(sentence: str):
    print(f"    {sentence}", flush=True)


def equal(one, other, what: str):
    if one != other:
        raise AssertionError(f"{what}: {one!r}, not {other!r}")


def logged(pattern: str):
    """Shows the last line that the journal has of the unit and that matches. Without one it is a failure."""
    line = f"journalctl --unit {UNIT} --output cat --grep '{pattern}' --lines 1 --quiet"
    if not type_in(line).strip():
        raise AssertionError(f"the journal has no line with {pattern}")


# --- what systemd and the kernel know of the daemon

def property_of(name: str) -> str:
    return subprocess.run(["systemctl", "show", "--value", "--property", name, UNIT], capture_output=True, text=True,
                          check=True).stdout.strip()


def wait_for(name: str, value: str, timeout: float = 60):
    wait_until(lambda: property_of(name) == value, f"{name} of {UNIT} is {value}; it is {property_of(name)}", timeout)


def main_pid() -> int:
    return int(property_of("MainPID"))


def kernel_knows(field: str) -> str:
    status = Path(f"/proc/{main_pid()}/status").read_text()
    return next(line.split(":")[1].strip() for line in status.splitlines() if line.startswith(field + ":"))


def use_drop_in(name: str, text: str):
    DROP_INS.mkdir(exist_ok=True)
    (DROP_INS / name).write_text(text)
    say(f"{DROP_INS / name} is put in place.")
    type_in("systemctl daemon-reload")


def shipped(drop_in: str) -> str:
    return (PROJECT / "systemd/drop-ins" / drop_in).read_text()


def remove_drop_in(name: str):
    (DROP_INS / name).unlink()
    type_in("systemctl daemon-reload")


# --- the world around it

class World:
    """An ACME server, a cloud with a listener, and certbot as it is configured for them."""

    def __init__(self):
        self.pebble = Pebble(Path("/srv/pebble"))
        self.cloud = Sandbox(Path("/srv/cloud"))
        self.site = Site(NAME, self.cloud, Path("/etc/letsencrypt"), Authority().issue(NAME, days=10), on_disk=None)
        os.environ["REQUESTS_CA_BUNDLE"] = str(self.pebble.ca)
        Path("/etc/letsencrypt").mkdir(exist_ok=True)
        Path("/etc/letsencrypt/cli.ini").write_text(
            f"server = {self.pebble.url}\nnon-interactive = true\nno-random-sleep-on-renew = true\nagree-tos = true\n"
            f"email = test@test.example\nauthenticator = standalone\nhttp-01-address = 127.0.0.1\n"
            f"http-01-port = {free_port()}\nkey-type = ecdsa\n")

    def write_configuration(self):
        shutil.copy(self.cloud.ca, CONFIGURATION.parent / "cloud-ca.pem")
        (CONFIGURATION.parent / "roots.pem").write_text(self.pebble.root)
        for file in ("cloud-ca.pem", "roots.pem"):
            (CONFIGURATION.parent / file).chmod(0o644)
        account = account_table(self.cloud, api='"3.0"', credentials='"file"', ca_file='"{directory}/cloud-ca.pem"')
        mapping = self.site.mapping(certificate=f'"certbot:{NAME}"',
                                    verify=f'{{ endpoint = ["{NAME}@127.0.0.1:{self.site.port}"] }}')
        text = "\n".join(['[daemon]\nrescan = "1h"\n', account, mapping])
        CONFIGURATION.write_text(text.replace("{directory}", str(CONFIGURATION.parent)))
        credentials = CONFIGURATION.parent / "credentials.toml"
        credentials.touch(mode=0o600)
        credentials.write_text(f'secret_id = "{SECRET_ID}"\nsecret_key = "{SECRET_KEY}"\n')

    def bound(self) -> str:
        return self.cloud.bound(self.site.listener)

    def replacing(self) -> bool:
        return any(not call["answered"] for call in self.cloud.requests("ReplaceCertForLoadBalancers"))

    def stop(self):
        self.cloud.stop()
        self.pebble.stop()


def with_certificate(certificate: str):
    """The mapping follows another lineage from the next start on."""
    CONFIGURATION.write_text(re.sub("certificate = .*", f"certificate = {certificate}", CONFIGURATION.read_text()))


def with_credentials(kind: str):
    """So does the account other credentials."""
    CONFIGURATION.write_text(re.sub("credentials = .*", f'credentials = "{kind}"', CONFIGURATION.read_text()))


def on_disk() -> Leaf:
    return Leaf(*split_chain((LIVE / "fullchain.pem").read_text()), (LIVE / "privkey.pem").read_text())


def target() -> dict:
    told = subprocess.run(["certferry", "status", NAME, "-o", "json"], capture_output=True, text=True, check=False)
    targets = json.loads(told.stdout or "{}").get("targets", [{}])
    return targets[0]


def assert_proven(world: World):
    """What is on disk is bound, served, and said to be proven."""
    now = target()
    equal(now.get("stage"), "done", "the rotation's stage")
    equal(now["deployed_id"], world.bound(), "the id that is deployed, and the one that is bound")
    equal(served_fingerprint(world.site.port), on_disk().fingerprint, "the certificate that is served")


def wait_until_proven():
    fingerprint = on_disk().fingerprint
    wait_until(lambda: (now := target()).get("stage") == "done" and now.get("deployed_fingerprint") == fingerprint,
               f"the certificate on disk is deployed: {target()}", timeout=60)


def renew_through_the_hook(world: World):
    before = world.bound()
    type_in("certbot renew --force-renewal --quiet")
    if world.bound() == before:
        raise AssertionError("certbot has ended, and the old certificate is still bound")
    assert_proven(world)
    say(f"certbot has ended, and {before} -> {world.bound()} is bound, served and proven.")


# --- the story

def installed(world: World):
    """its package installs it, with a user of its own, and starts nothing"""
    product.install()
    type_in(f"systemctl is-enabled {UNIT}", expect=1)
    type_in(f"systemctl is-active {UNIT}", expect=3)
    type_in("getent passwd certferry; getent group certferry certferry-keys")


def unconfigured(world: World):
    """with the configuration as it is installed it says what to add, and is not started again and again"""
    type_in(f"systemctl start {UNIT}", expect=1)
    logged("certferry.toml")
    equal((property_of("ActiveState"), property_of("ExecMainStatus"), property_of("NRestarts")), ("failed", "4", "0"),
          "state, exit code and restarts")
    type_in(f"systemctl reset-failed {UNIT}")


def begins(world: World):
    """it is configured and enabled, and brings what certbot has issued to the load balancer"""
    type_in(f"certbot certonly --quiet -d {NAME}")
    world.write_configuration()
    type_in("certferry config check")
    type_in(f"systemctl enable --now {UNIT}")
    wait_until_proven()
    assert_proven(world)
    wait_for("StatusText", "1 mapping: 1 deployed")
    type_in(f"systemctl status --no-pager --lines 3 {UNIT}")
    type_in("certferry status")


def confined(world: World):
    """it runs as its own user, with the one capability that reads keys, behind a filter of system calls"""
    type_in(f"ps -o user:12,pid,args -p {main_pid()}")
    equal(int(kernel_knows("CapEff"), 16), CAP_DAC_READ_SEARCH, "its capabilities")
    equal(int(kernel_knows("NoNewPrivs")), 1, "NoNewPrivs")
    equal(int(kernel_knows("Seccomp")), SECCOMP_FILTER, "Seccomp")
    equal(Path(f"/proc/{main_pid()}/mem").owner(), "root", "whose its memory is: it cannot be dumped (prctl(2))")
    equal(property_of("LimitCORE"), "0", "LimitCORE")
    equal(property_of("MemorySwapMax"), "0", "MemorySwapMax")
    equal(Path("/var/lib/certferry").owner(), "certferry", "the owner of the state directory")
    type_in(f"systemd-analyze security --threshold=15 --no-pager {UNIT} | tail -1; exit ${{PIPESTATUS[0]}}")
    logged("daemon.confined|daemon.unconfined")


def renewed(world: World):
    """a certbot renewal, through the installed hook, returns when it is proven"""
    renew_through_the_hook(world)
    type_in(f"certferry history {NAME}")


def reloaded(world: World):
    """systemctl reload puts a changed configuration in force"""
    second = CONFIGURATION.parent / "conf.d" / "second.toml"
    second.write_text('[[mapping]]\nname = "second"\nold_cert_id = "5ec0nd00"\n'
                      'certificate = { chain = "/srv/second/chain.pem", key = "/srv/second/key.pem" }\n')
    before = main_pid()
    type_in(f"systemctl reload {UNIT}")
    logged("config.reloaded")
    wait_for("StatusText", "2 mappings: 1 deployed, 1 unusable")
    say('"2 mappings: 1 deployed, 1 unusable", for the files of the second are not there. It is removed again:')
    second.unlink()
    type_in(f"systemctl reload {UNIT}")
    wait_for("StatusText", "1 mapping: 1 deployed")
    equal(main_pid(), before, "its process")


def refused(world: World):
    """a reload of a bad configuration fails, says where, and changes nothing"""
    good = CONFIGURATION.read_text()
    CONFIGURATION.write_text(good.replace("old_cert_id", "old_cert_di"))
    type_in(f"systemctl reload {UNIT}", expect=1)
    logged("config.refused")
    equal(property_of("ActiveState"), "active", "the service")
    type_in(f"systemctl show --property StatusText {UNIT}")
    equal(property_of("StatusText"), "1 mapping: 1 deployed; the last reload was refused", "its status")
    CONFIGURATION.write_text(good)
    type_in(f"systemctl reload {UNIT}")
    equal(property_of("StatusText"), "1 mapping: 1 deployed", "its status")


def killed(world: World):
    """killed, it is started again, and knows what it has deployed"""
    deployed = target()["deployed_id"]
    use_drop_in("quick.conf", "[Service]\nRestartSec=100ms\nWatchdogSec=3s\nTimeoutStopSec=2s\n")
    type_in(f"systemctl restart {UNIT}")
    before = main_pid()
    type_in(f"kill -KILL {before}")
    wait_for("NRestarts", "1")
    wait_for("ActiveState", "active")
    if main_pid() == before:
        raise AssertionError("it is the same process")
    wait_until_proven()
    equal(target()["deployed_id"], deployed, "the deployed id")
    say(f"It runs again, as {main_pid()}, and knows that {deployed} is deployed.")


def frozen(world: World):
    """frozen, it is taken for stuck by the watchdog, and started again"""
    before = main_pid()
    type_in(f"kill -STOP {before}")
    wait_for("NRestarts", "2")
    wait_for("ActiveState", "active")
    logged("Watchdog timeout")
    pid, begin = main_pid(), time.monotonic()
    wait_until(lambda: time.monotonic() - begin > 7, "seven seconds pass", timeout=60)
    equal((main_pid(), property_of("NRestarts")), (pid, "2"), "its process, and how often it was started again")
    say(f"It runs again, as {pid}, and the watchdog, which waits for three seconds, has been content for seven.")


def stopped_at_work(world: World):
    """stopped in the middle of a rotation, it takes the time to bring that to rest"""
    before = world.bound()
    world.cloud.add_fault("hold", action="ReplaceCertForLoadBalancers")
    renewal = subprocess.Popen(["certbot", "renew", "--force-renewal", "--quiet"], stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL)
    wait_until(world.replacing, "the replacement is under way", timeout=60)
    begin = time.monotonic()
    type_in(f"systemctl stop --no-block {UNIT}")
    wait_for("StatusText", "stopping: 1 rotation coming to rest")
    say("systemd would wait for two seconds, TimeoutStopSec=; after four it is still patient:")
    wait_until(lambda: time.monotonic() - begin > 4, "four seconds pass", timeout=60)
    equal(property_of("ActiveState"), "deactivating", "the service")
    world.cloud.clear_faults()
    wait_for("ActiveState", "inactive")
    equal(property_of("Result"), "success", "the result of the stop")
    renewal.wait(timeout=60)
    logged("daemon.stopp")
    type_in(f"systemctl start {UNIT}")
    wait_until_proven()
    assert_proven(world)
    equal(world.site.replacements()[-1], (before, world.bound()), "the last replacement, which was made once")
    remove_drop_in("quick.conf")


def by_group(world: World):
    """without any capability, by group access, it rotates as well"""
    name = "group-access.conf"
    use_drop_in(name, shipped(name))
    type_in("chgrp -R certferry-keys /etc/letsencrypt/live /etc/letsencrypt/archive && "
            "chmod -R g+rX /etc/letsencrypt/live /etc/letsencrypt/archive")
    type_in("chown certferry /etc/certferry/credentials.toml && chmod 0600 /etc/certferry/credentials.toml")
    type_in(f"systemctl restart {UNIT}")
    equal(int(kernel_knows("CapEff"), 16), 0, "its capabilities")
    type_in(f"systemd-analyze security --threshold=11 --no-pager {UNIT} | tail -1; exit ${{PIPESTATUS[0]}}")
    renew_through_the_hook(world)
    remove_drop_in(name)
    type_in("chown root /etc/certferry/credentials.toml")


def by_credential(world: World):
    """nor does it need one for the account's keys, which stay root's where systemd hands them over"""
    use_drop_in("credential.conf", shipped("credential.conf"))
    with_credentials("systemd")
    type_in(f"systemctl restart {UNIT}")
    equal(int(kernel_knows("CapEff"), 16), CAP_DAC_READ_SEARCH, "its capabilities")
    renew_through_the_hook(world)
    use_drop_in("group-access.conf", shipped("group-access.conf"))
    type_in(f"systemctl restart {UNIT}")
    equal(int(kernel_knows("CapEff"), 16), 0, "its capabilities")
    type_in("stat --format '%U %a %n' /etc/certferry/credentials.toml")
    renew_through_the_hook(world)
    remove_drop_in("group-access.conf")
    remove_drop_in("credential.conf")
    with_credentials("file")


def said_in(drop_in: str) -> str:
    """What a drop-in's comment says to type in."""
    return "\n".join(line.removeprefix("#     ") for line in drop_in.splitlines() if line.startswith("#     "))


def by_copies(world: World):
    """nor for copies that certbot's hook makes for it"""
    name = "copied-certificates.conf"
    drop_in = shipped(name)
    use_drop_in(name, drop_in)
    hook = HOOK.read_text()
    typed, script = said_in(drop_in).split("#!/bin/bash\n")
    type_in(typed.splitlines()[0])
    HOOK.write_text("#!/bin/bash\n" + script)
    type_in(f"RENEWED_LINEAGE={LIVE} {HOOK}")
    copies = f"/etc/certferry/certificates/{NAME}"
    with_certificate(f'{{ chain = "{copies}/fullchain.pem", key = "{copies}/privkey.pem" }}')
    type_in(f"systemctl restart {UNIT}")
    equal(int(kernel_knows("CapEff"), 16), 0, "its capabilities")
    renew_through_the_hook(world)
    HOOK.write_text(hook)
    remove_drop_in(name)
    type_in("chown root /etc/certferry/credentials.toml")


def in_roots_home(world: World):
    """acme.sh's files in root's home are shown to it, and their renewal is seen"""
    name = "acme-sh-in-root.conf"
    use_drop_in(name, shipped(name))
    home = Path(f"/root/.acme.sh/{NAME}_ecc")
    home.mkdir(mode=0o700, parents=True)
    with_certificate(f'"acme.sh:{NAME}"')
    type_in(f"systemctl restart {UNIT}")
    for _ in range(2):
        type_in("certbot renew --force-renewal --quiet --no-directory-hooks")
        (home / "fullchain.cer").write_text((LIVE / "fullchain.pem").read_text())
        (home / f"{NAME}.key").write_text((LIVE / "privkey.pem").read_text())
        wait_until_proven()
        assert_proven(world)
    remove_drop_in(name)
    with_certificate(f'"certbot:{NAME}"')
    type_in(f"systemctl restart {UNIT}")


def upgraded(world: World):
    """an upgrade starts the new program, which has the journal of the old one"""
    history, before = type_in(f"certferry history {NAME} | grep ' done '"), main_pid()
    product.upgrade()
    wait_until_proven()
    if main_pid() == before:
        raise AssertionError("the old program still runs")
    equal(type_in(f"certferry history {NAME} | grep ' done '"), history, "the history")
    renew_through_the_hook(world)


def purged(world: World):
    """purged, it leaves behind the journal and the credentials, and says so"""
    said = product.purge()
    for kept in ("/var/lib/certferry", "what was added to /etc/certferry"):
        say(next(line for line in said.splitlines() if f"kept {kept}" in line))
    left = [place for place in (*product.PROGRAMS, CONFIGURATION, HOOK, Path("/run/certferry")) if place.exists()]
    equal(left, [], "what is left")
    for kept in ("/var/lib/certferry/journal.db", "/etc/certferry/credentials.toml"):
        equal(Path(kept).exists(), True, f"that {kept} is there")
    type_in(f"systemctl is-active {UNIT}", expect=3)


CHAPTERS = (installed, unconfigured, begins, confined, renewed, reloaded, refused, killed, frozen, stopped_at_work, by_group,
            by_credential, by_copies, in_roots_home, upgraded, purged)


def tell(chapters, world: World) -> int:
    """How many chapters went as they should; none is told after one that did not."""
    for number, chapter in enumerate(chapters):
        print(f"\n{number + 1}. {chapter.__doc__}\n", flush=True)
        try:
            chapter(world)
        except Exception:  # pylint: disable=broad-except
            print(textwrap.indent(traceback.format_exc(), "    "))
            type_in(f"systemctl status --no-pager --full --lines 40 {UNIT}; true")
            return number
    return len(chapters)


def main() -> int:
    type_in("systemctl is-system-running --wait; systemctl --version | head -1")
    world = World()
    try:
        passed = tell(CHAPTERS, world)
    finally:
        world.stop()
    failed = int(passed < len(CHAPTERS))
    print(f"\n{passed} passed, {failed} failed")
    return failed


if __name__ == "__main__":
    sys.exit(main())
