#!/usr/bin/env bash
# Brings the real parts that the heavier suites need: Chromium, and the Kubernetes programs built from Go modules.
set -euo pipefail
cd "$(dirname "$0")/.."

if ! command -v chromium >/dev/null; then
  apt-get update -qq
  apt-get install -y -qq --no-install-recommends chromium
fi
npx --no-install node test/real/kubernetes/build.ts
