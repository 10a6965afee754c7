#!/bin/bash
# Data larger than a worker's memory: generates 4 GB of shards and a CSV of 1 GB, imports the CSV, trains with 4 worker processes on the 4 GB,
# and prints import and disk rates and the largest resident memory of each worker. Needs 8 GB of free disk in OUT, which is emptied at the end.
# usage: eng/big-data.sh OUT [ROWS_IN_THOUSANDS]
set -euo pipefail
root=$(cd -- "$(dirname -- "$0")/.." && pwd)
out=${1:?usage: eng/big-data.sh OUT [ROWS_IN_THOUSANDS]}
rows=$((${2:-1000} * 1000))
limit=300
mkdir -p "$out"
work=$(mktemp -d "$out/big-data.XXXXXX")
run=
trap '[ -z "$run" ] || kill "$run" 2>/dev/null || true; rm -rf "$work"' EXIT
free=$(df --output=avail -B1000000 "$work" | tail -1)
[ "$free" -ge $((rows * 8 / 1000)) ] || { echo "$out has $free MB free; $((rows * 8 / 1000)) are needed"; exit 74; }

"$root/sidestep" doctor >/dev/null 2>&1 || true
echo "== generate"
"$root/sidestep" data generate --rows "$rows" --features 1000 --classes 10 --separation 4 --out "$work/train" 2>/dev/null
"$root/sidestep" data generate --rows 2000 --first "$rows" --features 1000 --classes 10 --separation 4 --out "$work/test" 2>/dev/null
"$root/sidestep" data generate --rows $((rows / 8)) --features 1000 --classes 10 --separation 4 --out "$work/train.csv" 2>/dev/null

echo "== import"
cat "$work/train.csv" >/dev/null
"$root/sidestep" data import "$work/train.csv" --out "$work/imported" --classes 10 --json 2>/dev/null >"$work/import.json"
written=$(sed -n 's/.*"shardBytes":\([0-9]*\).*/\1/p' "$work/import.json")
rate() { sed -n "s/.*\"$1\":\([0-9.]*\).*/\1/p" "$work/import.json"; }
echo "import: $(rate sourceBytes) bytes of CSV, $(rate megabytesPerSecond) MB/s, $(rate megabytesPerCoreSecond) MB/s per core ($(rate cpuSeconds) s of cores, $(rate seconds) s)"
plain=$(dd if=/dev/zero of="$work/plain" bs=1M count=$((written / 1048576)) conv=fsync 2>&1 | tail -1)
echo "the disk, plain write and sync of as many bytes as the import wrote: $plain"
rm -f "$work/plain" "$work/train.csv"
rm -rf "$work/imported"

echo "== verify"
"$root/sidestep" data verify "$work/train" 2>/dev/null

echo "== train"
cat >"$work/spec.json" <<EOF
{
  "version": 1,
  "data": { "kind": "shards", "path": "train", "test": "test", "resident": "256MB" },
  "objective": { "kind": "softmax", "l2": 1e-4 },
  "code": { "name": "fractional-repetition", "workers": 4, "stragglers": 1 },
  "optimizer": { "name": "momentum", "rate": 0.05 },
  "samples": 2048,
  "rounds": 400
}
EOF
"$root/sidestep" run "$work/spec.json" --fabric tcp --out "$work/run" >"$work/run.txt" 2>"$work/run.err" &
run=$!
# The coordinator's children are the workers.
while kill -0 "$run" 2>/dev/null; do
    for pid in $(pgrep -P "$run" || true); do
        peak=$(sed -n 's/^VmHWM:[ \t]*\([0-9]*\) kB/\1/p' "/proc/$pid/status" 2>/dev/null || true)
        now=$(sed -n 's/^VmRSS:[ \t]*\([0-9]*\) kB/\1/p' "/proc/$pid/status" 2>/dev/null || true)
        [ -z "$peak" ] || echo "$pid $peak $now" >>"$work/memory.txt"
    done
    sleep 0.2
done
wait "$run" && ended=0 || ended=$?
run=
tail -5 "$work/run.txt"
[ "$ended" -eq 0 ] || { cat "$work/run.err"; exit "$ended"; }
echo "== resident memory (at most $limit MB each; the data set has $(du -sm --apparent-size "$work/train" | cut -f1) MiB)"
awk -v limit="$limit" '
    { if ($2 > peak[$1]) peak[$1] = $2; if ($3 > seen[$1]) seen[$1] = $3; n[$1]++ }
    END {
        for (p in peak) {
            mb = peak[p] * 1024 / 1e6
            printf "worker %s: peak %.1f MB (VmHWM), largest of %d looks %.1f MB\n", p, mb, n[p], seen[p] * 1024 / 1e6
            workers++
            if (mb >= limit) bad = 1
        }
        if (workers != 4) { printf "%d workers were seen, not 4\n", workers; bad = 1 }
        exit bad
    }' "$work/memory.txt" && echo "within the limit"
