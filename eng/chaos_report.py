# Reads a chaos run (eng/chaos.sh): time from a death to the slot's next share, and whether any model was sent twice to a session.
import collections, json, sys

out = sys.argv[1]
lost, gaps = {}, []
for line in open(f"{out}/storm/events.jsonl"):
    event = json.loads(line)
    if event["phase"] == "lost":
        lost[event["slot"]] = event["end"]
    elif event["phase"] in ("share", "late") and event["slot"] in lost:
        gaps.append(event["end"] - lost.pop(event["slot"]))
gaps.sort()
if gaps:
    print(f"from a death to the slot's next share: median {gaps[len(gaps) // 2] * 1e3:.0f} ms, worst {gaps[-1] * 1e3:.0f} ms, {len(gaps)} deaths")

sent, rounds = collections.Counter(), set()
last = -1
for line in open(f"{out}/storm/frames.jsonl"):
    frame = json.loads(line)
    if frame["sent"] and frame["type"] == "Model" and frame["chunk"] == 0:
        sent[frame["session"], frame["round"]] += 1
        rounds.add(frame["round"])
twice = [key for key, count in sent.items() if count > 1]
print(f"models: {sum(sent.values())} sent over {len({s for s, _ in sent})} sessions and {len(rounds)} rounds; sent twice to a session: {len(twice)}")
done = [json.loads(line)["round"] for line in open(f"{out}/storm/events.jsonl") if '"phase":"round"' in line]
print(f"rounds: {len(done)} done, {len(done) - len(set(done))} repeated, in order: {done == sorted(done)}")
