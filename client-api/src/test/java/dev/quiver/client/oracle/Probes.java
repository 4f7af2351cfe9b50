package dev.quiver.client.oracle;

import static dev.quiver.dataframe.Functions.asc;
import static dev.quiver.dataframe.Functions.count;
import static dev.quiver.dataframe.Functions.desc;
import static dev.quiver.dataframe.Functions.expr;
import static dev.quiver.dataframe.Functions.first;
import static dev.quiver.dataframe.Functions.last;
import static dev.quiver.dataframe.Functions.max;
import static dev.quiver.dataframe.Functions.mean;
import static dev.quiver.dataframe.Functions.min;
import static dev.quiver.dataframe.Functions.nUnique;
import static dev.quiver.dataframe.Functions.std;
import static dev.quiver.dataframe.Functions.sum;
import static dev.quiver.dataframe.Functions.var;

import dev.quiver.dataframe.DataFrame;
import dev.quiver.dataframe.Expr;
import dev.quiver.dataframe.How;
import dev.quiver.dataframe.On;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// The operators of the matrix, each as Quiver's call and as DuckDB's SQL.
final class Probes {
    /// A cell's name: what is done to which type.
    record Cell(String operator, Kind kind) {}

    /// Queries that must answer alike.
    ///
    /// @param cells what it tests
    /// @param sql over the tables `t` and `u`
    /// @param ordered whether the order of rows counts
    record Probe(List<Cell> cells, String sql, Query query, boolean ordered) {}

    /// Quiver's side of a probe.
    interface Query {
        DataFrame of(DataFrame t, DataFrame u);
    }

    /// One expression in both languages, which are one.
    private record Formula(Cell cell, String text) {}

    private final List<Probe> probes = new ArrayList<>();

    /// All probes.
    static List<Probe> all() {
        var made = new Probes();
        made.formulas();
        for (Kind kind : Kind.values()) {
            made.filters(kind);
            made.aggregates(kind);
            made.orders(kind);
            made.joins(kind);
            made.rest(kind);
        }
        return made.probes;
    }

    private void add(String operator, Kind kind, String sql, boolean ordered, Query query) {
        probes.add(new Probe(List.of(new Cell(operator, kind)), sql, query, ordered));
    }

    /// Every row-wise expression of every type, a query for each type.
    private void formulas() {
        for (Kind kind : Kind.values()) {
            List<Formula> formulas = formulasOf(kind);
            var sql = new ArrayList<String>();
            var columns = new ArrayList<Expr>();
            for (Formula formula : formulas) {
                String name = "e" + columns.size();
                sql.add(formula.text + " as " + name);
                columns.add(expr(quiver(formula.text)).as(name));
            }
            Expr[] more = columns.subList(1, columns.size()).toArray(Expr[]::new);
            probes.add(
                    new Probe(
                            formulas.stream().map(Formula::cell).toList(),
                            "select %s from t order by id".formatted(String.join(", ", sql)),
                            (t, _) -> t.select(columns.getFirst(), more),
                            true));
        }
    }

    private static List<Formula> formulasOf(Kind kind) {
        var texts = new ArrayList<Map.Entry<String, String>>();
        String x = kind.column();
        String literal = literal(kind);
        // There is no literal of bytes.
        if (kind == Kind.BYTES)
            return Stream.of("is null", "is not null")
                    .map(test -> new Formula(new Cell(test, kind), x + " " + test))
                    .toList();
        for (String operator : List.of("=", "<>", "<", "<=", ">", ">="))
            texts.add(Map.entry(operator, "%s %s %s".formatted(x, operator, literal)));
        texts.add(Map.entry("is null", x + " is null"));
        texts.add(Map.entry("is not null", x + " is not null"));
        texts.add(Map.entry("between", "%s between %s and %s".formatted(x, literal, literal)));
        texts.add(Map.entry("in", "%s in (%s)".formatted(x, literal)));
        texts.add(Map.entry("coalesce", "coalesce(%s, %s)".formatted(x, literal)));
        texts.add(
                Map.entry(
                        "case",
                        "case when %s > %s then %s else %s end".formatted(x, literal, x, literal)));
        if (kind == Kind.BOOL) {
            texts.add(Map.entry("and", x + " and c_int > 0"));
            texts.add(Map.entry("or", x + " or c_int > 0"));
            texts.add(Map.entry("not", "not " + x));
        }
        if (kind.isNumber()) numbers(texts, x, kind);
        if (kind.isText()) texts(texts, x);
        if (kind.hasDate()) dates(texts, x, kind);
        return texts.stream()
                .map(e -> new Formula(new Cell(e.getKey(), kind), e.getValue()))
                .toList();
    }

    private static void numbers(List<Map.Entry<String, String>> texts, String x, Kind kind) {
        texts.add(Map.entry("+", x + " + 3"));
        texts.add(Map.entry("-", x + " - " + x));
        texts.add(Map.entry("*", x + " * 2"));
        texts.add(Map.entry("/", x + " / 4"));
        // DuckDB refuses to negate unsigned numbers.
        if (!kind.isUnsigned()) texts.add(Map.entry("negate", "-" + x));
        texts.add(Map.entry("abs", "abs(" + x + ")"));
        texts.add(Map.entry("cast to float64", "cast(%s as double)".formatted(x)));
        texts.add(Map.entry("mixed", x + " + c_double"));
    }

    private static void texts(List<Map.Entry<String, String>> texts, String x) {
        texts.add(Map.entry("lower", "lower(" + x + ")"));
        texts.add(Map.entry("upper", "upper(" + x + ")"));
        texts.add(Map.entry("length", "length(" + x + ")"));
        texts.add(Map.entry("contains", "contains(%s, 'a')".formatted(x)));
        texts.add(Map.entry("starts with", "starts_with(%s, 'a')".formatted(x)));
        texts.add(Map.entry("substring", "substring(%s, 2, 3)".formatted(x)));
        texts.add(Map.entry("concat", "concat(%s, '-', c_text)".formatted(x)));
    }

    private static void dates(List<Map.Entry<String, String>> texts, String x, Kind kind) {
        for (String part : List.of("year", "quarter", "month", "day"))
            texts.add(Map.entry(part, "%s(%s)".formatted(part, x)));
        String month = "date_trunc('month', %s)".formatted(x);
        // DuckDB makes a timestamp of a date, Quiver leaves it a date.
        texts.add(
                Map.entry(
                        "truncate month",
                        kind == Kind.DATE ? "cast(%s as date)".formatted(month) : month));
        if (kind == Kind.DATE) return;
        for (String part : List.of("hour", "minute", "second"))
            texts.add(Map.entry(part, "%s(%s)".formatted(part, x)));
        texts.add(Map.entry("truncate hour", "date_trunc('hour', %s)".formatted(x)));
    }

    /// The one literal that the languages write differently: an instant.
    private static String quiver(String text) {
        return text.replace("timestamptz '", "timestamp[us, UTC] '");
    }

    private static String literal(Kind kind) {
        return switch (kind) {
            case BOOL -> "true";
            case INT -> "3";
            case LONG -> "20000000038";
            case DOUBLE -> "2.25";
            case DECIMAL -> "1.50";
            case WIDE -> "112345678901234567.500";
            case DATE -> "date '1970-01-15'";
            case TIME -> "timestamp '1970-06-15 12:00:00'";
            case INSTANT -> "timestamptz '1970-06-15 12:00:00Z'";
            case TEXT, CATEGORY -> "'ab'";
            case TINY, SMALL, UTINY, USMALL, UINT -> "7";
            case ULONG -> "7";
            case FLOAT -> "2.25";
            case CLOCK -> "time '12:30:00'";
            case BYTES -> "'ab'::blob";
        };
    }

    private void filters(Kind kind) {
        String condition =
                kind == Kind.BYTES
                        ? kind.column() + " is not null"
                        : "%s >= %s".formatted(kind.column(), literal(kind));
        add(
                "filter",
                kind,
                "select * from t where %s order by id".formatted(condition),
                true,
                (t, _) -> t.filter(expr(quiver(condition))));
    }

    private void aggregates(Kind kind) {
        String x = kind.column();
        var cells =
                new ArrayList<String>(List.of("count", "min", "max", "nUnique", "first", "last"));
        var sql =
                new ArrayList<String>(
                        List.of(
                                "count(%s)".formatted(x),
                                "min(%s)".formatted(x),
                                "max(%s)".formatted(x),
                                "count(distinct %s)".formatted(x),
                                "arg_min(%s, id)".formatted(x),
                                "arg_max(%s, id)".formatted(x)));
        var columns =
                new ArrayList<Expr>(
                        List.of(count(x), min(x), max(x), nUnique(x), first(x), last(x)));
        if (kind.isNumber()) {
            cells.addAll(List.of("sum", "mean", "var", "std"));
            sql.addAll(
                    List.of(
                            "sum(%s)".formatted(x),
                            "avg(%s)".formatted(x),
                            "var_samp(%s)".formatted(x),
                            "stddev_samp(%s)".formatted(x)));
            columns.addAll(List.of(sum(x), mean(x), var(x), std(x)));
        }
        Expr[] more = columns.subList(1, columns.size()).toArray(Expr[]::new);
        String list = String.join(", ", sql);
        aggregate(
                "agg ",
                kind,
                cells,
                "select %s from t".formatted(list),
                (t, _) -> t.agg(columns.getFirst(), more));
        aggregate(
                "group int, agg ",
                kind,
                cells,
                "select c_int, %s from t group by c_int".formatted(list),
                (t, _) -> t.groupBy("c_int").agg(columns.getFirst(), more));
        aggregate(
                "group text and bool, agg ",
                kind,
                cells,
                "select c_category, c_bool, %s from t group by c_category, c_bool".formatted(list),
                (t, _) -> t.groupBy("c_category", "c_bool").agg(columns.getFirst(), more));
    }

    private void aggregate(String prefix, Kind kind, List<String> names, String sql, Query query) {
        List<Cell> cells = names.stream().map(n -> new Cell(prefix + n, kind)).toList();
        probes.add(new Probe(cells, sql, query, false));
    }

    private void orders(Kind kind) {
        String x = kind.column();
        add(
                "sort",
                kind,
                "select * from t order by %s nulls last, id".formatted(x),
                true,
                (t, _) -> t.sort(x));
        add(
                "sort descending",
                kind,
                "select * from t order by %s desc nulls last, c_int nulls last, id".formatted(x),
                true,
                (t, _) -> t.sort(desc(x), asc("c_int")));
        add(
                "top rows",
                kind,
                "select id, %s from t order by %s nulls last, id limit 7".formatted(x, x),
                true,
                (t, _) -> t.sort(x).limit(7).select("id", x));
    }

    private void joins(Kind kind) {
        String x = kind.column();
        // A key that both sides call alike comes out once, as the left side has it.
        String text = kind == Kind.TEXT ? "t.c_text" : "u.c_text";
        String both = "select t.id, t.c_int, u.id, " + text + " from t %s join u on t.%s = u.%s";
        Map<How, String> sql =
                Map.of(
                        How.INNER, both.formatted("inner", x, x),
                        How.LEFT, both.formatted("left", x, x),
                        How.SEMI,
                                "select t.id, t.c_int from t semi join u on t.%s = u.%s"
                                        .formatted(x, x),
                        How.ANTI,
                                "select t.id, t.c_int from t anti join u on t.%s = u.%s"
                                        .formatted(x, x));
        sql.forEach((how, query) ->
                add(
                        "join " + how,
                        kind,
                        query,
                        false,
                        (t, u) -> {
                            DataFrame joined = t.join(u, how, On.keys(x));
                            if (how == How.SEMI || how == How.ANTI)
                                return joined.select("id", "c_int");
                            String other = kind == Kind.TEXT ? x : "c_text_right";
                            return joined.select("id", "c_int", "id_right", other);
                        }));
        add(
                "join on two keys",
                kind,
                "select t.id, u.id from t join u on t.%s = u.%s and t.id = u.id".formatted(x, x),
                false,
                (t, u) ->
                        t.join(u.withColumn("uid", expr("id")), How.INNER, On.keys(x, "id"))
                                .select("id", "uid"));
    }

    private void rest(Kind kind) {
        String x = kind.column();
        add(
                "group by",
                kind,
                "select %s, count(*), sum(id) from t group by %s".formatted(x, x),
                false,
                (t, _) -> t.groupBy(x).agg(count(), sum("id")));
        add(
                "distinct",
                kind,
                "select distinct %s from t".formatted(x),
                false,
                (t, _) -> t.select(x).distinct());
        add(
                "union",
                kind,
                "select id, %s from t union all by name select %s, id from u".formatted(x, x),
                false,
                (t, u) -> t.select("id", x).union(u.select(x, "id")));
        add(
                "drop null",
                kind,
                "select id, %s from t where %s is not null order by id".formatted(x, x),
                true,
                (t, _) -> t.select("id", x).dropNull());
    }
}
