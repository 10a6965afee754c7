#!/bin/sh
# The convolutional net over pair lines on real processes, with 0, 5, 8 and 9 of 12 workers lost in every round, beside uncoded synchronous training of
# the same samples; then a worker's time for the weight gradient of a 1,024 × 1,024 layer, coded and uncoded.
# Usage: eng/lines-check.sh [FOLDER] [ROUNDS]. Needs the Fashion-MNIST files; an hour on two cores with 2,000 rounds, best on a quiet machine.
set -eu
root=$(CDPATH= cd -- "$(dirname -- "$0")/.." && pwd)
out=${1:-"$root/artifacts/lines-check"}
rounds=${2:-2000}
spec="$root/experiments/fashion-mnist-lines.json"
# May hold a program and its first arguments, such as "dotnet sidestep.dll".
sidestep=${SIDESTEP:-"$root/sidestep"}

rm -rf "$out"
mkdir -p "$out"

# Who is lost: in each round so many others of the 12 take as long as several rounds, and are cut short by the next model; the rest have random delays.
for lost in 0 5 8 9; do
    python3 - "$lost" "$rounds" > "$out/pace-$lost.txt" <<'EOF'
import random
import sys

lost, rounds = int(sys.argv[1]), int(sys.argv[2])
random.seed(lost)
for _ in range(rounds):
    gone = random.sample(range(12), lost)
    print(" ".join("20000" if slot in gone else f"{1 + random.expovariate(1):.3f}" for slot in range(12)))
EOF
done

# NAME FLAGS…
run() {
    name=$1
    shift
    echo "run $name" >&2
    $sidestep run "$spec" --fabric tcp --out "$out/$name" --set "rounds=$rounds" --set "compute=emulated(5ms)" --capture --json "$@" > "$out/$name.json" 2>> "$out/log"
}

run uncoded --set "code={\"name\":\"uncoded\",\"workers\":4}"
for lost in 0 5 8 9; do
    # Exact while the arrivals have rank K; beyond 5 a round may do without more workers than that always takes.
    run "lost-$lost" --pace "trace($out/pace-$lost.txt)" --set "code.stragglers=$((lost > 5 ? lost : 0))"
done

python3 "$root/eng/lines_report.py" "$out"
dotnet run -c Release --project "$root/bench/Sidestep.Rounds" -- derivatives 128 201
