#!/usr/bin/env bash
# Brings the real parts that the heavier suites need: Chromium, PostgreSQL's client programs, PgBouncer, shells, and the Kubernetes programs built from Go modules.
set -euo pipefail
cd "$(dirname "$0")/.."

if ! command -v chromium >/dev/null; then
  apt-get update -qq
  apt-get install -y -qq --no-install-recommends chromium
fi
if ! ls /usr/lib/postgresql/*/bin/pg_restore >/dev/null 2>&1 && ! command -v pg_restore >/dev/null; then
  apt-get update -qq
  apt-get install -y -qq --no-install-recommends postgresql-client
fi
if [ ! -x /usr/sbin/pgbouncer ]; then
  apt-get update -qq
  apt-get install -y -qq --no-install-recommends pgbouncer
fi
for shell in zsh fish; do
  command -v "$shell" >/dev/null || { apt-get update -qq && apt-get install -y -qq --no-install-recommends "$shell"; }
done
npx --no-install node test/real/kubernetes/build.ts
npx --no-install node sandbox/mongodb/build.ts
