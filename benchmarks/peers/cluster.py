"""A cluster of two workers of one thread each, in processes of their own, that does what its standard
input says, a line a command:

    load parquet FILE | load join FOLDER   (tables stay in the workers' memory)
    run QUESTION                           (answers with the time and the answer's figures)

usage: cluster.py dask|spark THREADS
THREADS is not used: it is two workers of one. A question that an engine isn't asked is answered by
`unknown=QUESTION`. The first line it prints is its name and version. Every line it prints is `key=value`
pairs, separated by tabs.
"""
import os
import statistics
import sys
import time

GROUP_BY = {
    "q1": ("id1", {"v1": ("sum", "v1")}),
    "q3": ("id3", {"v1": ("sum", "v1"), "v3": ("mean", "v3")}),
    "q5": ("id6", {"v1": ("sum", "v1"), "v2": ("sum", "v2"), "v3": ("sum", "v3")}),
}
WIDTH = 100
ROUND_TRIPS = 20


def say(**what):
    print("\t".join(f"{key}={value}" for key, value in what.items()), flush=True)


def increment(x):
    return x + 1


def add(x, y):
    return (x + y) % 1000


class Dask:
    def __init__(self):
        import dask
        import distributed

        dask.config.set({"dataframe.shuffle.method": "p2p"})
        self.version = distributed.__version__
        self.cluster = distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address="127.0.0.1:0",
            memory_limit="6GiB", silence_logs=40,
        )
        self.client = distributed.Client(self.cluster)

    def persisted(self, path):
        import dask.dataframe
        import distributed
        import pyarrow.parquet

        schema = pyarrow.parquet.read_schema(path)
        texts = [field.name for field in schema if "string" in str(field.type) or "dictionary" in str(field.type)]
        frame = dask.dataframe.read_parquet(path, split_row_groups=True)
        frame = frame.astype({name: "category" for name in texts}).repartition(npartitions=16)
        if texts:
            frame = frame.categorize(columns=texts)
        frame = frame.persist()
        distributed.wait(frame)
        return frame

    def load_parquet(self, path):
        self.frame = self.persisted(path)

    def load_join(self, folder):
        self.x = self.persisted(f"{folder}/x.parquet")
        self.big = self.persisted(f"{folder}/big.parquet")

    def group_by(self, key, results):
        grouped = self.frame.groupby(key, observed=True, sort=False)
        made = grouped.agg({column: function for function, column in results.values()}).compute()
        return len(made), {name: float(made[column].sum()) for name, (_, column) in results.items()}

    def join(self):
        import dask

        joined = self.x[["id3", "v1"]].merge(self.big[["id3", "v2"]], on="id3")
        rows, v1, v2 = dask.compute(joined.v1.count(), joined.v1.sum(), joined.v2.sum())
        return 1, {"rows": float(rows), "v1": float(v1), "v2": float(v2)}

    def map(self, tasks):
        if tasks > 10_000:
            raise NotImplementedError  # minutes
        made = self.client.gather(self.client.map(increment, range(tasks), pure=False))
        assert made == list(range(1, tasks + 1))

    def graph(self):
        graph = {("layer0", j): (increment, j) for j in range(WIDTH)}
        for i in range(1, WIDTH):
            for j in range(WIDTH):
                graph[(f"layer{i}", j)] = (add, (f"layer{i - 1}", j), (f"layer{i - 1}", (j + 1) % WIDTH))
        self.client.get(graph, [(f"layer{WIDTH - 1}", j) for j in range(WIDTH)], sync=True)

    def round_trip(self):
        begin = time.perf_counter()
        assert self.client.submit(increment, 1, pure=False).result() == 2
        return time.perf_counter() - begin


class Spark:
    """Standalone: a master and two executors of one core."""

    def __init__(self):
        import pyspark
        from pyspark.sql import SparkSession

        self.version = pyspark.__version__
        # local-cluster starts a standalone master and workers as processes of their own
        self.spark = (
            SparkSession.builder.master("local-cluster[2,1,4096]")
            .config("spark.executor.memory", "4g").config("spark.driver.memory", "4g")
            .config("spark.ui.enabled", "false").config("spark.log.level", "ERROR")
            .config("spark.driver.bindAddress", "127.0.0.1").config("spark.driver.host", "127.0.0.1")
            .config("spark.sql.shuffle.partitions", "16").config("spark.sql.adaptive.enabled", "true")
            .config("spark.driver.maxResultSize", "4g").config("spark.sql.execution.arrow.pyspark.enabled", "true")
            .getOrCreate()
        )

    def persisted(self, path):
        frame = self.spark.read.parquet(path).repartition(16).cache()
        frame.count()
        return frame

    def load_parquet(self, path):
        self.frame = self.persisted(path)

    def load_join(self, folder):
        self.x = self.persisted(f"{folder}/x.parquet")
        self.big = self.persisted(f"{folder}/big.parquet")

    def group_by(self, key, results):
        from pyspark.sql import functions as F

        made = self.frame.groupBy(key).agg(*[getattr(F, f)(c).alias(n) for n, (f, c) in results.items()])
        made = made.toPandas()
        return len(made), {name: float(made[name].sum()) for name in results}

    def join(self):
        from pyspark.sql import functions as F

        joined = self.x.select("id3", "v1").join(self.big.select("id3", "v2"), "id3")
        row = joined.agg(F.count("*").alias("rows"), F.sum("v1").alias("v1"), F.sum("v2").alias("v2")).collect()[0]
        return 1, {"rows": float(row["rows"]), "v1": float(row["v1"]), "v2": float(row["v2"])}

    def map(self, tasks):
        raise NotImplementedError  # a task is a partition of a stage: thousands take minutes

    def graph(self):
        raise NotImplementedError  # it has no graphs of tasks

    def round_trip(self):
        begin = time.perf_counter()
        assert self.spark._jsparkSession.range(0, 1, 1, 1).rdd().count() == 1
        return time.perf_counter() - begin


def tasks(engine, question):
    """Answers with (rows, seconds); None for what isn't one of tasks."""
    begin = time.perf_counter()
    if question.startswith("map "):
        count = int(question.split()[1])
        engine.map(count)
    elif question == "graph":
        count = WIDTH * WIDTH
        engine.graph()
    elif question == "round trip":
        return 1, statistics.median(engine.round_trip() for _ in range(ROUND_TRIPS))
    else:
        return None
    return count, time.perf_counter() - begin


def run(engine, question):
    try:
        done = tasks(engine, question)
    except NotImplementedError:
        return say(unknown=question)
    if done:
        return say(ms=done[1] * 1e3, rows=done[0])
    begin = time.perf_counter()
    if question in GROUP_BY:
        rows, sums = engine.group_by(*GROUP_BY[question])
    elif question == "join":
        rows, sums = engine.join()
    else:
        return say(unknown=question)
    say(ms=(time.perf_counter() - begin) * 1e3, rows=rows, **{f"sum_{n}": repr(v) for n, v in sums.items()})


def main():
    engine = {"dask": Dask, "spark": Spark}[sys.argv[1]]()
    say(engine=sys.argv[1], version=engine.version)
    for line in sys.stdin:
        command, what, *rest = line.strip().split(" ", 2)
        if command == "load":
            getattr(engine, f"load_{what}")(rest[0])
            say(loaded=what)
        else:
            run(engine, " ".join([what, *rest]))


if __name__ == "__main__":
    main()
