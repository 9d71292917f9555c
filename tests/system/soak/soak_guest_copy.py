# SPDX-License-Identifier: MIT
"""Pages of the driver domain's that a guest still had mapped at its end are free again."""

MOST_SETS = 16      # GrantedPages::most_sets


def test_more_guests_than_there_are_sets_of_pages_copy_by_themselves_one_after_the_other(machine, networker, app):
    sink = networker("sink", "sink", "", "bridge=xenbr0,mode=guest-copy")
    session = machine("--nic", "igb", "--at-hand", sink, app("hello")).wait_empty()
    for _ in range(MOST_SETS + 2):
        session.send_shell("xl create sink.cfg")
        session.expect("sink: ready")
        session.shell_until("xl network-list -v sink", lambda answer: "mode: guest-copy by the guest" in answer)
        session.shell("xl destroy sink")
        session.has_gone("sink")
        assert session.audit().startswith("audit: ok")
