package dev.quiver.columnar.kernel.expression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import dev.quiver.columnar.Chunk;
import dev.quiver.columnar.Column;
import dev.quiver.columnar.ColumnBuilder;
import dev.quiver.columnar.ColumnValues;
import dev.quiver.columnar.Dictionary;
import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.columnar.memory.MemoryPool;
import dev.quiver.columnar.memory.Owner;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.MemoryRefused;
import dev.quiver.error.QuiverException;
import dev.quiver.error.TypeMismatch;
import dev.quiver.expression.Binder;
import dev.quiver.expression.Expression;
import dev.quiver.expression.Expression.Call;
import dev.quiver.expression.Expression.Cast;
import dev.quiver.expression.Expression.Literal;
import dev.quiver.expression.ExpressionParser;
import dev.quiver.expression.ExpressionPrinter;
import dev.quiver.expression.Function;
import dev.quiver.expression.Interpreter;
import dev.quiver.expression.Moments;
import dev.quiver.schema.DataType;
import dev.quiver.schema.Field;
import dev.quiver.schema.Schema;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class ExpressionEvaluatorTest {
    private static final Schema SCHEMA = RandomColumns.SCHEMA;
    private static final int[] ROW_COUNTS = {0, 1, 63, 64, 70, 130};
    private static final int CHUNKS = 60;
    private static final List<Function> OF_TWO =
            List.of(
                    Function.ADD,
                    Function.SUBTRACT,
                    Function.MULTIPLY,
                    Function.DIVIDE,
                    Function.MODULO,
                    Function.EQUAL,
                    Function.NOT_EQUAL,
                    Function.LESS,
                    Function.LESS_EQUAL,
                    Function.GREATER,
                    Function.GREATER_EQUAL,
                    Function.AND,
                    Function.OR,
                    Function.COALESCE,
                    Function.CONTAINS,
                    Function.STARTS_WITH,
                    Function.ENDS_WITH,
                    Function.CONCAT);

    private static long seed() {
        String given = System.getProperty("seed", "");
        long seed = given.isEmpty() ? new Random().nextLong() : Long.parseLong(given);
        System.out.println("seed " + seed);
        return seed;
    }

    /// Runs with columns of every type, and fails when counted memory is left over.
    private interface Body {
        void run(RandomColumns columns, MemoryAccount account) throws Exception;
    }

    private static void withColumns(Random random, Body body) throws Exception {
        try (var pool = new MemoryPool(1L << 28);
                var account = pool.account(new Owner("test", "Expression", -1))) {
            try (var words = new Dictionary(account);
                    var categories = new Dictionary(account)) {
                body.run(new RandomColumns(random, account, words, categories), account);
            }
            assertThat(pool.usedBytes()).isZero();
        }
    }

    private static Expression bind(Expression expression) {
        return Binder.bind(expression, SCHEMA, "Test").expression();
    }

    /// Every row as the interpreter has it; or failing for a reason that the interpreter has too.
    private static void check(
            Expression bound, Chunk chunk, ExpressionEvaluator evaluator, MemoryAccount account) {
        var interpreter = Interpreter.of(bound, SCHEMA);
        var expected = new ArrayList<@Nullable Object>();
        Set<String> failures = new HashSet<>();
        for (int row = 0; row < chunk.rows(); row++) {
            int current = row;
            try {
                expected.add(
                        interpreter.evaluate(
                                name -> ColumnValues.get(chunk.column(name), current)));
            } catch (QuiverException e) {
                failures.add(e.what());
                expected.add(null);
            }
        }
        try (Column column = evaluator.evaluate(chunk, account)) {
            if (!failures.isEmpty()) fail("should fail with one of %s", failures);
            assertThat(column.type()).isEqualTo(evaluator.type());
            for (int row = 0; row < chunk.rows(); row++) {
                Object value = ColumnValues.get(column, row);
                if (!same(expected.get(row), value))
                    fail("row %d: %s, expected %s", row, value, expected.get(row));
            }
        } catch (QuiverException e) {
            if (!failures.contains(e.what())) throw e;
        }
    }

    private static boolean same(@Nullable Object a, @Nullable Object b) {
        return a instanceof byte[] x && b instanceof byte[] y
                ? Arrays.equals(x, y)
                : Objects.equals(a, b);
    }

    private static void checkAll(
            List<Expression> expressions,
            RandomColumns columns,
            MemoryAccount account,
            Random random) {
        var chunks = new ArrayList<Chunk>();
        try {
            for (int i = 0; i < CHUNKS; i++)
                chunks.add(columns.chunk(ROW_COUNTS[i % ROW_COUNTS.length]));
            for (Expression expression : expressions) {
                Expression bound = bind(expression);
                try (var evaluator = ExpressionEvaluator.of(bound, SCHEMA)) {
                    for (int round = 0; round < 2; round++)
                        check(bound, chunks.get(random.nextInt(CHUNKS)), evaluator, account);
                } catch (AssertionError | RuntimeException e) {
                    throw new AssertionError(ExpressionPrinter.print(bound), e);
                }
            }
        } finally {
            chunks.forEach(Chunk::close);
        }
    }

    private static boolean binds(Expression expression) {
        try {
            bind(expression);
            return true;
        } catch (TypeMismatch _) {
            return false;
        } catch (QuiverException e) {
            if (e.code() == ErrorCode.EXPRESSION_INVALID) return false;
            throw e;
        }
    }

    @Test
    void every_function_of_one_column_agrees_with_the_interpreter() throws Exception {
        var random = new Random(seed());
        withColumns(
                random,
                (columns, account) -> {
                    var expressions = new ArrayList<Expression>();
                    for (Function function : Function.values()) {
                        for (Field field : SCHEMA.fields()) {
                            var call =
                                    new Call(
                                            function, List.of(new Expression.Column(field.name())));
                            if (binds(call)) expressions.add(call);
                        }
                    }
                    for (Field from : SCHEMA.fields()) {
                        for (Field to : SCHEMA.fields()) {
                            var cast = new Cast(new Expression.Column(from.name()), to.type());
                            if (binds(cast)) expressions.add(cast);
                        }
                    }
                    assertThat(expressions).hasSizeGreaterThan(400);
                    checkAll(expressions, columns, account, random);
                });
    }

    @Test
    void every_function_of_two_operands_agrees_with_the_interpreter() throws Exception {
        var random = new Random(seed());
        withColumns(
                random,
                (columns, account) -> {
                    var expressions = new ArrayList<Expression>();
                    for (Function function : OF_TWO) {
                        for (Field a : SCHEMA.fields()) {
                            for (Field b : SCHEMA.fields()) {
                                Expression x = new Expression.Column(a.name());
                                Expression y = new Expression.Column(b.name());
                                int shape = random.nextInt(4);
                                if (shape == 0) x = literal(columns, a.type(), random);
                                if (shape == 1) y = literal(columns, b.type(), random);
                                var call = new Call(function, List.of(x, y));
                                if (binds(call)) expressions.add(call);
                            }
                        }
                    }
                    assertThat(expressions).hasSizeGreaterThan(1500);
                    checkAll(expressions, columns, account, random);
                });
    }

    private static Literal literal(RandomColumns columns, DataType type, Random random) {
        if (random.nextInt(20) == 0) return new Literal(null, type);
        return new Literal(columns.value(type, random.nextInt(4) == 0), type);
    }

    private static final List<String> OF_TEXT =
            List.of(
                    "substring(X, 2)",
                    "substring(X, 2, 3)",
                    "substring(X, -3, 2)",
                    "substring(X, 0, 3)",
                    "substring(X, -9, 7)",
                    "substring(X, 3, -2)",
                    "substring(X, int64, int32)",
                    "replace(X, 'a', '日')",
                    "replace(X, '', 'b')",
                    "replace(X, text, coded)",
                    "matches(X, '^a.*[c-h]')",
                    "X like '%a%'",
                    "X like 'a%'",
                    "X like '%c'",
                    "X like 'a_c%'",
                    "X in ('a', 'abc', 'é')",
                    "X not in ('a', null)",
                    "concat(X, '-', text, int32)",
                    "concat(X, null, category)",
                    "upper(lower(trim(X)))",
                    "lower(X) = 'abc'",
                    "coalesce(X, text, 'none')",
                    "coalesce(X, 'none')",
                    "case when bool then X else 'z' end",
                    "case when bool then X when int32 > 3 then coded end",
                    "case when bool then 'a' when int32 > 3 then 'b' else X end",
                    "length(X) > 2 and contains(X, 'b')");

    @Test
    void functions_of_text_agree_with_the_interpreter() throws Exception {
        var random = new Random(seed());
        withColumns(
                random,
                (columns, account) -> {
                    var expressions = new ArrayList<Expression>();
                    for (String text : OF_TEXT) {
                        for (String column : List.of("text", "coded", "category"))
                            expressions.add(
                                    ExpressionParser.parse(text.replaceAll("\\bX\\b", column)));
                    }
                    checkAll(expressions, columns, account, random);
                });
    }

    @Test
    void truncation_and_rounding_agree_with_the_interpreter() throws Exception {
        var random = new Random(seed());
        withColumns(
                random,
                (columns, account) -> {
                    var expressions = new ArrayList<Expression>();
                    for (Moments.Unit unit : Moments.Unit.values()) {
                        for (String column :
                                List.of("date", "wall", "millis", "instant", "berlin")) {
                            var call =
                                    ExpressionParser.parse(
                                            "truncate('%s', \"%s\")".formatted(unit, column));
                            if (binds(call)) expressions.add(call);
                        }
                    }
                    for (int digits : new int[] {0, 1, 2, -1, -3, 20}) {
                        for (Field field : SCHEMA.fields()) {
                            var call =
                                    ExpressionParser.parse(
                                            "round(\"%s\", %d)".formatted(field.name(), digits));
                            if (binds(call)) expressions.add(call);
                        }
                    }
                    checkAll(expressions, columns, account, random);
                });
    }

    @Test
    void choices_of_every_type_agree_with_the_interpreter() throws Exception {
        var random = new Random(seed());
        withColumns(
                random,
                (columns, account) -> {
                    var expressions = new ArrayList<Expression>();
                    for (Field field : SCHEMA.fields()) {
                        String x = "\"" + field.name() + "\"";
                        String choice =
                                "case when bool then %s when int32 > 3 then null else %s end";
                        expressions.add(ExpressionParser.parse(choice.formatted(x, x)));
                        expressions.add(ExpressionParser.parse("coalesce(%s, %s)".formatted(x, x)));
                        Literal constant = literal(columns, field.type(), random);
                        Expression column = new Expression.Column(field.name());
                        expressions.add(new Call(Function.COALESCE, List.of(column, constant)));
                        var values = new ArrayList<Literal>();
                        for (int i = 0; i < random.nextInt(1, 12); i++)
                            values.add(literal(columns, field.type(), random));
                        expressions.add(new Expression.In(column, values));
                    }
                    checkAll(expressions, columns, account, random);
                });
    }

    @Test
    void deep_expressions_agree_with_the_interpreter() throws Exception {
        long seed = seed();
        var random = new Random(seed);
        withColumns(
                random,
                (columns, account) -> {
                    var expressions = new ArrayList<Expression>();
                    while (expressions.size() < 1500) {
                        var generator = new RandomExpressions(random, columns);
                        DataType type = SCHEMA.field(random.nextInt(SCHEMA.size())).type();
                        Expression expression = generator.of(type, 1 + random.nextInt(5));
                        if (binds(expression)) expressions.add(expression);
                    }
                    checkAll(expressions, columns, account, random);
                });
    }

    private static Chunk numbers(MemoryAccount account, @Nullable Object... values) {
        Schema schema = Schema.of(Field.of("n", DataType.INT64));
        var column = ColumnBuilder.column(DataType.INT64, account, Arrays.asList(values));
        return new Chunk(schema, List.of(column), values.length);
    }

    @Test
    void an_overflow_names_expression_row_and_values() throws Exception {
        withColumns(
                new Random(1),
                (_, account) -> {
                    try (Chunk chunk = numbers(account, 1L, null, Long.MAX_VALUE);
                            var evaluator = evaluator("n * 2 + 1", chunk.schema())) {
                        assertThatThrownBy(() -> evaluator.evaluate(chunk, account))
                                .isInstanceOf(QuiverException.class)
                                .hasMessageContaining(
                                        "9223372036854775807 * 2 is outside int64   (OVERFLOW)")
                                .hasMessageContaining("in: n * 2")
                                .hasMessageContaining(
                                        "row: 2 of the chunk, n = 9223372036854775807");
                    }
                });
    }

    private static ExpressionEvaluator evaluator(String text, Schema schema) {
        Expression expression = ExpressionParser.parse(text);
        return ExpressionEvaluator.of(Binder.bind(expression, schema, "Test").expression(), schema);
    }

    @Test
    void what_is_not_evaluated_cannot_fail() throws Exception {
        withColumns(
                new Random(1),
                (_, account) -> {
                    try (Chunk chunk = numbers(account, 0L, 5L, null);
                            var guarded = evaluator("n <> 0 and 10 % n = 0", chunk.schema());
                            var branch =
                                    evaluator(
                                            "case when n = 0 then -1 else 10 % n end",
                                            chunk.schema());
                            Column first = guarded.evaluate(chunk, account);
                            Column second = branch.evaluate(chunk, account)) {
                        assertThat(ColumnValues.list(first))
                                .isEqualTo(Arrays.asList(false, true, null));
                        assertThat(ColumnValues.list(second))
                                .isEqualTo(Arrays.asList(-1L, 0L, null));
                    }
                });
    }

    @Test
    void text_outlives_the_evaluator_that_made_its_dictionary() throws Exception {
        withColumns(
                new Random(1),
                (_, account) -> {
                    try (Chunk chunk = numbers(account, 1L, 2L, null)) {
                        Schema schema = Schema.of(Field.of("s", DataType.UTF8));
                        Column texts;
                        try (var maker =
                                evaluator(
                                        "case when n = 1 then 'one' else 'other' end",
                                        chunk.schema())) {
                            texts = maker.evaluate(chunk, account);
                        }
                        try (Chunk made = new Chunk(schema, List.of(texts), 3);
                                var equal = evaluator("s = 'other'", schema);
                                var unequal = evaluator("s <> 'nowhere'", schema)) {
                            assertThat(equal.select(made, account).count()).isEqualTo(2);
                            assertThat(unequal.select(made, account).count()).isEqualTo(3);
                            assertThat(equal.select(made, account).has(0)).isFalse();
                        }
                    }
                });
    }

    @Test
    void a_condition_selects_rows_where_it_is_true() throws Exception {
        withColumns(
                new Random(1),
                (_, account) -> {
                    try (Chunk chunk = numbers(account, 1L, null, 3L, 4L);
                            var condition = evaluator("n > 1", chunk.schema())) {
                        Selection selection = condition.select(chunk, account);

                        assertThat(selection.count()).isEqualTo(2);
                        assertThat(selection.has(1)).isFalse();
                        assertThat(selection.has(3)).isTrue();
                    }
                });
    }

    private static final List<String> HUNGRY =
            List.of(
                    "int64 + int32 > 5 and float64 < 3 or bool",
                    "not (int8 * int8 > int16)",
                    "lower(text)",
                    "upper(coded)",
                    "concat(text, '-', coded)",
                    "case when bool then decimal9 * 2 when int32 > 3 then decimal9 else null end",
                    "case when bool then coded when int32 > 3 then 'a' else category end",
                    "case when bool then text else coded end",
                    "coalesce(bool, int32 > 3)",
                    "cast(text as categorical)",
                    "int64 in (1, 2, null)",
                    "substring(text, 2, 3) = 'ab'",
                    "is_nan(float64)",
                    "truncate('month', wall)",
                    "round(float64, 1)");

    @Test
    void a_refusal_of_memory_leaves_nothing_behind() throws Exception {
        var random = new Random(seed());
        try (var pool = new MemoryPool(1L << 28);
                var account = pool.account(new Owner("test", "Expression", -1));
                var words = new Dictionary(account);
                var categories = new Dictionary(account);
                Chunk chunk = new RandomColumns(random, account, words, categories).chunk(130)) {
            long before = pool.usedBytes();
            for (String text : HUNGRY) {
                Expression bound = bind(ExpressionParser.parse(text));
                for (long budget = 0; budget < 20; budget++)
                    evaluateWithin(budget * 1024, bound, chunk, account);
                assertThat(pool.usedBytes()).as(text).isEqualTo(before);
            }
        }
    }

    private static void evaluateWithin(
            long bytes, Expression bound, Chunk chunk, MemoryAccount account) {
        long reserved = account.pool().limitBytes() - account.pool().usedBytes() - bytes;
        account.reserve(reserved);
        try (var evaluator = ExpressionEvaluator.of(bound, SCHEMA);
                Column column = evaluator.evaluate(chunk, account)) {
            assertThat(column.rows()).isEqualTo(chunk.rows());
        } catch (MemoryRefused refused) {
            assertThat(refused).hasMessageContaining("Expression of test");
        } catch (QuiverException e) {
            assertThat(e.code()).isEqualTo(ErrorCode.OVERFLOW);
        } finally {
            account.release(reserved);
        }
    }
}
