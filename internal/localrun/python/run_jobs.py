"""Runs scripts one after the other in one Spark session, to start it once. Each
has a namespace and job parameters of its own, as if it were alone.

run_jobs.py FILE: a list of {"name", "script", "args"} and the mark that begins
the lines which say where each begins and how it ended.
"""
import json
import runpy
import sys
import traceback


def main():
    with open(sys.argv[1]) as f:
        work = json.load(f)

    def say(*words):
        sys.stderr.flush()
        print("\n" + " ".join((work["mark"],) + words), flush=True)

    for job in work["jobs"]:
        say("begin", job["name"])
        sys.argv = [job["script"]] + job["args"]
        state = "SUCCEEDED"
        try:
            runpy.run_path(job["script"], run_name="__main__")
        except SystemExit as e:
            if e.code not in (None, 0):
                state = "FAILED"
        except BaseException:
            traceback.print_exc()
            state = "FAILED"
        say("end", job["name"], state)


main()
