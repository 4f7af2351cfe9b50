"""A cluster of two workers of one thread each, in processes of their own, that does what its standard
input says, a line a command:

    load parquet FILE | load join FOLDER | load shuffle FOLDER   (tables stay in the workers' memory)
    load flights FOLDER                                          (read again by each question)
    run QUESTION                             (answers with time, processor time, memory and figures)

usage: cluster.py dask|spark THREADS
THREADS is not used: it is two workers of one. A question that an engine isn't asked is answered by
`unknown=QUESTION`. The first line it prints is its name and version. Every line it prints is `key=value`
pairs, separated by tabs: `ms`, `cpu_ms` of all processes together, `peak_mb`, the most memory that a
worker had in use, `rows`, and `sum_…` for columns of the answer.
"""
import os
import statistics
import sys
import time

import psutil

GROUP_BY = {
    "q1": ("id1", {"v1": ("sum", "v1")}),
    "q3": ("id3", {"v1": ("sum", "v1"), "v3": ("mean", "v3")}),
    "q5": ("id6", {"v1": ("sum", "v1"), "v2": ("sum", "v2"), "v3": ("sum", "v3")}),
}
WIDTH = 100
ROUND_TRIPS = 20
PARTITIONS = 16
MEGABYTE = 1_000_000

# flights of the question `flights`, by airline; each counts or sums a column of another table
FLIGHTS = {
    "departure": ("sum", "dep_delay"),
    "destinations": ("count", "destination"),
    "seats": ("sum", "seats"),
    "visibility": ("sum", "visib"),
}


def say(**what):
    print("\t".join(f"{key}={value}" for key, value in what.items()), flush=True)


def increment(x):
    return x + 1


def add(x, y):
    return (x + y) % 1000


def last_layer():
    """What the graph of tasks answers."""
    layer = list(range(1, WIDTH + 1))
    for _ in range(1, WIDTH):
        layer = [add(layer[j], layer[(j + 1) % WIDTH]) for j in range(WIDTH)]
    return layer


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

    def close(self):
        self.client.close()
        self.cluster.close()

    def workers(self):
        return list(self.client.run(os.getpid).values())

    def persisted(self, path):
        import dask.dataframe
        import distributed
        import pyarrow.parquet

        schema = pyarrow.parquet.read_schema(path)
        texts = [field.name for field in schema if "string" in str(field.type) or "dictionary" in str(field.type)]
        frame = dask.dataframe.read_parquet(path, split_row_groups=True)
        frame = frame.astype({name: "category" for name in texts}).repartition(npartitions=PARTITIONS)
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

    def load_shuffle(self, folder):
        self.left = self.persisted(f"{folder}/left.parquet")
        self.right = self.persisted(f"{folder}/right.parquet")

    def load_flights(self, folder):
        import dask.dataframe

        def read(name, **options):
            return dask.dataframe.read_csv(f"{folder}/{name}", na_values="NA", assume_missing=True, **options)

        self.flights = read("flights.csv.gz", blocksize=None)
        self.airlines = read("airlines.csv").rename(columns={"name": "airline"})
        self.airports = read("airports.csv")[["faa", "name"]].rename(columns={"name": "destination"})
        self.planes = read("planes.csv")[["tailnum", "seats"]]
        self.weather = read("weather.csv.gz", blocksize=None)[["origin", "time_hour", "visib"]]

    def group_by(self, key, results):
        grouped = self.frame.groupby(key, observed=True, sort=False)
        made = grouped.agg({column: function for function, column in results.values()}).compute()
        return len(made), {name: float(made[column].sum()) for name, (_, column) in results.items()}

    def join(self):
        import dask

        joined = self.x[["id3", "v1"]].merge(self.big[["id3", "v2"]], on="id3")
        rows, v1, v2 = dask.compute(joined.v1.count(), joined.v1.sum(), joined.v2.sum())
        return 1, {"rows": float(rows), "v1": float(v1), "v2": float(v2)}

    def shuffle(self):
        import dask

        joined = self.left.merge(self.right, on="key")
        rows, sums = dask.compute(joined.key.count(), joined.drop(columns="key").sum())
        return 1, {"rows": float(rows), **{name: float(value) for name, value in sums.items()}}

    def joined_flights(self):
        joined = self.flights.merge(self.airlines, how="left", on="carrier")
        joined = joined.merge(self.airports, how="left", left_on="dest", right_on="faa")
        joined = joined.merge(self.planes, how="left", on="tailnum")
        joined = joined.merge(self.weather, how="left", on=["origin", "time_hour"])
        made = joined.groupby("airline").agg({column: function for function, column in FLIGHTS.values()}).compute()
        return len(made), {name: float(made[column].sum()) for name, (_, column) in FLIGHTS.items()}

    def map(self, tasks):
        if tasks > 10_000:
            raise NotImplementedError  # minutes
        made = self.client.gather(self.client.map(increment, range(tasks), pure=False))
        assert made == list(range(1, tasks + 1))

    def graph(self):
        import dask

        layer = [dask.delayed(increment, pure=False)(j) for j in range(WIDTH)]
        for _ in range(1, WIDTH):
            layer = [dask.delayed(add, pure=False)(layer[j], layer[(j + 1) % WIDTH]) for j in range(WIDTH)]
        assert list(dask.compute(*layer, optimize_graph=False)) == last_layer()

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
            .config("spark.executor.memory", "4g").config("spark.driver.memory", "2g")
            .config("spark.ui.enabled", "false").config("spark.ui.showConsoleProgress", "false")
            .config("spark.log.level", "ERROR")
            .config("spark.driver.bindAddress", "127.0.0.1").config("spark.driver.host", "127.0.0.1")
            .config("spark.sql.shuffle.partitions", f"{PARTITIONS}").config("spark.sql.adaptive.enabled", "true")
            .config("spark.driver.maxResultSize", "4g").config("spark.sql.execution.arrow.pyspark.enabled", "true")
            .getOrCreate()
        )

    def close(self):
        self.spark.stop()

    def workers(self):
        return [process.pid for process in processes() if any("CoarseGrained" in word for word in process.cmdline())]

    def persisted(self, path):
        frame = self.spark.read.parquet(path).repartition(PARTITIONS).cache()
        frame.count()
        return frame

    def load_parquet(self, path):
        self.frame = self.persisted(path)

    def load_join(self, folder):
        self.x = self.persisted(f"{folder}/x.parquet")
        self.big = self.persisted(f"{folder}/big.parquet")

    def load_shuffle(self, folder):
        self.left = self.persisted(f"{folder}/left.parquet")
        self.right = self.persisted(f"{folder}/right.parquet")

    def load_flights(self, folder):
        def read(name):
            return self.spark.read.csv(f"{folder}/{name}", header=True, inferSchema=True, nullValue="NA")

        self.flights = read("flights.csv.gz")
        self.airlines = read("airlines.csv").withColumnRenamed("name", "airline")
        self.airports = read("airports.csv").selectExpr("faa as dest", "name as destination")
        self.planes = read("planes.csv").select("tailnum", "seats")
        self.weather = read("weather.csv.gz").select("origin", "time_hour", "visib")

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

    def shuffle(self):
        from pyspark.sql import functions as F

        joined = self.left.join(self.right, "key").drop("key")
        row = joined.agg(F.count("*").alias("rows"), *[F.sum(name).alias(name) for name in joined.columns]).collect()[0]
        return 1, {name: float(value) for name, value in row.asDict().items()}

    def joined_flights(self):
        from pyspark.sql import functions as F

        joined = self.flights.join(self.airlines, "carrier", "left").join(self.airports, "dest", "left")
        joined = joined.join(self.planes, "tailnum", "left").join(self.weather, ["origin", "time_hour"], "left")
        made = joined.groupBy("airline").agg(*[getattr(F, f)(c).alias(n) for n, (f, c) in FLIGHTS.items()]).toPandas()
        return len(made), {name: float(made[name].sum()) for name in FLIGHTS}

    def map(self, tasks):
        raise NotImplementedError  # a task is a partition of a stage: thousands take minutes

    def graph(self):
        raise NotImplementedError  # it has no graphs of tasks

    def round_trip(self):
        begin = time.perf_counter()
        assert self.spark._jsparkSession.range(0, 1, 1, 1).rdd().count() == 1
        return time.perf_counter() - begin


def answered(engine, question):
    """Answers with (rows, sums, seconds)."""
    begin = time.perf_counter()
    if question.startswith("map "):
        rows, sums = int(question.split()[1]), {}
        engine.map(rows)
    elif question == "graph":
        rows, sums = WIDTH * WIDTH, {}
        engine.graph()
    elif question == "round trip":
        return 1, {}, statistics.median(engine.round_trip() for _ in range(ROUND_TRIPS))
    elif question in GROUP_BY:
        rows, sums = engine.group_by(*GROUP_BY[question])
    elif question == "join":
        rows, sums = engine.join()
    elif question == "shuffle":
        rows, sums = engine.shuffle()
    elif question == "flights":
        rows, sums = engine.joined_flights()
    else:
        raise NotImplementedError
    return rows, sums, time.perf_counter() - begin


def processes():
    """This process and all that it started and that haven't ended."""
    this = psutil.Process()
    return [each for each in [this, *this.children(recursive=True)] if each.status() != psutil.STATUS_ZOMBIE]


def cpu_seconds():
    times = [process.cpu_times() for process in processes()]
    return sum(each.user + each.system for each in times)


def forget_peak(process):
    with open(f"/proc/{process}/clear_refs", "w") as file:
        file.write("5")


def peak_bytes(process):
    with open(f"/proc/{process}/status") as file:
        return next(int(line.split()[1]) * 1024 for line in file if line.startswith("VmHWM:"))


def run(engine, question):
    workers = engine.workers()
    for worker in workers:
        forget_peak(worker)
    used = cpu_seconds()
    try:
        rows, sums, seconds = answered(engine, question)
    except NotImplementedError:
        return say(unknown=question)
    used = cpu_seconds() - used
    peak = max(peak_bytes(worker) for worker in workers)
    say(
        ms=seconds * 1e3, cpu_ms=used * 1e3, peak_mb=peak / MEGABYTE, rows=rows,
        **{f"sum_{name}": repr(value) for name, value in sums.items()},
    )


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
    engine.close()


if __name__ == "__main__":
    main()
