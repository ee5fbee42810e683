# SPDX-License-Identifier: MIT
"""What is in the packages, and what the checkers of both worlds say of it."""

import unittest

from support.packages import (DEB, PROJECT, RPM, RPM_DEBUGINFO, SOURCE_RPM, VERSION, Entry, entries_of_deb,
                              entries_of_rpm, field_of_deb, output_of)

PROGRAM = Entry("-rwxr-xr-x", "root/root")
FILE = Entry("-rw-r--r--", "root/root")
DIRECTORY = Entry("drwxr-xr-x", "root/root")

BOTH = {
    "/usr/bin/certferry": PROGRAM,
    "/usr/sbin/certferryd": PROGRAM,
    "/etc/certferry/certferry.toml": FILE,
    "/etc/certferry/conf.d": DIRECTORY,
    "/etc/letsencrypt/renewal-hooks/deploy/certferry": PROGRAM,
    "/usr/lib/sysusers.d/certferry.conf": FILE,
    "/usr/share/certferry/drop-ins": DIRECTORY,
    "/usr/share/certferry/hooks": DIRECTORY,
    "/usr/share/bash-completion/completions/certferry": FILE,
    "/usr/share/fish/vendor_completions.d/certferry.fish": FILE,
    "/usr/share/man/man1/certferry.1.gz": FILE,
    "/usr/share/man/man5/certferry.toml.5.gz": FILE,
    "/usr/share/man/man8/certferryd.8.gz": FILE,
}
DEB_ALONE = {
    "/lib/systemd/system/certferryd.service": FILE,
    "/usr/share/zsh/vendor-completions/_certferry": FILE,
    "/usr/share/doc/certferry/copyright": FILE,
    "/usr/share/doc/certferry/changelog.gz": FILE,
    "/usr/share/doc/certferry/README.md.gz": FILE,
}
RPM_ALONE = {
    "/usr/lib/systemd/system/certferryd.service": FILE,
    "/usr/share/zsh/site-functions/_certferry": FILE,
    f"/usr/share/licenses/certferry-{VERSION}/LICENSE": FILE,
    f"/usr/share/doc/certferry-{VERSION}/README.md": FILE,
}
CONFFILES = {"/etc/certferry/certferry.toml", "/etc/letsencrypt/renewal-hooks/deploy/certferry"}


class ContentsCase(unittest.TestCase):
    def assert_holds(self, package: dict, expected: dict):
        self.assertEqual({path: package.get(path) for path in expected}, expected)

    def assert_nobody_but_root_may_write(self, package: dict):
        for path, entry in package.items():
            with self.subTest(path):
                self.assertEqual(entry.owner, "root/root")
                self.assertTrue(entry.mode.startswith("l") or (entry.mode[5], entry.mode[8]) == ("-", "-"), entry.mode)
                self.assertNotIn("s", entry.mode.lower())


class Deb(ContentsCase):
    def test_every_file_has_its_place_and_mode(self):
        entries = entries_of_deb()
        self.assert_holds(entries, BOTH | DEB_ALONE)
        self.assert_nobody_but_root_may_write(entries)
        self.assertFalse([path for path in entries if path.startswith(("/var", "/run", "/usr/local"))])

    def test_the_version_is_that_of_the_project(self):
        self.assertEqual(field_of_deb("Version"), f"{VERSION}-1")

    def test_it_asks_for_what_it_is_linked_with_and_for_sysusers(self):
        depends = field_of_deb("Depends")
        for package in ("libc6", "libssl3", "libsqlite3-0", "libuv1", "systemd-sysusers"):
            self.assertIn(package, depends)

    def test_the_files_of_etc_are_conffiles(self):
        self.assertEqual(set(output_of("dpkg-deb", "--info", DEB, "conffiles").split()), CONFFILES)

    def test_lintian_finds_nothing(self):
        self.assertEqual(output_of("lintian", "--allow-root", "--fail-on", "error,warning", DEB), "")


class Rpm(ContentsCase):
    def test_every_file_has_its_place_and_mode(self):
        entries = entries_of_rpm()
        self.assert_holds(entries, BOTH | RPM_ALONE)
        self.assert_nobody_but_root_may_write(entries)

    def test_the_version_is_that_of_the_project(self):
        for package in (RPM, SOURCE_RPM):
            self.assertEqual(output_of("rpm", "-qp", "--queryformat", "%{VERSION}-%{RELEASE}", package), f"{VERSION}-1")

    def test_a_changed_configuration_is_kept(self):
        self.assertEqual(set(output_of("rpm", "-qp", "--configfiles", RPM).split()), CONFFILES)
        flags = output_of("rpm", "-qp", "--queryformat", "[%{FILEFLAGS:fflags} %{FILENAMES}\\n]", RPM)
        for path in CONFFILES:
            self.assertIn(f"cn {path}\n", flags)

    def test_it_asks_for_what_it_is_linked_with_and_for_systemd(self):
        requires = output_of("rpm", "-qp", "--requires", RPM)
        for name in ("libssl.so.3", "libsqlite3.so.0", "libuv.so.1", "systemd\n"):
            self.assertIn(name, requires)

    def test_its_debug_symbols_are_in_a_package_of_their_own(self):
        symbols = output_of("rpm", "-qp", "--list", RPM_DEBUGINFO)
        for program in ("/usr/bin/certferry", "/usr/sbin/certferryd"):
            self.assertRegex(symbols, rf"(?m)^/usr/lib/debug{program}-.*\.debug$")

    def test_the_source_package_can_be_built_elsewhere(self):
        self.assertEqual(output_of("rpm", "-qp", "--list", SOURCE_RPM).split(),
                         [f"certferry-{VERSION}.tar.gz", "certferry.spec"])
        self.assertRegex(output_of("rpm", "-qp", "--requires", SOURCE_RPM), r"boost-devel >= 1\.81\n")

    def test_rpmlint_finds_nothing(self):
        said = output_of("rpmlint", "--config", PROJECT / "packaging" / "rpm" / "rpmlint.toml", RPM, SOURCE_RPM)
        self.assertIn("0 errors, 0 warnings", said)


if __name__ == "__main__":
    unittest.main()
