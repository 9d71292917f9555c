# SPDX-License-Identifier: MIT
"""`granite inspect --web`: a page that shows the machine. See README.md here."""
