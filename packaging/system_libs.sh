#!/bin/sh
# Installs the system libraries that Qt needs on Linux where that is allowed (root on Debian or Ubuntu), and
# prints the one line to run otherwise. The list is in fsl_desktop/commands_line/system_libraries.py.
set -eu
missing=$("$1" -m fsl_desktop.commands_line.system_libraries)
[ -n "$missing" ] || exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing system libraries for the window: $missing"
    apt-get update -qq
    # shellcheck disable=SC2086  # a list of packages
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing
else
    echo "System libraries for the window are missing. On Debian and Ubuntu run:"
    echo "  sudo apt-get install -y --no-install-recommends $missing"
fi
