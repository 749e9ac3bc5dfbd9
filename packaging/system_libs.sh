#!/bin/sh
# sh packaging/system_libs.sh PYTHON [--tests]
#
# Installs the system libraries that Qt needs on Linux where that is allowed (root on Debian or Ubuntu), and
# prints the one line to run otherwise. With --tests also the programs that the test in a real window needs;
# that test is skipped without them, so nothing fails where they cannot be had.
# The lists are in fsl_desktop/commands_line/system_libraries.py.
set -eu

install() {
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@"
}

allowed=no
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    allowed=yes
fi

missing=$("$1" -m fsl_desktop.commands_line.system_libraries)
if [ -n "$missing" ] && [ "$allowed" = yes ]; then
    echo "Installing system libraries for the window: $missing"
    # shellcheck disable=SC2086  # a list of packages
    install $missing
elif [ -n "$missing" ]; then
    echo "System libraries for the window are missing. On Debian and Ubuntu run:"
    echo "  sudo apt-get install -y --no-install-recommends $missing"
fi

[ "${2:-}" = --tests ] || exit 0
missing=$("$1" -m fsl_desktop.commands_line.system_libraries --tests)
[ -n "$missing" ] || exit 0
if [ "$allowed" = yes ]; then
    echo "Installing programs for the test in a real window: $missing"
    # shellcheck disable=SC2086  # a list of packages
    install $missing || echo "They could not be installed; that test will be skipped."
else
    echo "The test in a real window will be skipped. To have it, on Debian and Ubuntu run:"
    echo "  sudo apt-get install -y --no-install-recommends $missing"
fi
