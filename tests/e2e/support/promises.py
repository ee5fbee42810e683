# SPDX-License-Identifier: MIT
"""What must be so after any trouble, once it is over: what the daemon believes, compared with what the cloud knows."""

from itertools import pairwise

from .certificates import Leaf
from .daemon import Daemon
from .site import Site
from .tls import served_fingerprint


def broken_promises(daemon: Daemon, site: Site, leaves: list[Leaf]):
    """Yields a sentence for every promise that was broken to a site whose certificates were `leaves`, oldest first.
    Those between the first and the last may have been passed over."""
    issued = [leaf.fingerprint for leaf in leaves]
    ids = [entry["id"] for entry in daemon.target(site.name)["succession"]]
    held = [issued.index(fingerprint) for fingerprint in site.fingerprints(ids)]
    if held[-1] != len(issued) - 1:
        yield f"{site.name}: the newest certificate is not the head: {ids}"
    if served_fingerprint(site.port) != issued[-1]:
        yield f"{site.name}: the newest certificate is not served"
    if any(later <= earlier for earlier, later in pairwise(held)):
        yield f"{site.name}: the succession goes back: {held}"
    replaced = site.replacements()
    if len(set(replaced)) < len(replaced):
        yield f"{site.name}: replaced twice: {replaced}"
    if not set(replaced) <= set(pairwise(ids)):
        yield f"{site.name}: replaced, and not in the succession {ids}: {replaced}"
    for number, leaf in enumerate(leaves):
        if site.uploads(leaf) > 1:
            yield f"{site.name}: certificate {number} was stored {site.uploads(leaf)} times"
