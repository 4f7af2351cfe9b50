package dev.quiver.expression;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quiver.error.QuiverException;
import dev.quiver.expression.Expression.Literal;
import dev.quiver.schema.DataType;
import dev.quiver.schema.DataTypeParser;
import dev.quiver.schema.Field;
import dev.quiver.schema.Schema;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every row of docs/semantics.md, through the interpreter and through DuckDB.
final class SemanticsTest {
    private static Connection connection;

    @BeforeAll
    static void connect() throws SQLException {
        connection = DriverManager.getConnection("jdbc:duckdb:");
        try (var statement = connection.createStatement()) {
            statement.execute("set timezone = 'UTC'");
        }
    }

    @AfterAll
    static void disconnect() throws SQLException {
        connection.close();
    }

    /// One row of the document.
    ///
    /// @param duckDb what DuckDB answers: `=`, `–`, `error`, or its value
    record Row(int line, String expression, String inputs, String result, String duckDb) {
        @Override
        public String toString() {
            return "line %d: %s with %s".formatted(line, expression, inputs);
        }
    }

    static List<Row> rows() throws IOException {
        String root = System.getProperty("quiver.root", "..");
        List<String> lines = Files.readAllLines(Path.of(root, "docs", "semantics.md"));
        var rows = new ArrayList<Row>();
        for (int i = 0; i < lines.size(); i++) {
            String[] cells = lines.get(i).split("(?<!\\\\)\\|", -1);
            if (cells.length != 6 || !cells[1].contains("`")) continue;
            rows.add(
                    new Row(i + 1, code(cells[1]), code(cells[2]), code(cells[3]), code(cells[4])));
        }
        assertThat(rows).hasSizeGreaterThan(200);
        return rows;
    }

    private static String code(String cell) {
        String text = cell.strip();
        if (!text.startsWith("`")) return text;
        return text.substring(1, text.length() - 1);
    }

    /// A column of inputs: one value, or for aggregates several.
    private record Input(DataType type, List<@Nullable Object> values) {}

    private static Map<String, Input> inputs(Row row) {
        var inputs = new LinkedHashMap<String, Input>();
        if (row.inputs().isEmpty()) return inputs;
        for (String input : row.inputs().split("; ")) {
            String[] parts = input.split(" = ", 2);
            int list = parts[1].indexOf(" [");
            if (list < 0 || !parts[1].endsWith("]") || parts[1].contains("'"))
                list = listStart(parts[1]);
            inputs.put(parts[0], list >= 0 ? several(parts[1], list) : one(parts[1]));
        }
        return inputs;
    }

    private static int listStart(String text) {
        return text.endsWith("]") ? text.indexOf(" [") : -1;
    }

    private static Input one(String text) {
        var literal = (Literal) ExpressionParser.parse(text);
        var values = new ArrayList<@Nullable Object>();
        values.add(literal.value());
        return new Input(literal.type(), values);
    }

    private static Input several(String text, int list) {
        DataType type = DataTypeParser.parse(text.substring(0, list));
        var values = new ArrayList<@Nullable Object>();
        String inner = text.substring(list + 2, text.length() - 1);
        for (String item : inner.isEmpty() ? new String[0] : inner.split(", ")) {
            String bare = item.startsWith("'") ? item.substring(1, item.length() - 1) : item;
            values.add(bare.equals("null") ? null : TextForm.parse(bare, type));
        }
        return new Input(type, values);
    }

    private static Schema schema(Map<String, Input> inputs) {
        return new Schema(
                inputs.entrySet().stream()
                        .map(entry -> Field.of(entry.getKey(), entry.getValue().type()))
                        .toList());
    }

    private static String evaluate(Row row) {
        Map<String, Input> inputs = inputs(row);
        Schema schema = schema(inputs);
        try {
            Bound bound = Binder.bind(ExpressionParser.parse(row.expression()), schema, "Test");
            if (bound.expression() instanceof Expression.Aggregate aggregate)
                return shown(
                        AggregateInterpreter.evaluate(aggregate, schema, rows(inputs)),
                        bound.type());
            Interpreter.Row only = name -> value(inputs, name, 0);
            Object value = Interpreter.of(bound.expression(), schema).evaluate(only);
            Expression simple = Simplification.of(bound.expression(), schema);
            assertThat(Interpreter.of(simple, schema).evaluate(only)).isEqualTo(value);
            return shown(value, bound.type());
        } catch (QuiverException e) {
            return "error " + e.code();
        }
    }

    private static @Nullable Object value(Map<String, Input> inputs, String name, int row) {
        Input input = inputs.get(name);
        return input == null ? null : input.values().get(row);
    }

    private static List<Interpreter.Row> rows(Map<String, Input> inputs) {
        int count = inputs.values().iterator().next().values().size();
        var rows = new ArrayList<Interpreter.Row>();
        for (int i = 0; i < count; i++) {
            int row = i;
            rows.add(name -> value(inputs, name, row));
        }
        return rows;
    }

    private static String shown(@Nullable Object value, DataType type) {
        return (value == null ? "null" : TextForm.print(value, type)) + " : " + type;
    }

    @ParameterizedTest
    @MethodSource("rows")
    void a_row_of_the_document_holds(Row row) {
        assertThat(evaluate(row)).isEqualTo(row.result());
    }

    @ParameterizedTest
    @MethodSource("rows")
    void duck_db_answers_as_the_document_says(Row row) {
        if (row.duckDb().equals("–")) return;
        String answer = duckDb(row);

        if (!row.duckDb().equals("=")) {
            assertThat(answer).isEqualTo(row.duckDb());
            return;
        }
        String[] result = row.result().split(" : ", 2);
        DataType type = DataTypeParser.parse(result[1]);
        boolean number = DataType.isNumeric(type) && result[0].matches("-?[0-9].*");
        if (number) assertThat(new BigDecimal(answer)).isEqualByComparingTo(result[0]);
        else assertThat(answer.replace("-nan", "nan")).isEqualTo(result[0]);
    }

    private static String duckDb(Row row) {
        String expression = DuckDbSql.of(ExpressionParser.parse(row.expression()));
        String sql =
                "select cast(answer as varchar) from (select %s as answer%s)"
                        .formatted(expression, from(inputs(row)));
        try (var statement = connection.createStatement();
                var answers = statement.executeQuery(sql)) {
            answers.next();
            return String.valueOf(answers.getString(1));
        } catch (SQLException _) {
            return "error";
        }
    }

    private static String from(Map<String, Input> inputs) {
        if (inputs.isEmpty()) return "";
        int count = inputs.values().iterator().next().values().size();
        var selects = new ArrayList<String>();
        for (int i = 0; i < Math.max(1, count); i++) {
            int row = i;
            selects.add(
                    inputs.entrySet().stream()
                            .map(entry ->
                                    "cast(%s as %s) as \"%s\""
                                            .formatted(
                                                    constant(entry.getValue(), row),
                                                    DuckDbSql.type(entry.getValue().type()),
                                                    entry.getKey()))
                            .collect(Collectors.joining(", ", "select ", "")));
        }
        String where = count == 0 ? " where false" : "";
        return " from (" + String.join(" union all ", selects) + where + ")";
    }

    private static String constant(Input input, int row) {
        Object value = row < input.values().size() ? input.values().get(row) : null;
        return value == null
                ? "null"
                : "'" + TextForm.print(value, input.type()).replace("'", "''") + "'";
    }
}
