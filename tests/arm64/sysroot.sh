#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Unpacks the libraries for arm64 that the tests are linked with, from where this machine has its packages from, into
# the folder $1. Nothing is installed, so the machine stays as it is and nobody has to be root.
set -eu

packages="libprotobuf-c-dev libprotobuf-c1 check libsubunit-dev libsubunit0 libcap-dev libcap2 libfyaml-dev libfyaml0
          libjansson-dev libjansson4"
sysroot=$1
scratch=$(mktemp -d /tmp/capchan-sysroot-XXXXXX)
trap 'rm -rf "$scratch"' EXIT

# apt: apt-get for another architecture, with lists of its own
apt() {
    apt-get -qq -o APT::Architecture=arm64 -o APT::Architectures=arm64 -o APT::Sandbox::User= \
        -o Acquire::Languages=none -o Dir::State="$scratch" -o Dir::State::Status="$scratch/status" \
        -o Dir::Cache="$scratch" -o Debug::NoLocking=1 "$@"
}

mkdir -p "$scratch/lists/partial" "$scratch/archives/partial"
: > "$scratch/status"
# one of several sources may know nothing about arm64; what is missing in the end, download says
apt update > "$scratch/log" 2>&1 || true
# shellcheck disable=SC2086
if ! (cd "$scratch" && apt download $packages >> log 2>&1); then
    cat "$scratch/log" >&2
    exit 1
fi
rm -rf "$sysroot.new" "$sysroot"
mkdir -p "$sysroot.new"
for package in "$scratch"/*.deb; do
    dpkg-deb -x "$package" "$sysroot.new"
done
touch "$sysroot.new" # which has the date of a package
mv "$sysroot.new" "$sysroot"
