"""The table of eng/profile-check.sh: measured against predicted mean and p95 round time."""
import json
import pathlib
import sys

folder = pathlib.Path(sys.argv[1])
worst = {"same": 0.0, "other": 0.0, "laws": 0.0}
failed = []


def measured(name):
    times = json.loads((folder / f"{name}.profile.json").read_text())["run"]["round"]
    return times["mean"], times["p95"]


print("profile of           predicted run                       measured        same draws          other draws         laws, other draws")
print("                                                        mean    p95     mean     p95        mean     p95        mean     p95")
for forecast in ["calm-to-calm-again", "calm-to-storm", "calm-to-gusts", "storm-to-calm", "storm-to-storm", "storm-to-gusts"]:
    source, weather = forecast.split("-to-")
    views = {kind: json.loads((folder / f"{forecast}.{kind}.json").read_text())["schemes"] for kind in worst}
    for scheme in sorted({s["scheme"] for s in views["same"]}):
        run = f"{weather}-{scheme.split('(')[0]}"
        mean, p95 = measured(run)
        cells = []
        for kind in worst:
            view = next(s for s in views[kind] if s["scheme"] == scheme)
            errors = (view["mean"] * 1000 / mean - 1, view["p95"] * 1000 / p95 - 1)
            worst[kind] = max(worst[kind], *(abs(e) for e in errors))
            cells.append(f"{errors[0]:+7.1%} {errors[1]:+7.1%}    ")
            if kind == "same" and max(abs(e) for e in errors) > 0.1:
                failed.append(run)
        print(f"{source + '-uncoded':20} {run:32} {mean:7.1f} {p95:7.1f}  {'  '.join(cells)}")
print("largest error: " + ", ".join(f"{kind} {value:.1%}" for kind, value in worst.items()))
print("within 10 %: " + ("all" if not failed else f"all but {', '.join(failed)}"))
sys.exit(1 if failed else 0)
