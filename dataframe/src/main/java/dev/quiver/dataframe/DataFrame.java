package dev.quiver.dataframe;

import dev.quiver.schema.Schema;
import java.util.List;
import java.util.Optional;

/// A query: columns with names and types, and how to get their rows. Lazy, immutable, its schema
/// known at once.
///
/// ```java
/// DataFrame late =
///         flights.filter(col("dep_delay").gt(15))
///                 .groupBy("carrier")
///                 .agg(count().as("late"), mean("dep_delay"))
///                 .sort(desc("late"));
/// late.show();
/// ```
///
/// Each verb gives another frame and reads nothing. A mistake in a name or a type throws at the
/// call: [ColumnNotFound] with the nearest name, [TypeMismatch], or another [QuiverException].
/// Queries run in `collect`, `head`, `show`, `count`, `rows`, `toList`, `scalar`, `persist`,
/// `write`, `memory` and `analyze`, never in `toString`. Safe for use by several threads.
public interface DataFrame {
    Schema schema();

    /// These columns, in this order: `df.select("carrier", "dep_delay")`.
    DataFrame select(String name, String... more);

    /// These expressions: `df.select(col("carrier"), col("distance").multiply(1.609).as("km"))`.
    DataFrame select(Expr first, Expr... more);

    /// This frame with a column more, or with the column of that name replaced.
    DataFrame withColumn(String name, Expr value);

    /// As [#withColumn] for several expressions at once; none sees another's result.
    DataFrame withColumns(Expr first, Expr... more);

    /// Without these columns.
    DataFrame drop(String name, String... more);

    /// With another name for a column.
    DataFrame rename(String from, String to);

    /// The rows for which the condition is true; not those where it is null.
    DataFrame filter(Expr condition);

    /// Nulls replaced, in all columns whose type the value fits, or in those named.
    DataFrame fillNull(Object value, String... columns);

    /// The rows without a null, in any column or in those named.
    DataFrame dropNull(String... columns);

    /// The first rows. Which rows these are is only certain behind a [#sort] or on files.
    DataFrame limit(long rows);

    /// The first rows of an order: the same as a sort and a limit, without sorting all.
    DataFrame topK(long rows, SortKey first, SortKey... more);

    /// Sorted by these columns, smallest first, nulls last. Stable.
    DataFrame sort(String name, String... more);

    /// Sorted by these keys: `df.sort(desc("dep_delay"), asc("carrier"))`. Stable.
    DataFrame sort(SortKey first, SortKey... more);

    /// Each different row once.
    DataFrame distinct();

    /// The rows of this frame and of the others, duplicates kept. Columns go together by name and
    /// must be the same on all sides; types are widened.
    DataFrame union(DataFrame other, DataFrame... more);

    /// Groups rows by columns: `df.groupBy("carrier").agg(sum("distance"))`.
    GroupBy groupBy(String name, String... more);

    /// Groups rows by expressions: `df.groupBy(col("time_hour").dt().month().as("month"))`.
    GroupBy groupBy(Expr first, Expr... more);

    /// Aggregates all rows into one; see [GroupBy#agg].
    DataFrame agg(Expr first, Expr... more);

    /// Rows of this frame beside rows of the other with equal keys. Key columns appear once, under
    /// their left names; another column of the right whose name the left has gets the suffix
    /// `_right`.
    DataFrame join(DataFrame other, How how, On on);

    /// A join on columns that have the same name on both sides.
    default DataFrame join(DataFrame other, How how, String name, String... more) {
        return join(other, how, On.keys(name, more));
    }

    /// The word that pandas and Dask have for [#join].
    default DataFrame merge(DataFrame other, How how, On on) {
        return join(other, how, on);
    }

    /// The rows that fulfil the gate's rules. What becomes of the others the gate says: they stop
    /// the query, or are kept apart when this is written.
    ///
    /// @throws QuiverException when a rule doesn't fit the frame's columns
    DataFrame gate(Gate gate);

    /// The rows that the gate would turn away, with the rule and where they come from: `source`,
    /// `row`, `column`, `rule`, `raw`, `run`.
    DataFrame rejects(Gate gate);

    /// What a function makes of the rows, some thousand at a time, as columns: for a library that
    /// computes on arrays, a model, or a loop of your own that is faster than one call a row.
    ///
    /// ```java
    /// df.mapBatches(
    ///         Schema.of(Field.of("id", DataType.INT64), Field.of("score", DataType.FLOAT64)),
    ///         batch -> batch.with("score", model.score(batch.doubles("x"), batch.doubles("y"))))
    /// ```
    ///
    /// How many rows come together isn't promised, but their order is kept. Several batches are
    /// worked on at a time, so the function must not share what isn't safe for that.
    ///
    /// @param makes the columns that the function's batches have; what else they have is left out
    DataFrame mapBatches(Schema makes, Fn<Batch, Batch> function);

    /// The same where the columns stay as they are.
    default DataFrame mapBatches(Fn<Batch, Batch> function) {
        return mapBatches(schema(), function);
    }

    /// A row for each column with its type, the number of values and of nulls, mean, standard
    /// deviation, smallest and greatest value.
    DataFrame describe();

    /// The rows as records of that class, for functions of the user's. Its components are columns
    /// of the same name, of the snake-case form (`depTime` is `dep_time`) or of the name that
    /// [Column] gives.
    ///
    /// @throws ColumnNotFound when a component has no column
    /// @throws TypeMismatch when a component's class doesn't fit its column
    <R extends Record> TypedFrame<R> as(Class<R> type);

    /// Runs the query and keeps its result in memory; what is made of the frame it gives starts
    /// there. It goes with the last that can read it, variable, frame, query or name, or before by
    /// [#release] or the session's end.
    DataFrame persist();

    /// Computes the rows as [#persist] does and gives them a name, under which all sessions of a
    /// cluster find them: `q.catalog().frame(name)`. They stay when this session ends, until
    /// somebody takes the name away.
    ///
    /// @return a frame that reads them; its [#release] leaves them to the others
    /// @throws QuiverException ARGUMENT_INVALID when something has that name
    DataFrame publish(String name);

    /// Lets go of what [#persist] kept.
    ///
    /// @throws QuiverException when this frame isn't one that `persist` gave
    void release();

    /// Small charts of the frame: `df.plot().bar("carrier", "flights")`.
    Plots plot();

    /// How much memory a persisted frame takes, by column, and what encoding saved. A frame that
    /// isn't persisted is run for it.
    MemoryReport memory();

    FrameWriter write();

    /// What will be done: the plan with the rules that changed it, its order, estimates of rows,
    /// bytes and peak memory, and the stages.
    String explain();

    /// The same as a graph, which notebooks show as a picture.
    PlanGraph visualize();

    /// Runs the query, throws its result away and reports rows and time by operator.
    Analysis analyze();

    /// Runs the query and gives its rows in memory. Close the table, or let the session do it.
    Table collect();

    /// The word that Dask has for [#collect].
    default Table compute() {
        return collect();
    }

    /// The first rows, collected.
    Table head(int rows);

    /// Prints the first 20 rows, aligned, as wide as the terminal.
    void show();

    /// Prints the first rows.
    void show(int rows);

    long count();

    /// Runs the query and gives its rows one after the other, with bounded memory. Close them.
    Rows rows();

    /// Runs the frame and gives its rows in tables of a size, with bounded memory.
    Chunks chunks(ChunkSize size);

    /// The rows as records; see [#as].
    <R extends Record> List<R> toList(Class<R> type);

    /// The one value of a frame of one row and one column; empty when it is null.
    ///
    /// @throws QuiverException when there are more rows or columns, or no row
    <T> Optional<T> scalar(Class<T> type);
}
