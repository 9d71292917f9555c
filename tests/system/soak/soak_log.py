# SPDX-License-Identifier: MIT
"""The newer kernel's log; that of 6.1 is compared by `make test`."""
import pytest

from granitelib import paths
from linux_log import differences


@pytest.mark.skipif(not paths.ORACLE.exists(), reason="this distribution offers no Xen to compare with")
def test_the_log_is_that_of_the_same_kernel_on_xen():
    assert differences("6.12") == []
