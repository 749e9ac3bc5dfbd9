#!/bin/sh
# Prints a Python that this project runs on, newest tested first. An argument is taken as it is, if it fits.
set -eu
fits() {
    "$1" -c 'import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 15))' >/dev/null 2>&1
}
if [ $# -gt 0 ] && [ -n "$1" ]; then
    fits "$1" && { echo "$1"; exit 0; }
    echo "$1 is no Python of 3.11 or newer with venv." >&2
    exit 1
fi
for candidate in python3.11 python3.12 python3.13 python3.14 python3 python; do
    if fits "$candidate"; then echo "$candidate"; exit 0; fi
done
# Debian and Ubuntu ship venv in a package of its own.
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    apt-get update -qq >&2
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends python3 python3-venv >&2
    if fits python3; then echo python3; exit 0; fi
fi
echo "No Python of 3.11 or newer with venv was found. Install one (Debian, Ubuntu: sudo apt-get install python3 python3-venv), or name it: make PYTHON=/path/to/python3.11" >&2
exit 1
