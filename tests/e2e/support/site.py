# SPDX-License-Identifier: MIT
"""What a mapping is about: a listener at the cloud, and the certificate on disk that it is to follow."""

from pathlib import Path

from .certificates import CertbotLineage, Leaf
from .sandbox import Sandbox

QUICK_RETRY = '{ initial = "50ms", max = "200ms" }'


class Site:
    """A listener of `sandbox` that serves `old`, and a certbot lineage below `directory`, which holds `on_disk`
    (nothing if None). `listener` are further properties of the listener."""

    def __init__(self, name: str, sandbox: Sandbox, directory: Path, old: Leaf, on_disk: Leaf | None, **listener):
        self.name, self.sandbox, self.directory = name, sandbox, directory
        self.old_id = sandbox.add_certificate(old)
        self.listener = "lbl-" + name.replace(".", "-")
        self.port = sandbox.add_listener(self.listener, self.old_id, **listener)
        self.lineage = None
        if on_disk:
            self.write(on_disk)

    def write(self, leaf: Leaf):
        """The certificate on disk, as certbot issues or renews it."""
        if self.lineage:
            self.lineage.renew(leaf)
        else:
            self.lineage = CertbotLineage(self.directory, self.name, leaf)

    def mapping(self, **keys: str) -> str:
        """A [[mapping]] of this site, with further keys or other values, as TOML."""
        values = {"name": f'"{self.name}"', "certificate": f'{{ certbot = "{self.name}", dir = "{self.directory}" }}',
                  "old_cert_id": f'"{self.old_id}"', "retry": QUICK_RETRY,
                  "gate": '{ trust = "{directory}/roots.pem" }'} | keys
        return "[[mapping]]\n" + "".join(f"{key} = {value}\n" for key, value in values.items())

    def replacements(self) -> list:
        """The replacements that changed the listener, as (old id, new id), in their order."""
        return [(one["old"], one["new"]) for one in self.sandbox.state()["replacements"]
                if self.listener in one["listeners"]]

    def fingerprints(self, ids: list) -> list:
        """What the cloud holds, or has held, under each of the ids."""
        known = {one["id"]: one["fingerprint"] for one in self.sandbox.state()["uploads"]}
        return [known[cert_id] for cert_id in ids]

    def uploads(self, leaf: Leaf) -> int:
        """How many times the certificate has been stored through the API."""
        return sum(one["uploader"] == "api" and one["fingerprint"] == leaf.fingerprint
                   for one in self.sandbox.state()["uploads"])

    def changes_asked_for(self) -> int:
        """How many calls that would change something have reached the cloud."""
        changes = ("CertUpload", "ReplaceCert", "UploadCertificate", "ReplaceCertForLoadBalancers", "ModifyListener",
                   "ModifyDomainAttributes")
        return sum(len(self.sandbox.requests(action)) for action in changes)
