#!/bin/sh
# Installs the system parts that Sidestep can use and its tests want: OpenBLAS (matrix products), and Python with NumPy and PyTorch (programs
# that compute gradients). Without OpenBLAS the product works on its own kernels; `sidestep doctor` says which are in use.
set -eu
packages="libopenblas0-pthread python3 python3-numpy python3-torch chromium"
missing=""
for package in $packages; do
    dpkg -s "$package" >/dev/null 2>&1 || missing="$missing $package"
done
if [ -z "$missing" ]; then
    echo "native parts: all there"
    exit 0
fi
if ! command -v apt-get >/dev/null 2>&1; then
    echo "native parts: this system has no apt-get; install$missing by its own means" >&2
    exit 0
fi
if [ "$(id -u)" -ne 0 ]; then
    echo "native parts:$missing missing; run this script as root" >&2
    exit 1
fi
export DEBIAN_FRONTEND=noninteractive
apt-get update -q
# shellcheck disable=SC2086
apt-get install -y -q --no-install-recommends $missing
