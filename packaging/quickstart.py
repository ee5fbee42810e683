# SPDX-License-Identifier: MIT
"""The second half of quickstart.sh: two real renewals reach the load balancers, and the proof of it."""

import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests" / "e2e"))

from support.certificates import leaf_fingerprint  # noqa: E402
from support.daemon import Daemon  # noqa: E402
from support.paths import build_directory  # noqa: E402
from support.pebble import Certbot, Pebble  # noqa: E402
from support.sandbox import Refused, Sandbox  # noqa: E402
from support.tls import served_fingerprint  # noqa: E402

NAME = "www.example.com"
BOLD, PLAIN = ("\033[1m", "\033[0m") if sys.stdout.isatty() else ("", "")


def step(text: str):
    print(f"\n{BOLD}{text}{PLAIN}", flush=True)


def show(label: str, value: str):
    print(f"  {label:<24}{value}", flush=True)


class Place(NamedTuple):
    """A listener that serves the certificate, in an account and a cloud of its own: in one cloud, the replacement for
    one account would move the listener of the other too."""

    cloud: Sandbox
    account: str
    action: str  # that replaces a certificate in that account's generation of the API
    old_id: str
    port: int


def configuration(certbot: Certbot, root: Path, modern: Place, legacy: Place) -> str:
    return f"""[daemon]
state_dir = "{{directory}}/state"

[account.{modern.account}]                         # API 3.0
credentials = {{ kind = "file", path = "{{directory}}/credentials.toml" }}
endpoint = {{ clb = "{modern.cloud.api}", ssl = "{modern.cloud.api}" }}  # the sandbox, in Tencent's place
ca_file = "{modern.cloud.ca}"

[account.{legacy.account}]
api = "2.0"
credentials = {{ kind = "file", path = "{{directory}}/credentials.toml" }}
endpoint = {{ lb = "{legacy.cloud.api}", wss = "{legacy.cloud.api}" }}
ca_file = "{legacy.cloud.ca}"

[[mapping]]
name = "www"
certificate = {{ certbot = "{NAME}", dir = "{certbot.directory}" }}
targets = [
  {{ account = "{modern.account}", old_cert_id = "{modern.old_id}" }},
  {{ account = "{legacy.account}", old_cert_id = "{legacy.old_id}" }},
]
gate = {{ trust = "{root}" }}  # Pebble's root: it is no public CA
verify = {{ endpoint = ["{NAME}@127.0.0.1:{modern.port}", "{NAME}@127.0.0.1:{legacy.port}"] }}
"""


def renew_and_watch(number: int, certbot: Certbot, daemon: Daemon, places: list[Place]):
    step(f"Renewal {number}: certbot renews, and nobody tells certferryd")
    before = [served_fingerprint(place.port) for place in places]
    certbot.renew(NAME)
    renewed = leaf_fingerprint((certbot.lineage(NAME) / "fullchain.pem").read_text())
    show("renewed on disk", renewed)
    for place, served_before in zip(places, before):
        line = daemon.wait_for_log(f"rotation.done .*account={place.account} .*bundle={renewed[:12]}", timeout=60)
        fields = dict(field.split("=", 1) for field in line.split() if "=" in field)
        served = served_fingerprint(place.port)
        print(f"\n  account {place.account}: {place.action} {fields['old_id']} -> {fields['new_id']}", flush=True)
        show("served before", served_before)
        show("served now", served)
        if served != renewed:
            raise RuntimeError("the load balancer does not serve the renewed certificate")


def main(directory: Path):
    step("3. A local Tencent Cloud for each account, a local Let's Encrypt, and a first certificate")
    with (Sandbox(directory / "cloud") as cloud, Sandbox(directory / "legacy-cloud") as legacy_cloud,
          Pebble(directory / "pebble") as pebble):
        certbot = Certbot(directory, pebble)
        certbot.issue(NAME)
        root = directory / "pebble-root.pem"
        root.write_text(pebble.root)
        places = []
        for sandbox, account, action in ((cloud, "default", "ReplaceCertForLoadBalancers"),
                                         (legacy_cloud, "legacy", "ReplaceCert")):
            old_id = sandbox.add_certificate_files(certbot.lineage(NAME))
            port = sandbox.add_listener(f"lbl-{account}", old_id, load_balancer=f"lb-{account}")
            show("load balancer", f"lb-{account}/lbl-{account} at 127.0.0.1:{port}, certificate {old_id}")
            places.append(Place(sandbox, account, action, old_id, port))
        daemon = Daemon(directory, configuration(certbot, root, *places))
        step("4. The configuration")
        print("  " + daemon.config.read_text().replace("\n", "\n  ").rstrip(), flush=True)
        with daemon:
            for place in places:
                daemon.wait_for_log(f"rotation.done .*account={place.account} ")
            renew_and_watch(1, certbot, daemon, places)
            renew_and_watch(2, certbot, daemon, places)
            step("What certferry remembers (certferry history www)")
            subprocess.run([build_directory() / "certferry", "history", "www", "--config", daemon.config], check=True)
            daemon.term()
    step("quickstart: done. Two renewals reached two load balancers, over both generations of the API, all proven.")


def run_in(directory: Path) -> int:
    """The exit code. The directory, with all that was logged, stays when something went wrong."""
    try:
        main(directory)
    except (AssertionError, RuntimeError, OSError, Refused, subprocess.SubprocessError) as failure:
        print(f"\nquickstart: {failure}\nquickstart: FAILED; what it left to look at is in {directory}",
              file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nquickstart: interrupted; everything that it started has ended", file=sys.stderr)
        shutil.rmtree(directory)
        return 130
    shutil.rmtree(directory)
    return 0


def interrupt(*_):
    raise KeyboardInterrupt


if __name__ == "__main__":
    for ending in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(ending, interrupt)
    sys.exit(run_in(Path(tempfile.mkdtemp(prefix="certferry-quickstart-"))))
