#!/bin/sh
# Rebuilds the demo data, src/main/resources/dev/sluice/demo/us-departures-2001.csv.gz, from the
# npm package that ships the flight records (see SOURCE.md beside that file).
#
#   sh src/test/scripts/demo-data/rebuild.sh [vega-datasets-3.2.1.tgz]
#
# Without an argument the package is fetched by the npm client. Needs node 18 or later with full
# ICU (time zones), npm, tar and sha256sum; takes under a minute and about 2 GB of memory. The
# script stops if the flight records or the finished rows are not, byte for byte, the expected ones.
set -eu

RECORDS_SHA256=dbeb920c90f59b6ccaff823dcc3d08f25a97fa1ce128d93f40be4e931f5900b0
ROWS_SHA256=06e87c5b9deb188dc9787e6f3b657e3b5fbb5a5f0fa620b761eb9428bec8bbc4

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../../../.." && pwd)
target=$root/src/main/resources/dev/sluice/demo/us-departures-2001.csv.gz
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

check() { # file, expected SHA-256, what it is
  found=$(sha256sum "$1" | cut -d ' ' -f 1)
  if [ "$found" != "$2" ]; then
    echo "rebuild.sh: $3: SHA-256 is $found, expected $2." \
      "Use vega-datasets 3.2.1, or, if you changed the recipe, write the new sum here." >&2
    exit 1
  fi
}

if [ $# -gt 0 ]; then
  cp "$1" "$work/package.tgz"
else
  (cd "$work" && npm pack --silent vega-datasets@3.2.1 >/dev/null && mv ./*.tgz package.tgz)
fi
tar -xzf "$work/package.tgz" -C "$work" package/data/flights-3m.parquet
records=$work/package/data/flights-3m.parquet
check "$records" "$RECORDS_SHA256" "the flight records"

cp "$here/rebuild.mjs" "$work/"
(cd "$work" && npm install --silent --no-save --ignore-scripts --prefix "$work" \
  hyparquet@1.31.5 hyparquet-compressors@1.1.2 >/dev/null)
node --max-old-space-size=3000 "$work/rebuild.mjs" "$records" "$work/rows.csv"
check "$work/rows.csv" "$ROWS_SHA256" "the finished rows"

gzip -9 -n -c "$work/rows.csv" >"$target"
ls -l "$target"
