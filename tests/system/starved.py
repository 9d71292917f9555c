# SPDX-License-Identifier: MIT
"""A machine whose driver domain is refused memory, at one place after the other, while it does all that it does."""
import re

from flows import Flows
from held import heap, held

ROUNDS = 2      # in which nothing new is refused, and all are found
# What the driver domain does, each while the next place that asks is refused.
QUESTIONS = ["xl list -l", "xl info", "xl network-list -v echo", "xl nic-list -v", "xenstore-ls -j", "xenstore-write /t/a b",
             "xenstore-rm /t", "xl mem-set echo 15", "xl mem-set echo 16", "xl rename echo other", "xl rename other echo",
             "xl vcpu-list", "xl network-mode inner 0 copy", "xl network-mode inner 0 auto"]
REFUSED = r"\(d0\) memory is refused to ([^\n]+)\n"


class Starved(Flows):
    def __init__(self, machine, networker, port, count, app, apart):
        super().__init__(machine, networker, port, count, "--icount", "--at-hand", app("web"), apart=apart,
                         words=["refuse=0"])
        self._whom = "off"  # is refused

    def refused(self):
        """The places, in their order."""
        return re.findall(REFUSED, self.session.output())

    def starve(self, command):
        """Its answer, while the next place is refused that was not yet."""
        self.session.ask(f"failheap {self._whom}")
        return self.session.shell(command)

    def is_whole(self):
        left = heap(self.session)
        return left["left"] >= left["reserve"]

    def guest_comes_and_goes(self):
        """Created, connected, spoken to, and destroyed; where a step is refused it says so, and another try begins."""
        session = self.session
        while "xl create:" in (said := self.starve("xl create web.cfg")):
            assert re.search(r"xl create: [^\n]*(not enough memory|short of memory)", said), said
        self.starve("xenstore-ls /local")
        session.ask(f"failheap {self._whom}")
        session.send_shell("xl console web")
        session.type("\x1d")
        self.starve("xl network-attach web")
        self.starve("xl network-list web")
        self.starve("xl destroy web")
        session.ask("failheap off")
        if "web" in session.domains():
            session.shell("xl destroy web")
        session.has_gone("web")

    def round(self):
        self.guest_comes_and_goes()
        for question in QUESTIONS:
            self.starve(question)
        self.session.ask("failheap off")

    def check(self, before):
        assert self.is_whole()
        now = held(self.session, grows=False)
        assert now == before, f"{now}, was {before}"
        assert self.session.audit().startswith("audit: ok")
        assert self.all_go_on()

    def starve_once(self):
        """How many places that were, one for each thing that the driver domain is asked to do."""
        self.round()    # what is allocated once and kept
        before = held(self.session, grows=False)
        self._whom = "next"
        self.round()
        self.check(before)
        return len(self.refused())

    def starve_all(self):
        """Until nothing new is refused; how many places that were."""
        self.round()
        before, idle = held(self.session, grows=False), 0
        self._whom = "next"
        while idle < ROUNDS:
            count = len(self.refused())
            self.round()
            self.check(before)
            idle = idle + 1 if len(self.refused()) == count else 0
        return len(self.refused())
