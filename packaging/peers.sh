#!/bin/sh
# Makes build/peers: the programs that the benchmarks compare with, in an environment of their own. Prints its Python.
# A second time it does nothing, unless peers.txt has changed.
#
#   sh packaging/peers.sh [PYTHON]
set -eu
here=$(cd "$(dirname "$0")" && pwd)
home=$(dirname "$here")/build/peers
if [ -d "$home/Scripts" ]; then bin="$home/Scripts"; else bin="$home/bin"; fi
if [ -f "$home/.installed" ] && cmp -s "$here/peers.txt" "$home/.installed"; then
    echo "$bin/python"
    exit 0
fi
python=$(sh "$here/find_python.sh" "${1:-}")
mkdir -p "$(dirname "$home")"
"$python" -m venv "$home"
if [ -d "$home/Scripts" ]; then bin="$home/Scripts"; else bin="$home/bin"; fi
"$bin/python" -m pip install --disable-pip-version-check -q --no-compile -r "$here/peers.txt" >&2
cp "$here/peers.txt" "$home/.installed"
echo "$bin/python"
