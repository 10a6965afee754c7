#!/bin/sh
# The long lanes: real processes under kills by pid on Fashion-MNIST, and the figures of bench/. Needs the data folder (SIDESTEP_DATA).
set -eu
root=$(CDPATH= cd -- "$(dirname -- "$0")/.." && pwd)
cd "$root"
out=${1:-runs/nightly}
mkdir -p "$out"
spec=experiments/fashion-mnist.json
slow='compute="emulated(20ms)"'
failed=0
storm() {
    name=$1 at_once=$2
    shift 2
    echo "== $name, $at_once at once"
    eng/chaos.sh "$spec" 25 "$at_once" "$out/$name" --set "$slow" "$@" || failed=1
}
storm fractional-repetition 2 --set rounds=900
storm top-k-feedback 2 --set rounds=900 --set 'compress="feedback(top-k(0.01))"'
storm reissue 5 --set rounds=1500 --set code.name=reissue --set code.stragglers=0
storm uncoded 5 --set rounds=900 --set code.name=uncoded --set code.stragglers=0
echo "== data larger than memory"
eng/big-data.sh "$out" || failed=1
dotnet run -c Release --project bench/Sidestep.Rounds
echo "== predictions of profiles against runs"
eng/profile-check.sh "$out/profiles" || failed=1
echo "== asynchronous laws over 10,000 seeds"
SIDESTEP_ASYNC_SEEDS=10000 dotnet test tests/Sidestep.Training.Tests -c Release --nologo --filter "FullyQualifiedName~AsyncLawTests" || failed=1
echo "== a new project against the packages"
eng/new-project.sh || failed=1
exit $failed
