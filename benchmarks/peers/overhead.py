"""Cost of a task in dask.distributed: a line a case, `key=value` pairs separated by tabs.

usage: overhead.py TASKS [REPEATS]
Two worker processes of one thread each. CPU counts this process and all its children.
"""
import statistics
import sys
import time

import distributed
import psutil
from distributed import Client, LocalCluster


def increment(x):
    return x + 1


def add(x, y):
    return x + y


def cpu_seconds():
    me = psutil.Process()
    total = 0.0
    for process in [me, *me.children(recursive=True)]:
        try:
            times = process.cpu_times()
            total += times.user + times.system
        except psutil.Error:
            pass
    return total


def measure(case, tasks, repeats, work):
    walls, cpus = [], []
    for _ in range(repeats):
        cpu, wall = cpu_seconds(), time.perf_counter()
        work()
        walls.append(time.perf_counter() - wall)
        cpus.append(cpu_seconds() - cpu)
    figures = {
        "engine": "dask.distributed",
        "version": distributed.__version__,
        "case": case,
        "tasks": tasks,
        "wall_us": statistics.median(walls) / tasks * 1e6,
        "cpu_us": statistics.median(cpus) / tasks * 1e6,
    }
    print("\t".join(f"{key}={value}" for key, value in figures.items()), flush=True)


def main():
    tasks = int(sys.argv[1])
    repeats = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    with LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address="127.0.0.1:0",
        memory_limit="4GiB", silence_logs=40,
    ) as cluster, Client(cluster) as client:
        client.gather(client.map(increment, range(-50, 0), pure=False))
        measure("submit", tasks, repeats,
                lambda: client.gather([client.submit(increment, i, pure=False) for i in range(tasks)]))
        measure("map", tasks, repeats,
                lambda: client.gather(client.map(increment, range(tasks), pure=False)))
        graph = {("layer0", j): (increment, j) for j in range(100)}
        for i in range(1, 100):
            for j in range(100):
                graph[(f"layer{i}", j)] = (add, (f"layer{i - 1}", j), (f"layer{i - 1}", (j + 1) % 100))
        keys = [("layer99", j) for j in range(100)]
        measure("graph", 10_000, repeats, lambda: client.get(graph, keys, sync=True))


if __name__ == "__main__":
    main()
