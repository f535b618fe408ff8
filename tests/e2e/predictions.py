"""Compares what models said in two runs of the same market.

usage: predictions.py equal RUN.jsonl AGAIN.jsonl COUNT
       predictions.py near RUN.jsonl AGAIN.jsonl COUNT

Of the second run, silence left out, the last COUNT answers have to be in the
first one: with the same bytes, or, of forecasts alone, to within a hundredth of
the largest quantile.
"""

import json
import sys


def answers(path):
    """Lines by time, symbol and role; numbers stay the texts that they are."""
    result = {}
    for line in open(path, encoding="ascii"):
        if not line.endswith("\n"):
            continue  # torn by a power cut
        said = json.loads(line)
        if "silent" not in said:
            result[said["time"], said["symbol"], said["role"]] = line
    return result


def near(one, other):
    one, other = ([float.fromhex(x) for x in json.loads(line)["quantiles"]]
                  for line in (one, other))
    largest = max(map(abs, one))
    return len(one) == len(other) and all(
        abs(x - y) <= 0.01 * largest for x, y in zip(one, other))


def main():
    how = sys.argv[1]
    first, again = answers(sys.argv[2]), answers(sys.argv[3])
    count = int(sys.argv[4])
    last = [x for x in sorted(again) if how == "equal" or x[2] == "forecaster"]
    if len(last) < count:
        sys.exit(f"FAILED: only {len(last)} answers, expected {count}")
    for key in last[-count:]:
        if key not in first:
            sys.exit(f"FAILED: {key} is not in {sys.argv[2]}")
        same = (first[key] == again[key] if how == "equal"
                else near(first[key], again[key]))
        if not same:
            sys.exit(f"FAILED: {key} differs:\n{first[key]}{again[key]}")
    said = json.loads(again[last[-1]])
    for field in "id", "version", "sha256", "schema":
        if not said[field]:
            sys.exit(f"FAILED: no {field} in {said}")
    roles = {role for _, _, role in last[-count:]}
    print(f"{count} answers of {len(roles)} models are {how}")


main()
