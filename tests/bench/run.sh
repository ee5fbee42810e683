#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Measures certferryd beside what people use today. It takes an hour or so; nothing else should run meanwhile.
#
#   bash tests/bench/run.sh [--scenario NAME]... [--quick] [--full]
#
# Installs the Debian packages that are missing, builds the release, prints one table, and writes it to
# build/bench/results.json. tests/bench/README.md says what is measured, and how.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/../.."
bash packaging/dependencies.sh build bench

cmake --preset release -DCERTFERRY_BENCH=ON >/dev/null
cmake --build --preset release --parallel "$(nproc)" \
    --target certferryd certferry certferry-sandbox certferry_growth certferry_floor

# Debian's Python, which has the packages.
exec env CERTFERRY_BUILD_DIR="$PWD/build/release" /usr/bin/python3 tests/bench/run.py "$@"
