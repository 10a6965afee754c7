#!/bin/sh
# What a user does first, from nothing but the packages: installs the tool, writes a project with a model and data of its own in an empty folder,
# trains it on 4 local processes while one is killed by pid, and has its gradient checked. Says whether the model has the bytes of an undisturbed run.
# usage: eng/new-project.sh [FOLDER]
set -eu
root=$(CDPATH= cd -- "$(dirname -- "$0")/.." && pwd)
work=${1:-$(mktemp -d)}
mkdir -p "$work"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
packages="$root/artifacts/packages"

dotnet pack "$root/Sidestep.slnx" -c Release -v quiet --nologo
ls "$packages"
version=$(ls "$packages" | sed -n 's/^Sidestep\.Cli\.\([0-9].*\)\.nupkg$/\1/p' | head -1)

# Packages of the same version that were restored before would be taken instead of these.
cache=$(dotnet nuget locals global-packages --list | sed 's/^global-packages: //')
for name in core coding training simulation runtime testing hosting cli tool; do
    rm -rf "${cache%/}/sidestep.$name/$version"
done

cd "$work"
dotnet tool install Sidestep.Tool --tool-path tool --version "$version" --add-source "$packages"
tool/sidestep new MyTraining --packages "$packages"
cd MyTraining
dotnet build -c Release -v quiet --nologo
program=bin/Release/net10.0/MyTraining

"$program" run run.json --fabric threads --out runs/calm
"$program" run run.json --fabric tcp --set 'compute="emulated(2ms)"' --out runs/storm &
run=$!
trap 'kill "$run" 2>/dev/null || true' EXIT
until [ -f runs/storm/events.jsonl ] && grep -q '"phase":"share"' runs/storm/events.jsonl; do
    kill -0 "$run"
    sleep 0.1
done
victim=$(pgrep -P "$run" | sed -n 2p)
kill -9 "$victim"
echo "killed process $victim, one of $(pgrep -P "$run" | wc -l) workers"
wait "$run"
trap - EXIT

hash() { sed -n 's/.*"trajectoryHash": *"\([0-9a-f]*\)".*/\1/p' "$1/result.json"; }
echo "calm  $(hash runs/calm)"
echo "storm $(hash runs/storm), deaths $(sed -n 's/.*"deaths": *\([0-9]*\).*/\1/p' runs/storm/result.json | awk '{ n += $1 } END { print n }')"
"$program" check run.json
[ "$(hash runs/calm)" = "$(hash runs/storm)" ] && echo "same bytes"
