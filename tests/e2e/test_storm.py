# SPDX-License-Identifier: MIT
"""Many targets at once under the API's rate limit."""

import unittest

from support.daemon import account_table, daemon_table
from support.daemon_case import DaemonCase
from support.waiting import wait_until

TARGETS = 200
LOAD_BALANCERS = 10
PER_SECOND = 5
# So many calls may be under way at once: those that found nobody waiting, and those that end in any order.
UNDER_WAY_MAX = 8


class Storm(DaemonCase):
    """One certificate is renewed, and takes the place of many old ones."""

    API = "3.0"

    def test_the_limit_is_kept_and_what_expires_first_goes_first(self):
        days_of = self.add_targets()
        site = self.site(on_disk=self.authority.issue("www.test.example", days=5))
        daemon = self.daemon(site.mapping(targets=self.targets(days_of)).replace(f'old_cert_id = "{site.old_id}"\n', ""),
                             accounts=account_table(self.sandbox, api='"3.0"', requests_per_second=f"{PER_SECOND}.0"),
                             # Each look passes what is held through the gate again, all 200. The daemon's log is beside
                             # the certificates, so that its lines are changes to look at.
                             settings=daemon_table(rescan='"5m"', settle='{ min = "50ms", max = "30s" }'))
        with daemon:
            # The one on disk is older than all: from then on it is known when each of them ends.
            wait_until(lambda: daemon.log().count("rotation.held") == TARGETS, "all are held", timeout=240)
            self.sandbox.set_behaviour(requests_per_second=PER_SECOND)
            site.write(self.new)
            wait_until(lambda: daemon.log().count("rotation.done") == TARGETS, "all are done", timeout=900)
        self.assert_order([days_of[one["old"]] for one in self.sandbox.state()["replacements"]])
        self.assert_few_refusals()
        self.assertEqual(site.uploads(self.new), 1)

    def add_targets(self) -> dict:
        leaves = {days: self.authority.issue("www.test.example", days=days) for days in range(10, 60)}
        days_of = {}
        for number in range(TARGETS):
            days = 10 + number * 37 % 50
            cert_id = self.sandbox.add_certificate(leaves[days])
            # Those that end on one day are on several: a load balancer takes one change at a time.
            balancer = number * LOAD_BALANCERS // TARGETS
            self.sandbox.add_listener(f"lbl-{number}", cert_id, load_balancer=f"lb-{balancer}")
            days_of[cert_id] = days
        return days_of

    def targets(self, ids) -> str:
        return "[" + ", ".join(f'{{ old_cert_id = "{cert_id}" }}' for cert_id in ids) + "]"

    def assert_order(self, days: list):
        self.assertEqual(len(days), TARGETS)
        for position, ends in list(enumerate(days))[UNDER_WAY_MAX:]:
            overtaken = sum(later < ends for later in days[position + 1:])
            self.assertLessEqual(overtaken, UNDER_WAY_MAX, f"{ends} days, at position {position} of {days}")

    def assert_few_refusals(self):
        for action, outcomes in self.sandbox.state()["calls"].items():
            refused, all_calls = outcomes.get("RequestLimitExceeded", 0), sum(outcomes.values())
            self.assertLessEqual(refused, all_calls / 100, f"{action}: {outcomes}")


if __name__ == "__main__":
    unittest.main()
