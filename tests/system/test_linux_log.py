# SPDX-License-Identifier: MIT
"""Linux has nothing to say about Granite that it does not say about Xen."""
import pytest

from granitelib import paths
from linux_log import differences


@pytest.mark.skipif(not paths.ORACLE.exists(), reason="this distribution offers no Xen to compare with")
def test_the_log_is_that_of_the_same_kernel_on_xen():
    assert differences("6.1") == []
