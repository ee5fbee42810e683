# SPDX-License-Identifier: MIT
"""The life of a package on a machine: installed, configured, upgraded, removed, purged. Each test has a copy of this
machine for itself; that a running daemon is restarted by an upgrade needs a real service manager."""

import shutil
import tempfile
import unittest
from pathlib import Path

from support.machine import MachineCase
from support.packages import DEB, RPM, VERSION, output_of

# The triggers of other packages (manual pages) take long and change nothing here.
DPKG = "dpkg --force-depends --force-unsafe-io --no-triggers"
INSTALL = f"{DPKG} --install /packages/{DEB.name}\n"
PURGE = f"{DPKG} --purge certferry\n"
JOURNAL = """
install -d -o certferry -g certferry -m 700 /var/lib/certferry
echo remembered >/var/lib/certferry/journal.db
"""
CREDENTIALS = "install -m 600 /dev/null /etc/certferry/credentials.toml\n"


def write_newer_deb(directory: Path):
    """directory/newer.deb, the package as a later version, with another example in it."""
    tree = directory / "tree"
    output_of("dpkg-deb", "--raw-extract", DEB, tree)
    control = tree / "DEBIAN" / "control"
    control.write_text(control.read_text().replace(f"Version: {VERSION}-1", f"Version: {VERSION}-2"))
    with open(tree / "etc" / "certferry" / "certferry.toml", "a") as example:
        example.write("# of the later version\n")
    output_of("dpkg-deb", "--root-owner-group", "-Znone", "--build", tree, directory / "newer.deb")
    shutil.rmtree(tree)


class Deb(MachineCase):
    def test_a_fresh_installation_is_neither_enabled_nor_running_and_says_what_to_do(self):
        said = self.on_copy(INSTALL + """
            getent passwd certferry
            systemctl is-enabled certferryd || echo "as expected: $?"
            certferryd --check || echo "exit code $?"
            certferry config check || echo "exit code $?"
        """)
        self.assertRegex(said, r"certferry:x:\d+:\d+:certferry daemon:/var/lib/certferry:/usr/sbin/nologin\n")
        self.assertIn("disabled\nas expected: 1", said)
        self.assertEqual(said.count("there is no [[mapping]], so there is nothing to do\n        add one with name"), 2)
        self.assertEqual(said.count("exit code 4\n"), 2)

    def test_a_unit_that_is_enabled_by_the_administrator(self):
        said = self.on_copy(INSTALL + "systemctl enable certferryd 2>&1\n" + INSTALL +
                            "systemctl is-enabled certferryd\n")
        self.assertTrue(said.endswith("\nenabled\n"), said)

    def test_a_purge_keeps_the_journal_and_the_credentials_and_says_so(self):
        said = self.on_copy(INSTALL + JOURNAL + CREDENTIALS + f"{DPKG} --remove certferry\n" +
                            "test -e /etc/certferry/certferry.toml\n"
                            "RENEWED_LINEAGE=/nowhere /etc/letsencrypt/renewal-hooks/deploy/certferry\n" + PURGE + """
            cat /var/lib/certferry/journal.db
            find /etc/certferry ! -type d
            test ! -e /etc/letsencrypt/renewal-hooks/deploy/certferry
            test ! -e /usr/sbin/certferryd
        """)
        self.assertIn("certferry: kept /var/lib/certferry, which remembers the certificate ids", said)
        self.assertIn("certferry: kept what was added to /etc/certferry, such as credentials", said)
        self.assertTrue(said.endswith("remembered\n/etc/certferry/credentials.toml\n"), said)

    def test_a_purge_leaves_nothing_where_no_daemon_has_run(self):
        said = self.on_copy(INSTALL + "mkdir /var/lib/certferry\n" + PURGE + """
            test ! -e /var/lib/certferry
            test ! -e /etc/certferry
        """)
        self.assertNotIn("kept", said)


class Upgrade(MachineCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        place = tempfile.TemporaryDirectory()
        cls.addClassCleanup(place.cleanup)
        cls.packages = Path(place.name)
        shutil.copy(DEB, cls.packages)
        write_newer_deb(cls.packages)

    def test_the_journal_and_a_changed_configuration_are_kept(self):
        said = self.on_copy(INSTALL + JOURNAL + f"""
            echo '# of the administrator' >>/etc/certferry/certferry.toml
            {DPKG} --force-confold --install /packages/newer.deb
            tail -n 1 /etc/certferry/certferry.toml
            cat /var/lib/certferry/journal.db
        """, self.packages)
        self.assertIn(f"({VERSION}-2)", said)
        self.assertTrue(said.endswith("# of the administrator\nremembered\n"), said)

    def test_the_new_example_comes_where_nothing_was_changed(self):
        said = self.on_copy(INSTALL + f"""
            {DPKG} --install /packages/newer.deb
            tail -n 1 /etc/certferry/certferry.toml
        """, self.packages)
        self.assertTrue(said.endswith("# of the later version\n"), said)


class Rpm(MachineCase):
    """In an empty root: this machine has no database of rpm's. The programs are Debian's, so --nodeps."""

    INSTALL = f"rpm --root /scratch --initdb; rpm --root /scratch --nodeps --noscripts --install /packages/{RPM.name}\n"

    def test_it_is_installed_and_verified(self):
        said = self.on_copy(self.INSTALL + "rpm --root /scratch --verify --nodeps certferry && echo as packaged\n"
                            "grep -c '^#\\[\\[mapping\\]\\]' /scratch/etc/certferry/certferry.toml\n")
        self.assertTrue(said.endswith("as packaged\n1\n"), said)

    def test_its_scripts_make_the_user_and_keep_the_journal_and_the_credentials(self):
        said = self.on_copy(f"""
            rpm --initdb
            rpm --nodeps --install /packages/{RPM.name}
            getent passwd certferry
            systemctl is-enabled certferryd || true
            {JOURNAL}{CREDENTIALS}
            rpm --erase certferry 2>&1
            cat /var/lib/certferry/journal.db
            test ! -e /usr/sbin/certferryd
        """)
        self.assertIn(":/var/lib/certferry:", said)
        self.assertIn("\ndisabled\n", said)
        self.assertIn("certferry: kept /var/lib/certferry", said)
        self.assertIn("certferry: kept what was added to /etc/certferry", said)
        self.assertTrue(said.endswith("remembered\n"), said)


if __name__ == "__main__":
    unittest.main()
