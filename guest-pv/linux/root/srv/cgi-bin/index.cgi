#!/bin/sh
# SPDX-License-Identifier: MIT
# The page of "/": live figures of this guest. httpd runs it where there is no index.html.
section() {
    echo "<h2>$1</h2><pre>"
    shift
    "$@" 2>&1 | sed 's/&/\&amp;/g; s/</\&lt;/g'
    echo "</pre>"
}
printf 'Content-Type: text/html\r\nCache-Control: no-store\r\n\r\n'
cat <<END
<!doctype html>
<html><head><title>Debian Linux guest</title></head><body>
<h1>Debian Linux guest</h1>
END
section Kernel uname -a
section Uptime uptime
section Memory free
section Interfaces ifconfig
section Events cat /proc/interrupts
echo "</body></html>"
