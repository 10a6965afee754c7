#!/bin/sh
# Runs a spec on real processes while it kills workers by pid (SIGKILL), again and again, each time all slots are back
# (have answered again), then says whether the run ended with the bytes of an undisturbed one (simulated) and how long slots were without a share.
# usage: eng/chaos.sh SPEC KILLS AT_ONCE OUT [--set path=value ...]
set -eu
root=$(CDPATH= cd -- "$(dirname -- "$0")/.." && pwd)
spec=$1 kills=$2 at_once=$3 out=$4
shift 4
rm -rf "$out" && mkdir -p "$out"

"$root/sidestep" run "$spec" --fabric sim --out "$out/calm" "$@" >"$out/calm.txt" 2>&1
"$root/sidestep" run "$spec" --fabric threads --out "$out/threads" "$@" >"$out/threads.txt" 2>&1
"$root/sidestep" run "$spec" --fabric tcp --out "$out/undisturbed" "$@" >"$out/undisturbed.txt" 2>&1
"$root/sidestep" run "$spec" --fabric tcp --out "$out/storm" --capture "$@" >"$out/storm.txt" 2>&1 &
run=$!
trap 'kill "$run" 2>/dev/null || true' EXIT

workers=$(sed -n 's/.*"workers": *\([0-9][0-9]*\).*/\1/p' "$out/calm/spec.json" | head -1)
# Slots that have answered since their last session began: a slot that is connected but has not got its state yet is not back.
back() {
    [ -f "$out/storm/events.jsonl" ] || { echo 0; return; }
    awk -F'[:,]' '/"phase":"(joined|lost)"/ { is[$2] = 0 } /"phase":"(share|late)"/ { is[$2] = 1 } END { for (s in is) n += is[s]; print n + 0 }' "$out/storm/events.jsonl"
}
killed=0 times=0
while [ "$times" -lt "$kills" ] && kill -0 "$run" 2>/dev/null; do
    if [ "$(back)" -lt "$workers" ]; then
        sleep 0.1
        continue
    fi
    for pid in $(pgrep -P "$run" | shuf -n "$at_once"); do
        kill -9 "$pid" && killed=$((killed + 1))
    done
    times=$((times + 1))

    # Until the deaths are in the file.
    sleep 0.5
done
wait "$run" || true
trap - EXIT

hash() { sed -n 's/.*"trajectoryHash": *"\([0-9a-f]*\)".*/\1/p' "$1/result.json"; }
echo "killed $killed processes in $times strokes"
for name in calm threads undisturbed storm; do
    echo "$name $(hash "$out/$name")"
done
python3 "$root/eng/chaos_report.py" "$out" 2>/dev/null || true
[ "$(hash "$out/calm")" = "$(hash "$out/storm")" ] && [ "$(hash "$out/calm")" = "$(hash "$out/undisturbed")" ] && [ "$(hash "$out/calm")" = "$(hash "$out/threads")" ] && echo "same bytes"
