"""One dataframe engine that does what its standard input says, a line a command:

    load parquet FILE | load csv FILE      (tables stay in memory; text becomes categorical)
    load join FOLDER                       (x, small, medium, text and big)
    load files CSV PARQUET                 (nothing is read yet; files are made beside them)
    load lineitem FILE                     (stays in memory)
    load postgres PARQUET URI              (the file's rows stay in memory)
    run QUESTION                           (answers with the time and the answer's figures)

usage: frames.py polars|duckdb|pyarrow|pandas THREADS
A question that an engine isn't asked is answered by `unknown=QUESTION`. The first line it prints is its name and version. Every line it prints is `key=value` pairs, separated by tabs.
"""
import os
import sys
import time

ENGINE, THREADS = sys.argv[1], int(sys.argv[2])
os.environ["POLARS_MAX_THREADS"] = str(THREADS)

GROUP_BY = {
    # question: (keys, {result: (function, column)})
    "q1": (["id1"], {"v1": ("sum", "v1")}),
    "q2": (["id1", "id2"], {"v1": ("sum", "v1")}),
    "q3": (["id3"], {"v1": ("sum", "v1"), "v3": ("mean", "v3")}),
    "q4": (["id4"], {"v1": ("mean", "v1"), "v2": ("mean", "v2"), "v3": ("mean", "v3")}),
    "q5": (["id6"], {"v1": ("sum", "v1"), "v2": ("sum", "v2"), "v3": ("sum", "v3")}),
}

JOIN = {
    # question: (right table, key, kind)
    "j1": ("small", "id1", "inner"),
    "j2": ("medium", "id2", "inner"),
    "j3": ("medium", "id2", "left"),
    "j4": ("text", "id5", "inner"),
    "j5": ("big", "id3", "inner"),
}

SORT = {
    # question: keys; the last one's sum of place times value tells the order
    "s1": ["v3"],
    "s2": ["id6"],
    "s3": ["id3", "v3"],
}


SCANNED = ["l_orderkey", "l_quantity", "l_extendedprice", "l_discount", "l_shipdate", "l_shipmode"]

# Tables of the PostgreSQL server.
SOURCE, MADE = "quiver_bench_rows", "quiver_bench_made"


def say(**what):
    print("\t".join(f"{key}={value}" for key, value in what.items()), flush=True)


class Polars:
    def __init__(self):
        import polars

        self.pl, self.version = polars, polars.__version__

    def load_parquet(self, path):
        self.frame = self.read(path)

    def read(self, path):
        pl = self.pl
        frame = pl.read_parquet(path)
        texts = [n for n, t in frame.schema.items() if t in (pl.String, pl.Categorical)]
        return frame.with_columns([pl.col(n).cast(pl.Categorical) for n in texts]).rechunk().lazy()

    def load_join(self, folder):
        self.tables = {n: self.read(f"{folder}/{n}.parquet") for n in ["x", "small", "medium", "text", "big"]}

    def join(self, table, key, how):
        return self.tables["x"].join(self.tables[table], on=key, how=how).collect(engine="streaming")

    def sort(self, keys):
        return self.frame.sort(keys).collect(engine="streaming")

    def ordered(self, frame, key):
        numbered = frame.with_row_index("place")
        return float(numbered.select((self.pl.col("place").cast(self.pl.Float64) * self.pl.col(key)).sum()).item())

    def group_by(self, keys, results):
        columns = [getattr(self.pl.col(c), f)().alias(n) for n, (f, c) in results.items()]
        return self.frame.group_by(keys).agg(columns).collect(engine="streaming")

    def csv(self, path):
        return self.pl.read_csv(path)

    def csv_sum(self, path):
        pl = self.pl
        query = pl.scan_csv(path).group_by("id1").agg(pl.col("v1").sum(), pl.col("v3").sum())
        return query.collect(engine="streaming")

    def to_parquet(self, path, made):
        self.pl.scan_csv(path).sink_parquet(made, compression="snappy")

    def to_csv(self, path, made):
        self.pl.scan_parquet(path).sink_csv(made)

    def load_lineitem(self, path):
        self.frame = self.pl.read_parquet(path)

    def scan(self, path):
        return self.pl.scan_parquet(path).select(SCANNED).collect(engine="streaming")

    def write(self, made):
        self.frame.write_parquet(made, compression="snappy")

    def load_postgres(self, path):
        self.frame = self.pl.read_parquet(path)

    def to_postgres(self, uri):
        self.frame.write_database(MADE, uri, engine="adbc", if_table_exists="replace")

    def from_postgres(self, uri):
        return self.pl.read_database_uri(f"select * from {SOURCE}", uri, engine="adbc")

    def figures(self, frame, names):
        return frame.height, {n: float(frame[n].sum()) for n in names}


class DuckDB:
    def __init__(self):
        import duckdb

        self.version = duckdb.__version__
        self.db = duckdb.connect()
        self.db.execute(f"set threads={THREADS}")
        self.db.execute("set preserve_insertion_order=false")

    def load_parquet(self, path):
        self.load_table(path, "x")

    def load_join(self, folder):
        # One enum for both sides of a key of text.
        self.db.execute(
            f"create type e_id5 as enum (select id5 from read_parquet('{folder}/x.parquet') "
            f"union select id5 from read_parquet('{folder}/text.parquet') order by 1)"
        )
        for name in ["x", "small", "medium", "text", "big"]:
            self.load_table(f"{folder}/{name}.parquet", name)

    def load_table(self, path, table):
        self.db.execute(f"create or replace table raw as select * from read_parquet('{path}')")
        columns = []
        for name, kind, *_ in self.db.execute("describe raw").fetchall():
            if kind == "VARCHAR":
                if name != "id5":
                    self.db.execute(f"create type e_{name} as enum (select distinct {name} from raw order by 1)")
                columns.append(f"{name}::e_{name} as {name}")
            else:
                columns.append(name)
        self.db.execute(f"create or replace table \"{table}\" as select {', '.join(columns)} from raw")
        self.db.execute("drop table raw")

    def group_by(self, keys, results):
        columns = ", ".join(f"{f}({c}) as {n}" for n, (f, c) in results.items())
        by = ", ".join(keys)
        self.db.execute(f"create or replace table answer as select {by}, {columns} from x group by {by}")

    def join(self, table, key, how):
        self.db.execute(
            f'create or replace table answer as select x.*, r.v2 from x {how} join "{table}" r using ({key})'
        )

    def sort(self, keys):
        self.db.execute("set preserve_insertion_order=true")
        self.db.execute(f"create or replace table answer as select * from x order by {', '.join(keys)}")

    def ordered(self, _, key):
        return self.db.execute(f"select sum(rowid::double * {key}) from answer").fetchone()[0]

    def csv(self, path):
        self.db.execute(f"create or replace table answer as select * from read_csv('{path}')")

    def csv_sum(self, path):
        self.db.execute(
            "create or replace table answer as select id1, sum(v1) as v1, sum(v3) as v3 "
            f"from read_csv('{path}') group by id1"
        )

    def to_parquet(self, path, made):
        self.db.execute(f"copy (select * from read_csv('{path}')) to '{made}' (format parquet, compression snappy)")

    def to_csv(self, path, made):
        self.db.execute(f"copy (select * from read_parquet('{path}')) to '{made}' (format csv, header)")

    def load_lineitem(self, path):
        self.db.execute(f"create or replace table lineitem as select * from read_parquet('{path}')")

    def scan(self, path):
        self.db.execute(f"create or replace table answer as select {', '.join(SCANNED)} from read_parquet('{path}')")

    def load_postgres(self, path):
        self.db.execute("load postgres")
        self.db.execute(f"create or replace table x as select * from read_parquet('{path}')")

    def attach(self, uri):
        self.db.execute(f"attach if not exists '{uri}' as pg (type postgres)")

    def to_postgres(self, uri):
        self.attach(uri)
        self.db.execute(f"drop table if exists pg.{MADE}")
        self.db.execute(f"create table pg.{MADE} as select * from x")

    def from_postgres(self, uri):
        self.attach(uri)
        self.db.execute(f"create or replace table answer as select * from pg.{SOURCE}")

    def write(self, made):
        self.db.execute(f"copy lineitem to '{made}' (format parquet, compression snappy)")

    def figures(self, _, names):
        sums = ", ".join(f"sum({n})::double" for n in names)
        count, *values = self.db.execute(f"select count(*), {sums} from answer").fetchone()
        return count, dict(zip(names, values))


class PyArrow:
    def __init__(self):
        import pyarrow
        import pyarrow.csv

        self.pa, self.version = pyarrow, pyarrow.__version__
        pyarrow.set_cpu_count(THREADS)

    def csv(self, path):
        return self.pa.csv.read_csv(path)

    def to_parquet(self, path, made):
        import pyarrow.parquet as pq

        with self.pa.csv.open_csv(path) as batches, pq.ParquetWriter(made, batches.schema) as out:
            for batch in batches:
                out.write_batch(batch)

    def to_csv(self, path, made):
        import pyarrow.parquet as pq

        file = pq.ParquetFile(path)
        with self.pa.csv.CSVWriter(made, file.schema_arrow) as out:
            for batch in file.iter_batches():
                out.write_batch(batch)

    def scan(self, path):
        import pyarrow.parquet as pq

        return pq.read_table(path, columns=SCANNED)

    def load_lineitem(self, path):
        import pyarrow.parquet as pq

        self.table = pq.read_table(path)

    def write(self, made):
        import pyarrow.parquet as pq

        pq.write_table(self.table, made)

    load_postgres = load_lineitem

    def to_postgres(self, uri):
        from adbc_driver_postgresql import dbapi

        with dbapi.connect(uri) as connection, connection.cursor() as cursor:
            cursor.adbc_ingest(MADE, self.table, mode="replace")
            connection.commit()

    def from_postgres(self, uri):
        from adbc_driver_postgresql import dbapi

        with dbapi.connect(uri) as connection, connection.cursor() as cursor:
            cursor.execute(f"select * from {SOURCE}")
            return cursor.fetch_arrow_table()

    def figures(self, table, names):
        import pyarrow.compute as pc

        return table.num_rows, {n: float(pc.sum(table[n]).as_py()) for n in names}


class Pandas:
    """By chunks of 1e6 rows."""

    def __init__(self):
        import pandas

        self.pd, self.version = pandas, pandas.__version__

    def to_parquet(self, path, made):
        import pyarrow as pa
        import pyarrow.parquet as pq

        out = None
        for chunk in self.pd.read_csv(path, chunksize=1_000_000):
            table = pa.Table.from_pandas(chunk, preserve_index=False)
            out = out or pq.ParquetWriter(made, table.schema)
            out.write_table(table)
        out.close()

    def to_csv(self, path, made):
        import pyarrow.parquet as pq

        with open(made, "w") as out:
            for n, batch in enumerate(pq.ParquetFile(path).iter_batches(batch_size=1_000_000)):
                batch.to_pandas().to_csv(out, header=n == 0, index=False)

    def load_postgres(self, path):
        self.frame = self.pd.read_parquet(path)

    def engine(self, uri):
        import sqlalchemy

        return sqlalchemy.create_engine(uri.replace("postgresql:", "postgresql+psycopg:", 1))

    def to_postgres(self, uri):
        """By COPY, as pandas' guide has it for to_sql's `method`."""
        import io

        def copy(table, connection, keys, rows):
            text = io.StringIO()
            self.pd.DataFrame(rows, columns=keys).to_csv(text, header=False, index=False)
            with connection.connection.cursor() as cursor:
                with cursor.copy(f"copy {table.name} from stdin (format csv)") as out:
                    out.write(text.getvalue())

        self.frame.to_sql(MADE, self.engine(uri), if_exists="replace", index=False, chunksize=1_000_000, method=copy)

    def from_postgres(self, uri):
        with self.engine(uri).connect().execution_options(stream_results=True) as connection:
            return self.pd.concat(self.pd.read_sql(f"select * from {SOURCE}", connection, chunksize=1_000_000))

    def figures(self, frame, names):
        return len(frame), {n: float(frame[n].sum()) for n in names}


def made_of(question, made):
    """Rows and sums of the file that an engine made, as pyarrow reads them; the file goes."""
    import pyarrow.compute as pc
    import pyarrow.csv as pc_csv
    import pyarrow.parquet as pq

    size = os.path.getsize(made)
    if question == "write":
        table = pq.read_table(made, columns=["l_orderkey", "l_extendedprice"])
        names = {"l_orderkey": "l_orderkey", "price": "l_extendedprice"}
    else:
        columns = ["v1", "v2", "v3"]
        only = pc_csv.ConvertOptions(include_columns=columns)
        table = pc_csv.read_csv(made, convert_options=only) if question == "to_csv" else pq.read_table(made, columns=columns)
        names = {c: c for c in columns}
    os.remove(made)
    sums = {f"sum_{n}": repr(float(pc.sum(table[c]).as_py())) for n, c in names.items()}
    return {"rows": table.num_rows, "bytes": size, **sums}


def make(engine, question, path):
    source = {"to_parquet": 0, "to_csv": 1}.get(question)
    made = f"{path.split(' ')[0]}.made-by-{ENGINE}"
    begin = time.perf_counter()
    if source is None:
        engine.write(made)
    else:
        getattr(engine, question)(path.split(" ")[source], made)
    ms = (time.perf_counter() - begin) * 1e3
    say(ms=ms, **made_of(question, made))


def loaded(engine, path):
    """What a table of the server has that an engine made."""
    import psycopg

    uri = path.split(" ")[1]
    begin = time.perf_counter()
    engine.to_postgres(uri)
    ms = (time.perf_counter() - begin) * 1e3
    with psycopg.connect(uri) as connection:
        names = ["v1", "v2", "v3"]
        sums = ", ".join(f"sum({n})::float8" for n in names)
        rows, *values = connection.execute(f"select count(*), {sums} from {MADE}").fetchone()
    say(ms=ms, rows=rows, **{f"sum_{n}": repr(v) for n, v in zip(names, values)})


def method(question):
    for name, questions in {"group_by": GROUP_BY, "join": JOIN, "sort": SORT}.items():
        if question in questions:
            return name
    return question


def run(engine, question, path):
    if not hasattr(engine, method(question)):
        return say(unknown=question)
    if question in ("to_parquet", "to_csv", "write"):
        return make(engine, question, path)
    if question == "to_postgres":
        return loaded(engine, path)
    begin = time.perf_counter()
    if question in GROUP_BY:
        keys, results = GROUP_BY[question]
        answer, names = engine.group_by(keys, results), list(results)
    elif question in JOIN:
        answer, names = engine.join(*JOIN[question]), ["v1", "v2"]
    elif question in SORT:
        answer, names = engine.sort(SORT[question]), ["v1"]
    elif question == "csv":
        answer, names = engine.csv(path), ["v1", "v2", "v3"]
    elif question == "scan":
        answer, names = engine.scan(path), ["l_orderkey"]
    elif question == "from_postgres":
        answer, names = engine.from_postgres(path.split(" ")[1]), ["v1", "v2", "v3"]
    else:
        answer, names = engine.csv_sum(path), ["v1", "v3"]
    ms = (time.perf_counter() - begin) * 1e3
    rows, sums = engine.figures(answer, names)
    if question in SORT:
        sums["ordered"] = engine.ordered(answer, SORT[question][-1])
    say(ms=ms, rows=rows, **{f"sum_{name}": repr(value) for name, value in sums.items()})


def main():
    engine = {"polars": Polars, "duckdb": DuckDB, "pyarrow": PyArrow, "pandas": Pandas}[ENGINE]()
    say(engine=ENGINE, version=engine.version)
    path = ""
    for line in sys.stdin:
        command, *rest = line.rstrip("\n").split(" ", 2)
        if command == "load":
            path = rest[1]
            if rest[0] == "parquet":
                engine.load_parquet(path)
            elif rest[0] == "join":
                engine.load_join(path)
            elif rest[0] == "lineitem" and hasattr(engine, "load_lineitem"):
                engine.load_lineitem(path)
            elif rest[0] == "postgres":
                engine.load_postgres(path.split(" ")[0])
            say(loaded=path)
        elif command == "run":
            run(engine, rest[0], path)


main()
