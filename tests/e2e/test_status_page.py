# SPDX-License-Identifier: MIT
"""The status page in a real browser."""

import unittest

from support.browser import Browser
from support.daemon import daemon_table, http_table
from support.daemon_case import DaemonCase
from support.ports import free_port
from support.site import Site

HOSTILE = "<img src=x onerror=document.title='hacked'>"
MANY = 2000
# Of the first timeline.
ENDS_BEFORE_NOW = """["rect.deployed", "line.now"].map((part) => document.querySelector(`.line ${part}`).getBoundingClientRect())
    .reduce((deployed, now) => deployed.right < now.left)"""


class StatusPage(DaemonCase):
    def show(self, *mappings: str, **keys):
        """A daemon and a browser that has its page open."""
        port = free_port()
        daemon = self.daemon(*mappings, http=http_table(f"127.0.0.1:{port}"), **keys)
        daemon.start()
        daemon.wait_for_log("daemon.ready", timeout=120)
        browser = self.enterContext(Browser(self.directory))
        browser.open(f"http://127.0.0.1:{port}/")
        return daemon, browser

    def assert_well(self, browser: Browser):
        self.assertEqual(browser.troubles(), [])
        for scheme in ("light", "dark"):
            for width in (1280, 380):
                browser.look(width, 900, scheme)
                self.assertEqual(browser.accessibility(), [], (scheme, width))
                self.assertFalse(browser.evaluate("document.documentElement.scrollWidth > innerWidth"), (scheme, width))
        browser.look(1280, 900, "light")

    def test_three_mappings(self):
        www, shop = self.site("www", on_disk=self.new), self.site("shop", on_disk=self.new)
        held = shop.mapping(gate='{ trust = "system" }')
        lost = ('[[mapping]]\nname = "lost"\nold_cert_id = "lostlost"\n'
                f'certificate = {{ chain = "/nowhere/{HOSTILE}/chain.pem", key = "/nowhere/key.pem" }}\n')
        endpoint = f'{{ endpoint = ["www.test.example@127.0.0.1:{www.port}"] }}'
        daemon, browser = self.show(www.mapping(verify=endpoint), held, lost)
        self.wait_until_done(daemon, www, self.new)
        browser.wait("document.querySelectorAll('.target .state.good').length === 1")

        self.assertEqual(browser.texts(".target h3"), ["shop", "lost", "www"])
        self.assertEqual(browser.texts(".target .state"), ["held", "unusable", "deployed"])
        self.assertRegex(browser.text("#summary"), "3 targets: 1 held, 1 unusable")
        self.assertIn("gate.trust", browser.text(".target .why"))
        self.assertIn(HOSTILE, browser.texts(".target .where")[2])
        self.assertIn("certferry", browser.evaluate("document.title"))
        line = browser.evaluate("document.querySelectorAll('.line')[2].getAttribute('aria-label')")
        self.assertRegex(line, r"^Valid: on disk until .*, deployed until .*, served until .*\. Today is ")
        self.assertRegex(" ".join(browser.texts("#recent .steps li")), r"planned.*verifying.*done")
        lefts = browser.evaluate("['h3', '.why', '.line'].map("
                                 "(part) => document.querySelector('.target ' + part).getBoundingClientRect().left)")
        self.assertEqual(lefts, sorted(lefts), "name, reason and timeline stand in this order")
        self.assert_well(browser)

        browser.fill("#filter", "lost")
        self.assertEqual(browser.texts(".target h3"), ["lost"])
        browser.fill("#filter", "nothing of the kind")
        self.assertEqual(browser.text("#count"), "Nothing matches the filter.")
        browser.fill("#filter", "")
        browser.click("#states button[value=deployed]")
        self.assertEqual(browser.texts(".target h3"), ["www"])

        self.renew(daemon, browser, www)

    def renew(self, daemon, browser: Browser, site):
        """What is renewed shows by itself, also in details that are open."""
        browser.click(".target summary")
        browser.wait("document.querySelectorAll('.target tbody tr').length > 5")
        before = browser.text(".target .id")
        site.write(self.newer)
        self.wait_until_done(daemon, site, self.newer)
        # While it rotates it is in no state that is shown.
        browser.wait(f"![null, undefined, '{before}'].includes(document.querySelector('.target .id')?.innerText)")
        browser.wait("document.querySelectorAll('#recent > li').length === 3")
        ids = "document.querySelector('.target table')?.querySelectorAll('tbody tr').length"
        browser.wait(f"{ids} === 3")
        self.assertEqual(browser.evaluate("document.querySelector('.target details').open"), True)
        self.assert_well(browser)

    def test_a_certificate_that_ends_is_not_well(self):
        six_days = self.authority.issue("www.test.example", days=6)
        brief = Site("brief", self.sandbox, self.directory / "letsencrypt", six_days, six_days)
        well = self.site("all-is-well", on_disk=self.new)
        daemon, browser = self.show(well.mapping(), brief.mapping())
        for site, leaf in ((well, self.new), (brief, six_days)):
            self.wait_until_done(daemon, site, leaf)
        self.wait_for_summary(browser, "2 targets: all well")

        # Nothing but time passes, by the page's own clock.
        for days, worry in ((5, "ending soon"), (7, "expired")):
            browser.evaluate(f"void (Date.now = () => new Date().getTime() + {days} * DAY_MS)")
            self.wait_for_summary(browser, f"2 targets: 1 {worry}")
            self.assertEqual(browser.evaluate("document.title"), f"(1 {worry}) certferry")
            self.assertEqual(browser.texts(".target h3"), ["brief", "all-is-well"])
            self.assertEqual(browser.texts(".target .state"), ["deployed", worry, "deployed"])
            self.assertEqual(len(browser.texts(".target .soon")), 2, "on disk and deployed")
            self.assertEqual(browser.evaluate(ENDS_BEFORE_NOW), worry == "expired")
            self.assert_well(browser)
        browser.click("#states button[value=expired]")
        self.assertEqual(browser.texts(".target h3"), ["brief"])

    def wait_for_summary(self, browser: Browser, text: str):
        browser.wait(f"document.querySelector('#summary').innerText === '{text}'")

    def test_by_keyboard(self):
        _, browser = self.show(self.site("www").mapping(), self.site("shop").mapping())
        browser.wait("document.querySelectorAll('.target').length === 2")
        seen = []
        for _ in range(8):
            browser.press("Tab")
            seen.append(browser.evaluate("document.activeElement.id || document.activeElement.innerText"))
        self.assertEqual(seen[:2], ["Skip to the certificates", "filter"])
        self.assertIn("Details of www", seen)
        browser.evaluate("document.querySelector('summary').focus()")
        browser.press("Enter")
        browser.wait("document.querySelector('.target details').open")
        browser.wait("document.querySelector('.target table') !== null")

    def test_a_daemon_that_went_away_is_said_to_be_away(self):
        daemon, browser = self.show(self.site().mapping())
        browser.wait("document.querySelector('#freshness.live') !== null")
        daemon.term()
        browser.wait("/does not answer/.test(document.querySelector('#trouble').innerText)")
        daemon.start()
        browser.wait("document.querySelector('#trouble').innerText === ''")

    def test_a_page_that_nobody_looks_at_asks_for_nothing(self):
        _, browser = self.show(self.site().mapping())
        browser.wait("document.querySelector('#freshness.live') !== null")
        hide = "Object.defineProperty(document, 'hidden', {{configurable: true, get: () => {}}});"
        tell = "document.dispatchEvent(new Event('visibilitychange'))"
        browser.evaluate(hide.format("true") + tell)
        browser.requests()
        # Longer than between two polls, by the page's own clock.
        browser.evaluate("new Promise((done) => setTimeout(done, POLL_MS * 1.5))")
        self.assertEqual(browser.requests(), [])
        browser.evaluate(hide.format("false") + tell)
        browser.wait("performance.getEntriesByName(new URL('status.json', location).href).length > 1")
        self.assertIn("/status.json", browser.requests())

    def test_many_mappings(self):
        template = ('[[mapping]]\nname = "site-{0:04}"\nold_cert_id = "id{0:04}"\n'
                    'certificate = {{ chain = "/nowhere/chain.pem", key = "/nowhere/key.pem" }}\n')
        mappings = [template.format(number) for number in range(MANY)]
        _, browser = self.show(*mappings, settings=daemon_table(rescan='"1h"'))
        browser.wait(f"/^{MANY:,} targets: {MANY:,} unusable/.test(document.querySelector('#summary').innerText)",
                     timeout=300)
        self.assertEqual(browser.text("#count"), f"Showing 100 of {MANY:,}.")
        browser.click("#more")
        self.assertEqual(browser.text("#count"), f"Showing 300 of {MANY:,}.")
        self.assertEqual(browser.evaluate("document.activeElement.innerText"), "Details of site-0100")
        browser.fill("#filter", "site-1999")
        self.assertEqual(browser.texts(".target h3"), ["site-1999"])
        browser.fill("#filter", "site-19")
        self.assertEqual(browser.text("#count"), f"Showing 100 of {MANY:,}.")
        browser.fill("#filter", "")
        self.assert_well(browser)


if __name__ == "__main__":
    unittest.main()
