# SPDX-License-Identifier: MIT
"""Work of many kinds at once in a guest with four processors on four."""
from granitelib.linux import images
from linux_guest import LinuxGuest, complaints, write_cfg
from machine_session import GENEROUS_S

# Processes, address spaces, signals, threads, locks, page cache, timers: one worker each.
# Without "madvise": Linux 6.1 then warns on Xen, too, in unmap_page_range, where it looks
# at an entry whose clearing waits in a batch.
KINDS = ("fork", "vm", "mmap", "mprotect", "sigq", "pthread", "futex", "hdd", "timer", "pipe", "switch", "mremap",
         "vfork", "cpu")


def test_stress_of_four_processors(machine, tmp_path, stress_minutes):
    stressors = " ".join(f"--{kind} 1" for kind in KINDS)
    seconds = int(stress_minutes * 60)
    work = f"stress-ng {stressors} --vm-bytes 32m --hdd-bytes 16m --temp-path /tmp --timeout {seconds}s"
    cfg = write_cfg(tmp_path, "linux", "6.1", images.debian, memory=768, vcpus=4, vif=[],
                    extra=f'quiet run="{work}; status=$?; dmesg; exit $status"')
    session = machine("--smp", 4, "--memory", "2G", "--nic", "none", cfg)
    assert LinuxGuest(session, "linux").says(r"guest: ran status=(\d+)", GENEROUS_S + 2 * seconds) == "0"
    assert "successful run completed" in session.output()
    assert not complaints(session.output())
