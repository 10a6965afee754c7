"""The table of eng/lines-check.sh: accuracy, rounds that were projections, and bytes of a worker's messages as they lay on the socket."""
import json
import pathlib
import statistics
import sys

folder = pathlib.Path(sys.argv[1])


def lines(name, kind):
    with open(folder / name / kind, encoding="utf-8") as file:
        yield from map(json.loads, file)


def message(name):
    """Median bytes of a slot's share frames of a round in which it sent all of them."""
    rounds, rows = {}, 0
    for frame in lines(name, "frames.jsonl"):
        if frame["type"] == "Share" and not frame["sent"]:
            sums = rounds.setdefault((frame["slot"], frame["round"]), [set(), 0])
            sums[0].add(frame["row"])
            sums[1] += frame["bytes"]
            rows = max(rows, len(sums[0]))
    return statistics.median(size for sent, size in rounds.values() if len(sent) == rows), rows


def decodes(name):
    """Rounds that were not exact, and the mean of shares they were decoded from."""
    inexact, shares, rounds = 0, 0, 0
    for event in lines(name, "events.jsonl"):
        shares += event["phase"] == "share"
        if event["phase"] == "decode":
            rounds += 1
            inexact += event.get("value", 0) > 1e-6
    return inexact, shares / rounds


base, whole = json.loads((folder / "uncoded.json").read_text()), message("uncoded")[0]
print("run       accuracy   to uncoded   rounds by projection   shares a round   messages a worker   bytes a worker   of uncoded's")
failed = []
for name in ["uncoded", "lost-0", "lost-5", "lost-8", "lost-9"]:
    result = json.loads((folder / f"{name}.json").read_text())
    size, rows = message(name)
    inexact, shares = decodes(name)
    difference = 100 * (result["accuracy"] - base["accuracy"])
    print(
        f"{name:9} {100 * result['accuracy']:7.2f} %  {difference:+7.2f}       {inexact:6} of {result['rounds']:6}       {shares:9.1f}"
        f"   {rows:12}        {size:12,.0f}   {size / whole:10.3f}"
    )
    if name in ("lost-0", "lost-5") and (abs(difference) > 0.5 or inexact):
        failed.append(name)
print("within 0.5 point of uncoded and exact: " + ("both" if not failed else "not " + ", ".join(failed)))
sys.exit(1 if failed else 0)
