# SPDX-License-Identifier: MIT
"""An administrator without a plan: creates, pins, pauses, shares out, resizes and destroys guests, as a seed says.

What the toolstack lists must always be what was done, and the audit must find nothing.
"""
import random
import re

ROW = re.compile(r"^(\S+)\s+\d+\s+\d+\s+\d+\s+([-rbpscd]{6})\s", re.MULTILINE)


class Administrator:
    def __init__(self, session, cfg, seed, cpus, most=3, options=""):
        """`cfg` names a guest at hand that runs until it is destroyed, with up to 4 vcpus."""
        self.session, self.cfg, self.cpus, self.most, self.options = session, cfg, cpus, most, options
        self.choice = random.Random(seed)
        self.pauses = {}        # of each guest that there is
        self.created = 0
        self.history = []

    def say(self, command):
        self.history.append((command, self.session.shell(command).strip()))

    def some_cpus(self):
        chosen = [cpu for cpu in range(self.cpus) if self.choice.random() < 0.5]
        return ",".join(map(str, chosen or [self.choice.randrange(self.cpus)]))

    def create(self, _):
        if len(self.pauses) == self.most:
            return
        self.created += 1
        name = f"whim{self.created}"
        started_paused = self.choice.random() < 0.2
        vcpus = self.choice.randint(1, 4)
        self.say(f"xl create {'-p ' if started_paused else ''}{self.cfg} 'name=\"{name}\"' "
                 f"'vcpus={vcpus}' {self.options}")
        self.pauses[name] = int(started_paused)

    def destroy(self, name):
        self.say(f"xl destroy {name}")
        del self.pauses[name]

    def pause(self, name):
        self.say(f"xl pause {name}")
        self.pauses[name] += 1

    def unpause(self, name):
        self.say(f"xl unpause {name}")
        self.pauses[name] = max(0, self.pauses[name] - 1)

    def pin(self, name):
        vcpu = self.choice.choice(["all", "0", "1", "3"])
        self.say(f"xl vcpu-pin {name} {vcpu} {self.some_cpus()} {self.some_cpus()}")

    def share(self, name):
        self.say(f"xl sched-credit -d {name} -w {self.choice.choice([1, 64, 256, 65535])} "
                 f"-c {self.choice.choice([0, 1, 25, 150])}")

    def set_vcpus(self, name):
        self.say(f"xl vcpu-set {name} {self.choice.randint(1, 4)}")

    def set_memory(self, name):
        self.say(f"xl mem-set {name} {self.choice.choice(['8', '12', '16', '60', '100', '128'])}")

    def step(self):
        action = self.choice.choices(
            [self.create, self.destroy, self.pause, self.unpause, self.pin, self.share, self.set_vcpus,
             self.set_memory], weights=[4, 2, 3, 4, 4, 3, 2, 2])[0]
        if self.pauses:
            action(self.choice.choice(sorted(self.pauses)))
        else:
            self.create(None)

    def check(self):
        listing = self.session.shell("xl list").replace("\r", "")
        listed = {name: state for name, state in ROW.findall(listing) if name.startswith("whim")}
        assert listed.keys() == self.pauses.keys(), (listing, self.history)
        for name, pauses in self.pauses.items():
            assert ("p" in listed[name]) == (pauses > 0), (name, listed, self.history)
        found = self.session.audit()
        assert found.startswith("audit: ok"), (found, self.history)

    def tidy_up(self):
        for name in sorted(self.pauses):
            self.destroy(name)
