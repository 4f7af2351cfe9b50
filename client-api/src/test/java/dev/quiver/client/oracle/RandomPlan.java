package dev.quiver.client.oracle;

import static dev.quiver.dataframe.Functions.asc;
import static dev.quiver.dataframe.Functions.count;
import static dev.quiver.dataframe.Functions.desc;
import static dev.quiver.dataframe.Functions.expr;
import static dev.quiver.dataframe.Functions.max;
import static dev.quiver.dataframe.Functions.min;
import static dev.quiver.dataframe.Functions.sum;

import dev.quiver.dataframe.DataFrame;
import dev.quiver.dataframe.Expr;
import dev.quiver.dataframe.How;
import dev.quiver.dataframe.On;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.StringJoiner;

/// A query of several operators, built in both languages at once. Every step keeps the column `id`
/// out of what could make order or duplicates ambiguous, so that both engines owe the same rows.
final class RandomPlan {
    private final Random random;
    private final DataFrame other;
    private final StringJoiner steps = new StringJoiner(" → ");
    private DataFrame frame;
    private String sql;
    private Map<String, Kind> columns = new LinkedHashMap<>();
    private int names;

    /// @param frame table `t` of DuckDB
    /// @param other table `u`
    RandomPlan(Random random, DataFrame frame, DataFrame other) {
        this.random = random;
        this.frame = frame;
        this.other = other;
        this.sql = "select * from t";
        columns.put("id", Kind.LONG);
        for (Kind kind : Kind.values()) columns.put(kind.column(), kind);
        int count = 1 + random.nextInt(6);
        for (int i = 0; i < count; i++) step();
    }

    DataFrame frame() {
        return frame;
    }

    String sql() {
        return sql;
    }

    @Override
    public String toString() {
        return steps.toString();
    }

    private void step() {
        switch (random.nextInt(9)) {
            case 0, 1 -> filter();
            case 2 -> compute();
            case 3 -> project();
            case 4 -> group();
            case 5 -> join();
            case 6 -> distinct();
            case 7 -> top();
            default -> union();
        }
    }

    private void filter() {
        String condition = condition();
        if (random.nextInt(3) == 0) condition = "(%s) or (%s)".formatted(condition, condition());
        frame = frame.filter(expr(condition));
        sql = "select * from (%s) where %s".formatted(sql, condition);
        steps.add("filter " + condition);
    }

    private String condition() {
        String column = any();
        return switch (columns.get(column)) {
            case BOOL -> column;
            case INT -> "%s > %d".formatted(column, random.nextInt(9) - 4);
            case LONG -> "%s <> %d".formatted(column, random.nextInt(40));
            case DOUBLE -> "%s between -3.5 and %d".formatted(column, random.nextInt(8));
            case DECIMAL, WIDE -> "%s < 2.5".formatted(column);
            case DATE -> "year(%s) >= 1969".formatted(column);
            case TIME, INSTANT -> "month(%s) in (1, 2, 3, 7, 8)".formatted(column);
            case TEXT, CATEGORY ->
                    random.nextBoolean()
                            ? "%s is not null and length(%s) < 4".formatted(column, column)
                            : "%s in ('a', 'ab', 'zu')".formatted(column);
            case TINY, SMALL, UTINY, USMALL, UINT ->
                    "%s <= %d".formatted(column, random.nextInt(15));
            case ULONG, FLOAT, CLOCK, BYTES -> column + " is not null";
        };
    }

    private void compute() {
        String column = any();
        String name = "x" + names++;
        Kind made;
        String text;
        switch (columns.get(column)) {
            case INT, LONG -> {
                made = Kind.LONG;
                text = "cast(%s as bigint) - 7".formatted(column);
            }
            case DOUBLE -> {
                made = Kind.DOUBLE;
                text = "case when %s > 0 then %s / 4 else 0.25 end".formatted(column, column);
            }
            case TEXT, CATEGORY -> {
                made = Kind.TEXT;
                text = "upper(coalesce(%s, 'none'))".formatted(column);
            }
            default -> {
                made = Kind.BOOL;
                text = column + " is null";
            }
        }
        frame = frame.withColumn(name, expr(text));
        sql = "select *, %s as %s from (%s)".formatted(text, name, sql);
        columns.put(name, made);
        steps.add("%s = %s".formatted(name, text));
    }

    private void project() {
        var kept = new LinkedHashMap<String, Kind>();
        columns.forEach((name, kind) -> {
            if (kept.isEmpty() || random.nextInt(3) > 0) kept.put(name, kind);
        });
        columns = kept;
        frame = select(frame, kept);
        sql = "select %s from (%s)".formatted(String.join(", ", kept.keySet()), sql);
        steps.add("select " + kept.keySet());
    }

    private static DataFrame select(DataFrame frame, Map<String, Kind> kept) {
        List<String> list = List.copyOf(kept.keySet());
        return frame.select(list.getFirst(), list.subList(1, list.size()).toArray(String[]::new));
    }

    private void group() {
        String key = any();
        String value = any();
        var made = new LinkedHashMap<String, Kind>();
        made.put(key, columns.get(key));
        var columnsMade = new ArrayList<Expr>();
        var text = new ArrayList<String>();
        String counted = "n" + names++;
        columnsMade.add(count().as(counted));
        text.add("count(*) as " + counted);
        made.put(counted, Kind.LONG);
        extreme(value, made, columnsMade, text);
        Kind kind = columns.get(value);
        if (kind == Kind.INT || kind == Kind.LONG) {
            String name = "s" + names++;
            columnsMade.add(sum(value).as(name));
            text.add("cast(sum(%s) as bigint) as %s".formatted(value, name));
            made.put(name, Kind.LONG);
        }
        frame =
                frame.groupBy(key)
                        .agg(
                                columnsMade.getFirst(),
                                columnsMade.subList(1, columnsMade.size()).toArray(Expr[]::new));
        sql =
                "select %s, %s from (%s) group by %s"
                        .formatted(key, String.join(", ", text), sql, key);
        columns = made;
        steps.add("group by %s: %s".formatted(key, text));
    }

    private void extreme(
            String value, Map<String, Kind> made, List<Expr> columnsMade, List<String> text) {
        String name = "m" + names++;
        boolean least = random.nextBoolean();
        columnsMade.add((least ? min(value) : max(value)).as(name));
        text.add("%s(%s) as %s".formatted(least ? "min" : "max", value, name));
        made.put(name, columns.get(value));
    }

    private void join() {
        String key = any();
        Kind kind = columns.get(key);
        String right = "r" + names++;
        How how = How.values()[random.nextInt(How.values().length)];
        if (how != How.INNER && how != How.LEFT && how != How.SEMI && how != How.ANTI) return;
        String joined = "k" + right;
        // Few rows on the right, so that several joins in a row don't explode.
        DataFrame small =
                other.filter(expr("id < 12"))
                        .select(expr(kind.column()).as(joined), expr("id").as(right));
        String smallSql =
                "select %s as %s, id as %s from u where id < 12"
                        .formatted(kind.column(), joined, right);
        frame = frame.join(small, how, On.pair(key, joined));
        String word = how.name().toLowerCase(java.util.Locale.ROOT);
        boolean both = how == How.INNER || how == How.LEFT;
        String list = both ? "l.*, r." + right : "l.*";
        sql =
                "select %s from (%s) l %s join (%s) r on l.%s = r.%s"
                        .formatted(list, sql, word, smallSql, key, joined);
        if (both) {
            columns.put(right, Kind.LONG);
            frame = select(frame, columns);
        }
        steps.add("%s join on %s".formatted(word, key));
    }

    private void distinct() {
        frame = frame.distinct();
        sql = "select distinct * from (%s)".formatted(sql);
        steps.add("distinct");
    }

    /// The first rows of an order by all columns: rows that tie are equal.
    private void top() {
        int rows = 1 + random.nextInt(30);
        var keys = new ArrayList<dev.quiver.dataframe.SortKey>();
        var text = new ArrayList<String>();
        for (String column : columns.keySet()) {
            boolean down = random.nextBoolean();
            keys.add(down ? desc(column) : asc(column));
            text.add("%s %s nulls last".formatted(column, down ? "desc" : "asc"));
        }
        frame =
                frame.sort(
                                keys.getFirst(),
                                keys.subList(1, keys.size())
                                        .toArray(dev.quiver.dataframe.SortKey[]::new))
                        .limit(rows);
        sql =
                "select * from (%s) order by %s limit %d"
                        .formatted(sql, String.join(", ", text), rows);
        steps.add("top %d by %s".formatted(rows, text));
    }

    private void union() {
        String column = any();
        Map<String, Kind> one = new LinkedHashMap<>();
        one.put(column, columns.get(column));
        DataFrame left = select(frame, one);
        Kind kind = columns.get(column);
        DataFrame right = other.select(expr(kind.column()).as(column));
        frame = left.union(right);
        sql =
                "select %s from (%s) union all select %s from u"
                        .formatted(column, sql, kind.column());
        columns = new LinkedHashMap<>(one);
        steps.add("union of " + column);
    }

    private String any() {
        List<String> list = List.copyOf(columns.keySet());
        return list.get(random.nextInt(list.size()));
    }
}
