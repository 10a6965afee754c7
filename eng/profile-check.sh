#!/bin/sh
# Holds predictions against runs: a profile fitted from one run predicts mean and p95 round time of other weather and other schemes.
# Usage: eng/profile-check.sh [FOLDER] [ROUNDS]. Local processes with emulated compute; takes a few minutes, best on a quiet machine.
set -eu
root=$(CDPATH= cd -- "$(dirname -- "$0")/.." && pwd)
out=${1:-"$root/artifacts/profile-check"}
rounds=${2:-300}
# Code is compiled anew while it runs warm: some seconds, whatever the rounds last.
warm=120
storm='6:exp(20ms,50ms),7:pareto(20ms,1.5)'
gusts='0:lognormal(30ms,0.5),3:either(0ms,100ms,0.2)'
# May hold a program and its first arguments, such as "dotnet sidestep.dll".
sidestep=${SIDESTEP:-"$root/sidestep"}

rm -rf "$out"
mkdir -p "$out"
cat > "$out/spec.json" <<EOF
{ "version": 1,
  "data": { "kind": "gaussian-mixture", "count": 4000, "features": 50, "classes": 5 },
  "objective": { "kind": "softmax" },
  "code": { "name": "uncoded", "workers": 8 },
  "optimizer": { "name": "sgd", "rate": 0.1 },
  "samples": 80, "rounds": $((rounds + warm)), "hashEvery": 1000000, "compute": "emulated(20ms)", "kernels": "managed" }
EOF

# NAME SCHEME WEATHER: runs it, then fits its profile, which also says how long its rounds were.
run() {
    code=${2%%(*}
    set -- "$1" "$code" "$3" "$(printf %s "$2" | sed -n 's/.*(\([0-9]*\)).*/\1/p')"
    echo "run $1: $2 ${4:+with s = $4 }${3:+in weather $3}" >&2
    $sidestep run "$out/spec.json" --fabric tcp --out "$out/$1" --set "code.name=$2" --set "code.stragglers=${4:-0}" --slow "$3" --json > "$out/$1.result.json" 2>> "$out/log"
    $sidestep profile "$out/$1" --warm-up $warm --out "$out/$1.profile.json" --json > /dev/null 2>> "$out/log"
}

# NAME PROFILE SCHEMES WEATHER: the same rounds of the same weather, and many rounds of other draws.
predict() {
    $sidestep simulate "$out/$2.profile.json" --codes "$3" --slow "$4" --rounds "$rounds" --json > "$out/$1.same.json"
    $sidestep simulate "$out/$2.profile.json" --codes "$3" --slow "$4" --rounds 20000 --seed 99 --json > "$out/$1.other.json"
    $sidestep simulate "$out/$2.profile.json" --codes "$3" --slow "$4" --rounds 20000 --seed 99 --laws --json > "$out/$1.laws.json"
}

schemes='uncoded,reissue,fractional-repetition(1)'
run calm-uncoded 'uncoded' ''
run storm-uncoded 'uncoded' "$storm"
run storm-reissue 'reissue' "$storm"
run storm-fractional-repetition 'fractional-repetition(1)' "$storm"
run gusts-uncoded 'uncoded' "$gusts"
run gusts-reissue 'reissue' "$gusts"
run gusts-fractional-repetition 'fractional-repetition(1)' "$gusts"
run calm-again-uncoded 'uncoded' ''
predict calm-to-calm-again calm-uncoded uncoded ''
predict calm-to-storm calm-uncoded "$schemes" "$storm"
predict calm-to-gusts calm-uncoded "$schemes" "$gusts"
predict storm-to-calm storm-uncoded uncoded ''
predict storm-to-storm storm-uncoded "reissue,fractional-repetition(1)" "$storm"
predict storm-to-gusts storm-uncoded "$schemes" "$gusts"
python3 "$root/eng/profile_report.py" "$out"
